"""Pages des usages, un module par agrégat."""
