"""Garde des mots de passe."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError

MOT_DE_PASSE_DEMONSTRATION = "treille-demo"


class PasDeMotDePasseDeDemonstration:
    """Le mot de passe des comptes de démonstration est refusé hors de la démonstration."""

    def validate(self, password: str, user: Any = None) -> None:
        """Lève `ValidationError` pour le mot de passe de démonstration."""
        if password == MOT_DE_PASSE_DEMONSTRATION and not settings.DEMONSTRATION:
            raise ValidationError("Ce mot de passe est celui de la démonstration : choisissez-en un autre.")

    def get_help_text(self) -> str:
        """Consigne affichée."""
        return "Le mot de passe de la démonstration est refusé."
