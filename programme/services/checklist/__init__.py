"""Checklist : lire ce qui vaut pour des ESMS (`lecture`), répondre (`reponses`), tenir le modèle (`modele`)."""
