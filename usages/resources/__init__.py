"""Ce que les usages lisent d'un fichier venu du dehors, un module par agrégat."""
