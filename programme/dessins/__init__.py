"""Dessins : des dates et des nombres aux coordonnées. Modules purs : ni base, ni horloge (décision 0023)."""
