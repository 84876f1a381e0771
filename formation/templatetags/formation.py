"""`{% lit_les_noms parcours as oui %}` : ce que la barre d'un ESMS montre à qui le gère ; durées et heures en mots."""

from typing import Any

from django import template

from formation.permissions import peut_gerer_professionnels
from programme.models import Parcours
from programme.socle.temps_de_saisie import en_mots

register = template.Library()


@register.simple_tag(takes_context=True)
def lit_les_noms(context: Any, parcours: Parcours) -> bool:
    """Vrai si le lecteur gère l'ESMS ; la requête se lit même dans un fragment inclus par `only`."""
    return bool(peut_gerer_professionnels(context.request.user, parcours))


@register.filter
def duree(minutes: int) -> str:
    """« 3 h », « 1 h 30 », « 45 min »."""
    return en_mots(minutes * 60)


@register.filter
def heures(nombre: float | None) -> str:
    """« 4 h 30 », « 0 h » ; une quantité d'heures, négative quand le temps déborde."""
    if not nombre:
        return "—" if nombre is None else "0\u00a0h"
    return ("−" if nombre < 0 else "") + en_mots(round(abs(nombre) * 60) * 60)
