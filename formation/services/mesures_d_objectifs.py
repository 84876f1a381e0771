"""Les faits qui mesurent un objectif de départ, pour un ESMS : tant sur tant, ou rien quand on ne peut pas le dire.

Jamais à partir de moins de cinq personnes ou de cinq avis : le bilan se lit hors de l'ESMS, et se fige.
"""

from collections.abc import Callable
from datetime import date

from django.db.models import Count, Q

from formation.calculs import avis as lire_avis
from formation.calculs.changement import Mesure
from formation.enums import MesureObjectif, MomentAvis
from formation.models import AvisFormation, MesureChangement
from formation.services.couverture import total
from programme.calculs.masquage import SEUIL
from programme.enums import EtatAction, EtatOuverture
from programme.models import Ouverture, Parcours

M = MesureObjectif
OUVERTES = (EtatOuverture.OUVERTE, EtatOuverture.STABILISEE)
Mesurer = Callable[[Parcours, date], Mesure | None]


def couverture(parcours: Parcours, au: date) -> Mesure | None:
    """Formés à tout ce qui s'adresse à eux, sur les utilisateurs prévus en poste, comme la page « Formation »."""
    compte = total(Parcours.objects.filter(pk=parcours.pk), au)
    return _si_assez(Mesure(compte.formes, compte.en_poste))


def _si_assez(mesure: Mesure) -> Mesure | None:
    return mesure if mesure.total >= SEUIL else None


def ouvertures(parcours: Parcours, au: date) -> Mesure:
    """Les ouvertures d'unité faites, sur celles du périmètre. Une requête."""
    return _compter(Ouverture.objects.au_perimetre().filter(unite__parcours=parcours), Q(etat__in=OUVERTES))


def supports(parcours: Parcours, au: date) -> Mesure:
    """Les anciens supports retirés, sur ceux qu'on a nommés. Une requête."""
    nommes = Ouverture.objects.au_perimetre().filter(unite__parcours=parcours).exclude(ancien_support="")
    return _compter(nommes, Q(retire_le__lte=au))


def actions(parcours: Parcours, au: date) -> Mesure:
    """Les actions faites, sur celles que l'ESMS a décidées et pas abandonnées. Une requête."""
    siennes = MesureChangement.objects.filter(action__parcours=parcours).exclude(action__etat=EtatAction.ABANDONNEE)
    return _compter(siennes, Q(action__etat=EtatAction.FAITE))


def _compter(ensemble, faits: Q) -> Mesure:
    lus = ensemble.order_by().aggregate(total=Count("pk"), faits=Count("pk", filter=faits))
    return Mesure(lus["faits"], lus["total"])


def satisfaction(parcours: Parcours, au: date) -> Mesure | None:
    """Les avis favorables donnés en sortant, sur ceux des sessions de l'ESMS qui en ont au moins cinq. Une requête.

    Une session de moins de cinq avis n'y entre pas : par différence avec les autres pages, on lirait les siens.
    """
    avis = AvisFormation.objects.filter(session__parcours=parcours, moment=MomentAvis.A_CHAUD).order_by()
    favorables = Count("pk", filter=Q(satisfaction__gte=lire_avis.FAVORABLE))
    par_session = avis.values("session").annotate(total=Count("pk"), faits=favorables)
    lues = [ligne for ligne in par_session if lire_avis.se_montre(ligne["total"])]
    return _si_assez(Mesure(sum(ligne["faits"] for ligne in lues), sum(ligne["total"] for ligne in lues)))


MESURES: dict[str, Mesurer] = {
    M.COUVERTURE: couverture,
    M.OUVERTURES: ouvertures,
    M.ACTIONS: actions,
    M.SATISFACTION: satisfaction,
    M.SUPPORTS: supports,
}
"""Le fait qui mesure chaque objectif ; « à dire » n'en a pas."""

UNITES: dict[str, str] = {
    M.COUVERTURE: "formés sur les personnes en poste",
    M.OUVERTURES: "ouvertures d'unité faites sur celles prévues",
    M.ACTIONS: "actions faites sur celles décidées",
    M.SATISFACTION: "avis favorables sur les avis reçus",
    M.SUPPORTS: "anciens supports retirés sur ceux nommés",
}
SANS_MESURE: dict[str, str] = {
    M.COUVERTURE: "moins de cinq personnes en poste : l'équipe le dit",
    M.SATISFACTION: "moins de cinq avis par session : l'équipe le dit",
}
RIEN = "rien à compter pour l'instant"


def mesurer(parcours: Parcours, mesures: set[str], au: date) -> dict[str, Mesure | None]:
    """Ces mesures-là, pour cet ESMS, à cette date ; une mesure demandée deux fois ne se calcule qu'une."""
    return {code: MESURES[code](parcours, au) for code in sorted(mesures) if code in MESURES}
