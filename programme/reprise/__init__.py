"""Comprendre le classeur d'une cheffe de projet : ses colonnes, ses mots, ses dates, puis ses lignes.

Paquet pur, sans base ni horloge : `mots` et `synonymes` (colonnes, mots d'état), `dates` (toutes leurs écritures),
`lignes` (grille et correspondance en lignes sûres ou fautives). La grille vient de `programme.socle.grilles`.
"""
