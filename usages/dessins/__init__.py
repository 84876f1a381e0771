"""Les dessins des usages : des nombres aux coordonnées, que le gabarit pose en SVG. Modules purs."""
