"""Dessins des usages : des nombres aux formes, sans base."""
