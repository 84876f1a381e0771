"""Documents à emporter, un module par agrégat ; le rendu est celui du tronc."""
