"""Ce que l'enveloppe de chaque page affiche : périmètre, navigation, démonstration."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def enveloppe(request: HttpRequest) -> dict[str, Any]:
    """Contexte commun à toutes les pages."""
    return {"demonstration": settings.DEMONSTRATION}
