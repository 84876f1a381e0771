"""Les dessins de la formation : des faits y deviennent des coordonnées. Modules purs."""
