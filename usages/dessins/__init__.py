<<<<<<< HEAD
"""Les dessins des usages : des coordonnées, que le gabarit pose en SVG. Modules purs."""
=======
"""Les dessins des usages : des faits y deviennent des coordonnées. Modules purs."""
>>>>>>> lot7-e
