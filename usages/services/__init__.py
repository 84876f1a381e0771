"""Ce qui écrit plusieurs lignes, ou lit à travers plusieurs agrégats. Par où commencer :

- un chiffre : `feuilles` lit et écrit les cases de plusieurs relevés d'un coup, et ne juge de rien ; `retenir` juge ce
  que l'ESMS dit d'une case ; `extraits` y pose ce qui se calcule ou s'importe ; `valeurs` écrit l'un ou l'autre sous
  verrou, `pousser` pour un programme, `calculs` pour ce que Treille sait calculer.
- un relevé : `ouverture_releves` l'ouvre, `releves_reunis` le donne avec ceux dus le même jour, `page_releve` le
  montre, `releves_grappe` en liste, `gestes_releves` par lot, `classeur_releves` en classeur ; `precisions` questionne
  un chiffre.
- ce qu'on relève : `catalogue`, `suivis`, `cibles`, et leurs pages `page_suivis`.
- un total : `agregats` le lit et dit ce qui s'y tait ; `connus`, ce que le lecteur en sait déjà ; `semblables`, celui
  des ESMS qui ressemblent ; `tableaux/`, les pages qui les montrent ; `preuves` le fige.
- la routine : `fragilite`, `surveillance`.
- ce qui vient d'un fichier : `connexions/`, `import_tickets` et `correspondances_tickets`, `import_tdb`.
- l'éditeur : `editeurs`, `demandes_editeurs`, `versions`, `irritants`, et leurs lectures `lecture_*`.
"""
