"""Ce que les gabarits d'usages écrivent."""
