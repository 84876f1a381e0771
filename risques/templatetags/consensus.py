"""`{% notes_de_chacun grille code %}` : à côté d'une question du consensus, ce que chacun a répondu."""

from typing import Any

from django import template

from risques.models import Grille
from risques.services.lecture_evaluations import notes_de_chacun as lire

register = template.Library()


@register.inclusion_tag("risques/fragments/notes_de_chacun.html", takes_context=True)
def notes_de_chacun(context: dict[str, Any], grille: Grille, code: str) -> dict[str, Any]:
    """Les notes et leur étendue ; lues une fois pour toute la page."""
    porte: Any = grille
    if not hasattr(porte, "notes_de_chacun"):
        porte.notes_de_chacun = lire(grille, context["user"])
    return {"lues": porte.notes_de_chacun.get(code)}
