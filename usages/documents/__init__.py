"""Documents à emporter, un module par document."""
