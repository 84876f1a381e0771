"""Ce que les pages des usages reçoivent, un module par agrégat."""

"""Formulaires des usages, un module par agrégat."""
