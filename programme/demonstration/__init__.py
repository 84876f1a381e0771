"""La démonstration : quatre grappes inventées sur l'annuaire réel, bâties par les services et par la porte."""
