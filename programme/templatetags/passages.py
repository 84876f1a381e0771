"""`{% passages objet %}` : les boutons de n'importe quel objet à états."""

from typing import Any

from django import template

from programme.socle.gestes import gestes_de
from programme.socle.machine import ModeleAEtats

register = template.Library()


@register.inclusion_tag("composants/passages.html", takes_context=True)
def passages(
    context: dict[str, Any], objet: ModeleAEtats, lecture: Any = None, *, discret: Any = False
) -> dict[str, Any]:
    """Bouton plein pour l'étape suivante, secondaires pour le reste ; sans droit, à qui revient la décision.

    Rien n'est plein si le passage se ferait sous réserve, ni si la page le demande (`discret`).
    """
    gestes = gestes_de(objet, context["user"], lecture)
    permis = [g for g in gestes if g.droit]
    avancer = [g for g in permis if not g.de_cote]
    refus = dict.fromkeys(g.droit.motif for g in gestes if not g.droit and not g.de_cote)
    return {
        "modele": objet._meta.model_name,
        "objet": objet,
        "discret": bool(discret),
        "principal": avancer[0] if avancer else None,
        "secondaires": avancer[1:],
        "de_cote": [g for g in permis if g.de_cote],
        "a_qui": list(refus),
    }
