"""Lecture de FINESS : numéros, extraits nationaux, secteurs. Modules purs : ni base, ni Django, ni horloge."""
