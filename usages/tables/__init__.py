"""Tables des usages, un module par agrégat."""
