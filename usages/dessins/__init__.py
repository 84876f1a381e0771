"""Dessins des usages : modules purs."""
