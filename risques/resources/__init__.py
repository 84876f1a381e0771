"""Un module par agrégat."""
