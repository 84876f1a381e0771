"""Les dessins des questionnaires et des risques : des nombres y deviennent des coordonnées. Modules purs."""
