"""Garde des mots de passe."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError

MOT_DE_PASSE_DEMONSTRATION = "treille-demo"
COMPTES_DEMONSTRATION = {
    "cheffe": "conduit une grappe à plusieurs organismes",
    "directrice": "dirige quatre ESMS",
    "referent": "prépare et saisit pour un ESMS",
    "siege": "répond pour tout un organisme gestionnaire",
    "ars": "lit l'avancement d'une région",
    "grades": "accompagne les grappes d'une région",
    "appui": "aide les équipes d'une grappe",
    "membre": "siège dans une instance de grappe",
    "admin": "tient les comptes et les référentiels",
    "voisin": "dirige un ESMS d'un autre organisme, dans la même grappe",
}
"""Identifiants des comptes de démonstration, et ce que chacun vient faire."""


class PasDeMotDePasseDeDemonstration:
    """Le mot de passe des comptes de démonstration est refusé hors de la démonstration."""

    def validate(self, password: str, user: Any = None) -> None:
        """Lève `ValidationError` pour le mot de passe de démonstration."""
        if password == MOT_DE_PASSE_DEMONSTRATION and not settings.DEMONSTRATION:
            raise ValidationError("Ce mot de passe est celui de la démonstration : choisissez-en un autre.")

    def get_help_text(self) -> str:
        """Consigne affichée."""
        return "Le mot de passe de la démonstration est refusé."
