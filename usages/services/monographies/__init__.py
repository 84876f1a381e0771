"""Les monographies. Par où commencer :

- écrire : `commencer` (toutes les sections), `sections` (une section, à plusieurs), `relecture`, `annexes`
  (faits, documents, sigles), `atelier` (où elle en est) ;
- rassembler : `faits` (ce que l'outil sait, ce que l'équipe écrit), `sources` et `figures` (ce que disent les visites,
  la grappe, les relevés, les codes), `contenu` (toute la monographie en données) ;
- rendre : `resolution` met les verbatims et les photos qui peuvent sortir, retire le reste ; `editions` fige.
"""
