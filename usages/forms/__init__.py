"""Formulaires des usages, un module par agrégat."""
