"""Ce que la première page ferait charger à chaque processus, chargé une fois avant eux : routes et gabarits."""

from typing import Any

from django.conf import settings
from django.template import TemplateDoesNotExist, TemplateSyntaxError
from django.template.loader import get_template
from django.urls import get_resolver


def prechauffer() -> None:
    """Lit les routes et compile les gabarits du produit ; un gabarit qui ne se lit pas seul attend sa page."""
    resolveur = get_resolver()
    resolveur._populate()
    dossiers: Any = settings.TEMPLATES[0]["DIRS"]
    for dossier in dossiers:
        for chemin in sorted(dossier.rglob("*.html")):
            try:
                get_template(str(chemin.relative_to(dossier)))
            except (TemplateDoesNotExist, TemplateSyntaxError):
                continue
