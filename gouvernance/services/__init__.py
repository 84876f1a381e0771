"""Ce qu'on écrit et ce qu'on lit de la gouvernance, un module par agrégat."""
