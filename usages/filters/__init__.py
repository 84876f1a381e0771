"""Filtres des usages, un module par agrégat."""
