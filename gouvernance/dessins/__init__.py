"""Les dessins de la gouvernance : des faits y deviennent des coordonnées. Modules purs."""
