"""Ce que la formation sait mesurer : couverture, comptes du DUI, avis sur les sessions, arrivants (metier §8)."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from django.db.models import CharField, Count, Exists, OuterRef, Q, Value
from django.db.models.functions import Coalesce, TruncDate

from formation.calculs import avis as lire_avis
from formation.enums import MomentAvis, NatureFormation
from formation.models import AvisFormation, CompteDui, CumulCouverture, Poste
from formation.models.couverture import exigences_des_postes
from formation.models.sessions import TENUES
from programme.socle.indicateurs import Mesures, inscrire, rapports, repartitions

UN_AN = timedelta(days=365)
"""On regarde les entrées d'un an : au-delà, ce n'est plus une arrivée."""
SANS_PROFIL = "sans_profil"


def _dans(parcours: Any) -> Any:
    return parcours.order_by().values("pk")


def _cles(parcours: Any) -> list[int]:
    return list(parcours.order_by().values_list("pk", flat=True))


# --- couverture ----------------------------------------------------------------------------------------------------


def _couverture(parcours: Any, fin: date, nature: str) -> Mesures:
    """Formés / en poste, tels que comptés pour le mois où tombe `fin`. Trois requêtes.

    Un mois jamais compté n'est pas une réponse ; compté, l'ESMS qui n'y est pas n'a personne que ce module concerne.
    """
    mois = fin.replace(day=1)
    dernier = CumulCouverture.objects.dernier_mois()
    if dernier is None or dernier < mois:
        return {}
    du_mois = CumulCouverture.objects.du_mois(mois).filter(parcours__in=_dans(parcours))
    lus = du_mois.filter(metier__isnull=True, nature=nature).order_by().values_list("parcours", "formes", "en_poste")
    return rapports(lus, _cles(parcours))


@inscrire("couverture_formation", "Formés à tout ce qui s'adresse à eux, sur les utilisateurs prévus en poste")
def couverture_formation(parcours: Any, debut: date, fin: date) -> Mesures:
    """Tous modules du socle réunis."""
    return _couverture(parcours, fin, "")


@inscrire("couverture_dui", "Formés à la prise en main du DUI, sur ceux qu'elle concerne")
def couverture_dui(parcours: Any, debut: date, fin: date) -> Mesures:
    """Les modules de prise en main."""
    return _couverture(parcours, fin, NatureFormation.DUI)


@inscrire("couverture_ecrits", "Formés aux écrits professionnels, sur ceux qu'ils concernent")
def couverture_ecrits(parcours: Any, debut: date, fin: date) -> Mesures:
    """Les modules d'écrits professionnels."""
    return _couverture(parcours, fin, NatureFormation.ECRITS)


@inscrire("couverture_socles", "Formés aux services socles, sur ceux qu'ils concernent")
def couverture_socles(parcours: Any, debut: date, fin: date) -> Mesures:
    """Les modules des services socles (INS, DMP, messagerie sécurisée)."""
    return _couverture(parcours, fin, NatureFormation.SERVICES_SOCLES)


@inscrire("arrivants_formes", "Arrivants d'un an formés à leur socle, sur ceux arrivés")
def arrivants_formes(parcours: Any, debut: date, fin: date) -> Mesures:
    """Entrés dans l'année qui finit, encore en poste, à qui rien ne manque / tous ceux-là. Deux requêtes."""
    arrives = Poste.objects.filter(parcours__in=_dans(parcours)).arrives_depuis(fin - UN_AN, fin)
    lues = exigences_des_postes(arrives, fin).values_list("parcours_id")
    personnes = Count("professionnel_id", distinct=True)
    manquent = Count("professionnel_id", distinct=True, filter=Q(manque=True))
    par_esms = lues.annotate(personnes=personnes, manquent=manquent)
    return rapports(((cle, nombre - manque, nombre) for cle, nombre, manque in par_esms), _cles(parcours))


# --- comptes du DUI ------------------------------------------------------------------------------------------------


def _actifs(parcours: Any, fin: date) -> Any:
    """Les comptes que l'éditeur dit actifs, sauf ceux créés depuis."""
    crees = Q(cree_le__isnull=True) | Q(cree_le__lte=fin)
    return CompteDui.objects.actifs().filter(crees, parcours__in=_dans(parcours)).order_by()


@inscrire("comptes_par_profil", "Comptes actifs du DUI, par nature de profil")
def comptes_par_profil(parcours: Any, debut: date, fin: date) -> Mesures:
    """Une part par nature, la même dans toutes les grappes. Sans compte signalé : pas de réponse. Une requête."""
    nature = Coalesce("profil__nature", Value(SANS_PROFIL), output_field=CharField())
    lus = _actifs(parcours, fin).annotate(part=nature).values_list("parcours", "part")
    return repartitions(lus.annotate(nombre=Count("pk")))


@inscrire("personnes_avec_compte", "Personnes en poste qui ont un compte actif, sur les personnes en poste")
def personnes_avec_compte(parcours: Any, debut: date, fin: date) -> Mesures:
    """Là où l'éditeur a signalé des comptes. Trois requêtes au plus."""
    signales = set(_actifs(parcours, fin).values_list("parcours", flat=True))
    compte = _actifs(parcours, fin).filter(parcours=OuterRef("parcours"), professionnel=OuterRef("professionnel"))
    postes = Poste.objects.prevus(fin).filter(parcours__in=_dans(parcours)).annotate(a_compte=Exists(compte))
    personnes = Count("professionnel", distinct=True)
    munies = Count("professionnel", distinct=True, filter=Q(a_compte=True))
    lus = postes.order_by().values_list("parcours").annotate(munies=munies, personnes=personnes)
    return rapports((ligne for ligne in lus if ligne[0] in signales), signales)


# --- évaluation ----------------------------------------------------------------------------------------------------


@inscrire("evaluation_formations", "Avis favorables donnés en sortant de formation, sur les avis reçus")
def evaluation_formations(parcours: Any, debut: date, fin: date) -> Mesures:
    """Des sessions de l'ESMS tenues dans la période. Deux requêtes.

    Une session de moins de cinq avis n'y entre pas : par différence avec les autres pages, on lirait les siens. Une
    session de toute la grappe n'est à aucun ESMS.
    """
    avis: Any = AvisFormation.objects.annotate(jour=TruncDate("session__debut")).filter(
        session__parcours__in=_dans(parcours),
        session__etat__in=TENUES,
        moment=MomentAvis.A_CHAUD,
        jour__gte=debut,
        jour__lte=fin,
    )
    favorables = Count("pk", filter=Q(satisfaction__gte=lire_avis.FAVORABLE))
    par_session = (
        avis.order_by().values_list("session__parcours", "session").annotate(favorables=favorables, recus=Count("pk"))
    )
    sommes: dict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for cle, _, bons, recus in par_session:
        if lire_avis.se_montre(recus):
            sommes[cle] = sommes[cle][0] + bons, sommes[cle][1] + recus
    return rapports(((cle, *couple) for cle, couple in sommes.items()), _cles(parcours))
