"""`{% lit_les_noms parcours as oui %}` : ce que la barre d'un ESMS montre à qui le gère."""

from typing import Any

from django import template

from formation.permissions import peut_gerer_professionnels
from programme.models import Parcours

register = template.Library()


@register.simple_tag(takes_context=True)
def lit_les_noms(context: Any, parcours: Parcours) -> bool:
    """Vrai si le lecteur gère l'ESMS ; la requête se lit même dans un fragment inclus par `only`."""
    return bool(peut_gerer_professionnels(context.request.user, parcours))
