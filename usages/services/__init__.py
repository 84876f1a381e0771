"""Ce qui écrit plusieurs lignes, ou lit à travers plusieurs agrégats. Par où commencer :

- `chiffres/` : `feuilles` lit et écrit les cases de plusieurs relevés d'un coup, et ne juge de rien ; `retenir` juge ce
  que l'ESMS dit d'une case ; `extraits` y pose ce qui se calcule ou s'importe ; `valeurs` écrit l'un ou l'autre sous
  verrou, `pousser` pour un programme, `calculs` pour ce que Treille sait calculer ; `precisions` questionne un chiffre.
- `releves/` : `ouverture` ouvre un relevé, `reunis` le donne avec ceux dus le même jour, `page` le montre, `grappe` en
  liste, `gestes` par lot, `classeur` en classeur.
- `indicateurs/`, ce qu'on relève : `catalogue`, `suivis`, `cibles`, et leurs `pages`.
- `agregats/`, les totaux : `lecture` les lit et dit ce qui s'y tait ; `connus`, ce que le lecteur en sait déjà ;
  `semblables`, ceux des ESMS qui ressemblent. `tableaux/`, les pages qui les montrent ; `preuves` les fige.
- `editeurs/` : `lecture` dit ce qu'une grappe sait d'un éditeur ; `demandes` et `versions` s'écrivent,
  `lecture_demandes` et `lecture_versions` les lisent.
- `tickets/` : `importation` les prend d'un fichier, `correspondances` en dit les mots ; `lecture` les montre ensemble,
  `gestes` par lot ; `irritants` nomme ce qui gêne et les y rapproche.
- la routine : `fragilite`, `surveillance`.
- ce qui vient d'un fichier : `connexions/`, `tickets/`, `import_tdb`.
"""
