"""Les routines fragilisées, lues pour un ensemble d'ESMS : cinq requêtes, pour un comme pour vingt-cinq mille."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet

from formation.models import Poste
from programme.enums import EtatOuverture, EtatParcours
from programme.models import Ouverture, Parcours
from usages.calculs.fragilite import AVANT, BIENTOT, RECENT, ROTATION_VUE, Faits, Raison, Serie, raisons
from usages.enums import Famille, Forme, Sens
from usages.models import MonteeDeVersion, Valeur
from usages.models.communs import TRANSMIS

FAITES = (EtatOuverture.OUVERTE, EtatOuverture.STABILISEE)
RECUL = timedelta(days=460)
"""Quatre relevés d'un trimestre, et de quoi attendre le dernier ; une année n'a pas de chute qui presse."""


def lire(parcours: QuerySet[Parcours], au: date) -> dict[int, list[Raison]]:
    """Par ESMS en routine, ce qui la fragilise ; ceux que rien ne fragilise n'y sont pas. Cinq requêtes."""
    depuis = dict(parcours.filter(etat=EtatParcours.ROUTINE).order_by().values_list("pk", "depuis_le"))
    if not depuis:
        return {}
    ici: Any = Parcours.objects.filter(pk__in=parcours.order_by().values("pk"), etat=EtatParcours.ROUTINE)
    cles = ici.order_by().values("pk")
    modules, montees, equipes, series = _modules(cles, au), _montees(cles, au), _equipes(cles, au), _series(cles, au)
    rendu = {}
    for cle, entree in depuis.items():
        en_poste, arrives = equipes.get(cle, (0, 0))
        faits = Faits(entree, modules[cle], montees[cle], en_poste, arrives, series[cle])
        if dites := raisons(faits, au):
            rendu[cle] = dites
    return rendu


def _par_parcours(lignes: Iterable[tuple[Any, ...]]) -> dict[int, list[Any]]:
    rendu: dict[int, list[Any]] = defaultdict(list)
    for cle, *reste in lignes:
        rendu[cle].append(tuple(reste))
    return rendu


def _modules(cles: Any, au: date) -> dict[int, list[Any]]:
    """Les modules ouverts pour la première fois dans l'ESMS : une seconde unité n'est pas un nouveau module."""
    ouvertes = Ouverture.objects.filter(unite__parcours__in=cles, etat__in=FAITES, ouverte_le__isnull=False)
    premieres = ouvertes.order_by().values_list("unite__parcours", "module__nom").annotate(le=Min("ouverte_le"))
    return _par_parcours(premieres.filter(le__gte=au - RECENT, le__lte=au).order_by("le", "module__nom"))


def _montees(cles: Any, au: date) -> dict[int, list[Any]]:
    proches = (au - RECENT, au + BIENTOT)
    faites = Q(faite_le__range=proches)
    prevues = Q(faite_le__isnull=True, prevue_le__range=proches)
    lues = MonteeDeVersion.objects.filter(faites | prevues, parcours__in=cles).select_related("version__solution")
    lignes = ((m.parcours_id, str(m.version), m.faite_le or m.prevue_le, bool(m.faite_le)) for m in lues)
    return _par_parcours(sorted(lignes, key=lambda ligne: (ligne[2], ligne[1])))


def _equipes(cles: Any, au: date) -> dict[int, tuple[int, int]]:
    """(en poste, arrivés depuis six mois et depuis l'entrée en routine)."""
    depuis = Q(parcours__depuis_le__isnull=True) | Q(debut__gt=F("parcours__depuis_le"))
    arrives = Count("professionnel", distinct=True, filter=Q(debut__gte=au - ROTATION_VUE) & depuis)
    postes = Poste.objects.prevus(au).filter(parcours__in=cles).order_by().values_list("parcours")
    comptes = postes.annotate(en_poste=Count("professionnel", distinct=True), arrives=arrives)
    return {cle: (en_poste, nouveaux) for cle, en_poste, nouveaux in comptes}


def _series(cles: Any, au: date) -> dict[int, list[Serie]]:
    """Les derniers chiffres d'usage transmis, de ceux qui gagnent à monter."""
    lus = Valeur.objects.totaux().filter(
        releve__parcours__in=cles,
        releve__etat__in=TRANSMIS,
        releve__debut__gte=au - RECUL,
        releve__cadence=F("indicateur__cadence"),
        indicateur__famille=Famille.USAGE,
        indicateur__sens=Sens.HAUSSE,
        indicateur__forme__in=(Forme.RAPPORT, Forme.COMPTE),
        numerateur__isnull=False,
    )
    lignes: Any = lus.order_by(
        "releve__parcours", "indicateur__famille", "indicateur__rang", "indicateur", "releve__debut"
    ).values_list(
        "releve__parcours", "indicateur", "indicateur__libelle", "indicateur__forme", "indicateur__seuil_chute",
        "numerateur", "denominateur",
    )  # fmt: skip
    rendu: dict[int, list[Serie]] = defaultdict(list)
    for (cle, _, nom, forme, chute), lot in groupby(lignes, key=lambda ligne: ligne[:5]):
        valeurs = [v for *_, num, sur in lot if (v := _valeur(forme, num, sur)) is not None]
        if valeurs:
            rendu[cle].append(Serie(nom, tuple(valeurs[-AVANT - 1 :]), float(chute)))
    return rendu


def _valeur(forme: str, numerateur: Any, denominateur: Any) -> float | None:
    if forme != Forme.RAPPORT:
        return float(numerateur)
    return float(numerateur / denominateur) if denominateur else None
