"""Les dessins des usages : des faits y deviennent des coordonnées. Modules purs."""
