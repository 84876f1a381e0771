"""Ce que les pages des usages reçoivent, un module par agrégat."""
