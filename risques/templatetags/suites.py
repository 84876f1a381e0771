"""`{% suite_de … as suite %}` : ce qu'une réponse propose, et la suite qu'on lui a donnée."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.middleware.csrf import get_token
from django.urls import reverse

from risques.models import SuiteDonnee
from risques.permissions import peut_tenir_risque
from risques.services.baremes import Bareme, bareme_de
from risques.services.suites import Proposee, de_reponse, suite_parmi, suites_de

register = template.Library()
_LU = "_suites_lues"


@dataclass(frozen=True, slots=True)
class SuiteLue:
    """Ce que le fragment montre : la proposition, la suite donnée (ou rien), la page où revenir, de quoi envoyer."""

    proposee: Proposee
    donnee: SuiteDonnee | None
    retour: str
    jeton: str


def _lire(grille: Any, user: Any) -> tuple[bool, Bareme, dict[int, list[SuiteDonnee]]]:
    """Droit, barème et suites d'une grille, lus une fois pour ses cent questions."""
    if not hasattr(grille, _LU):
        grappe = grille.evaluation.campagne.grappe
        tient = bool(peut_tenir_risque(user, grille.evaluation.objet))
        setattr(grille, _LU, (tient, bareme_de(grappe), suites_de(grille) if tient else {}))
    lu: tuple[bool, Bareme, dict[int, list[SuiteDonnee]]] = getattr(grille, _LU)
    return lu


@register.simple_tag(takes_context=True)
def suite_de(context: Any, *, question: Any = None, grille: Any = None, reponse: Any = None) -> SuiteLue | None:
    """None si rien n'inquiète, ou si ce lecteur ne tient pas les risques de l'ESMS ou de la grappe."""
    request = getattr(context, "request", None) or context.get("request")
    if not (grille and question):
        return None
    tient, bareme, donnees = _lire(grille, request.user)
    proposee = de_reponse(question, grille, reponse, bareme) if tient else None
    if proposee is None:
        return None
    retour = f"{_page(request, grille, question)}#suite-{question.code}"
    # Le fragment s'inclut aussi avec « only » : le jeton ne peut pas venir du contexte.
    return SuiteLue(proposee, suite_parmi(proposee, donnees.get(question.pk, [])), retour, get_token(request))


def _page(request: Any, grille: Any, question: Any) -> str:
    """La page où l'on lit cette réponse ; après un enregistrement automatique, ce n'est pas celle de la requête."""
    if request.method == "GET":
        return str(request.get_full_path())
    return f"{reverse('risques:grille-detail', args=[grille.pk])}?section={question.section.code}"
