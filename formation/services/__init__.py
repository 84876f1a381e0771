"""Ce qu'on écrit et ce qu'on lit de la formation, un module par agrégat."""
