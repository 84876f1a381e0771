"""Ce qui s'emporte : feuilles d'émargement, attestations, fiche réflexe, « qui voit quoi »."""
