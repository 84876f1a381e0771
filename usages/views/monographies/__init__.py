"""Les pages d'une monographie : la liste, l'atelier, écrire, relire, ce qui l'entoure."""
