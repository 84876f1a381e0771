"""Ce que les gabarits de risques écrivent."""
