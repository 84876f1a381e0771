"""Les dessins des usages : des coordonnées, que le gabarit pose en SVG. Modules purs."""
