"""Les dessins des tableaux de bord : des nombres aux coordonnées. Modules purs ; les gabarits ne font que poser."""
