"""Connexion."""

from typing import Any

from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError

from programme.mots_de_passe import MOT_DE_PASSE_DEMONSTRATION


class ConnexionForm(AuthenticationForm):
    """Identifiant et mot de passe ; celui de la démonstration n'ouvre rien ailleurs."""

    error_messages = {
        "invalid_login": (
            "Identifiant ou mot de passe inexact. Vérifiez les majuscules, ou demandez un nouveau mot de passe."
        ),
        "inactive": "Ce compte est fermé : adressez-vous à l'administrateur.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "Identifiant"

    def confirm_login_allowed(self, user: Any) -> None:
        """Refuse aussi un compte resté de la démonstration, qui garde son mot de passe connu de tous."""
        super().confirm_login_allowed(user)
        if not settings.DEMONSTRATION and self.cleaned_data.get("password") == MOT_DE_PASSE_DEMONSTRATION:
            raise ValidationError(
                "Ce compte a encore le mot de passe de la démonstration : demandez-en un nouveau.", code="demonstration"
            )
