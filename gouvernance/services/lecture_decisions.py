"""Lire les décisions : celles d'un ESMS, celles qui en remplacent une, les moments qu'une décision tranche."""

from dataclasses import dataclass

from django.utils import timezone

from gouvernance.enums import EffetDecision
from gouvernance.models import Decision
from gouvernance.services.choix_decision import mots_de
from programme.models import Moment, Parcours, Utilisateur
from programme.socle.conditions import conditions


@dataclass(frozen=True, slots=True)
class Touchante:
    """Une décision qui touche un ESMS : si elle le nomme, ce qu'elle lève, si la levée court aujourd'hui."""

    decision: Decision
    le_nomme: bool
    condition: str
    leve: bool


def decisions_touchant(parcours: Parcours, lecteur: Utilisateur) -> list[Touchante]:
    """Celles que voit ce lecteur, les levées en cours d'abord, puis les plus récentes. Deux requêtes."""
    au = timezone.localdate()
    vues = Decision.objects.visibles_par(lecteur).touchant(parcours).pour_lecture().order_by("-creee_le", "-pk")
    lues = list(vues)
    nommant = set(parcours.portees.values_list("decision", flat=True))
    touchantes = []
    for d in lues:
        condition = conditions.get(d.condition)
        mots = mots_de(condition) if condition else d.condition
        touchantes.append(Touchante(d, d.pk in nommant, mots, d.leve_au(au)))
    return sorted(touchantes, key=lambda t: not t.leve)


def remplacantes_de(decision: Decision, lecteur: Utilisateur) -> list[Decision]:
    """Celles qui la remplacent, ou s'apprêtent à le faire, et que voit ce lecteur. Une requête."""
    return list(Decision.objects.visibles_par(lecteur).filter(remplace=decision).select_related("comite"))


def moments_a_trancher(decision: Decision, lecteur: Utilisateur) -> list[Moment]:
    """Les désaccords de calendrier portés au COMOP par les ESMS qu'elle nomme, si elle change un calendrier."""
    if decision.effet != EffetDecision.CALENDRIER or not decision.est_en_vigueur:
        return []
    portes = Moment.objects.visibles_par(lecteur).portes_au_comop().pour_lecture()
    return list(portes.filter(parcours__portees__decision=decision))
