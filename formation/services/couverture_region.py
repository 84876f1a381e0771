"""La couverture d'une région, lue des comptes gardés : des sommes d'ESMS, jamais un ESMS seul.

On somme des ESMS (metier §8) : une personne en poste dans deux d'entre eux y compte deux fois. Un groupe de moins de
cinq ESMS, ou de moins de cinq personnes, ne se montre pas.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Max, QuerySet, Sum

from formation.couverture import Compte
from formation.enums import NatureFormation
from formation.masquage import SEUIL, est_petit, masquer
from formation.models import CumulCouverture
from programme.models import Grappe, Metier, Parcours, Region, Utilisateur

RECUL = timedelta(days=366)
"""La courbe montre un an."""


@dataclass(frozen=True, slots=True)
class Somme:
    """Une ligne : son nom, combien d'ESMS, leur compte (None : masqué)."""

    nom: str
    nb_esms: int
    compte: Compte | None


@dataclass(frozen=True, slots=True)
class LectureRegion:
    """La région : `mois` lu (None : rien de compté), son total, ses coupes, et mois par mois."""

    mois: date | None
    arrete_le: date | None
    total: Somme
    natures: list[Somme]
    metiers: list[Somme]
    grappes: list[Somme]
    courbe: list[tuple[date, Compte]]


def parcours_de(region: Region, lecteur: Utilisateur) -> QuerySet[Parcours]:
    """Les ESMS du projet que ce lecteur voit dans la région."""
    vus: Any = Parcours.objects.visibles_par(lecteur)
    return vus.dans_le_projet().filter(esms__departement__region=region)


def _sommer(gardes: QuerySet[CumulCouverture], *cles: str) -> list[tuple[Any, ...]]:
    return list(
        gardes.order_by()
        .values_list(*cles)
        .annotate(esms=Count("parcours"), la=Sum("en_poste"), oui=Sum("formes"))
        .values_list(*cles, "esms", "la", "oui")
    )


def _montrer(lues: list[tuple[Any, ...]], noms: dict[Any, str]) -> list[Somme]:
    """Nommées, masquées, les plus nombreuses d'abord ; le total qui se lit à côté ne trahit aucun masqué."""
    visibles = masquer({cle: nb for cle, nb, *_ in lues}, SEUIL)
    personnes = masquer({cle: la for cle, _, la, _ in lues}, SEUIL)
    rendu = [
        Somme(noms[cle], nb, None if visibles[cle] is None or personnes[cle] is None else Compte(la, oui))
        for cle, nb, la, oui in lues
    ]
    return sorted(rendu, key=lambda s: (s.compte is None, -(s.compte.en_poste if s.compte else 0), s.nom))


def _points(courbe: list[tuple[Any, ...]]) -> list[tuple[date, Compte]]:
    """Mois par mois, sans ceux où trop peu d'ESMS ou de personnes se comptaient."""
    lus = [(mois, Compte(la, oui)) for mois, nb, la, oui in courbe if not est_petit(nb) and not est_petit(la)]
    return sorted(lus, key=lambda point: point[0])


def lire_region(region: Region, lecteur: Utilisateur, au: date) -> LectureRegion:
    """Le dernier mois compté et l'année qui y mène ; huit requêtes, quel que soit le nombre d'ESMS."""
    cles = parcours_de(region, lecteur).order_by().values("pk")
    gardes: Any = CumulCouverture.objects.filter(parcours__in=cles)
    bornes = gardes.filter(mois__lte=au).aggregate(mois=Max("mois"))
    if (mois := bornes["mois"]) is None:
        return LectureRegion(None, None, Somme(region.nom, 0, None), [], [], [], [])
    du_mois = gardes.du_mois(mois)
    mesure = du_mois.totaux().aggregate(
        esms=Count("pk"), la=Sum("en_poste"), oui=Sum("formes"), arrete=Max("arrete_le")
    )
    nb, la = mesure["esms"], mesure["la"] or 0
    total = None if est_petit(nb) or est_petit(la) else Compte(la, mesure["oui"] or 0)
    if total is None:
        return LectureRegion(mois, mesure["arrete"], Somme(region.nom, nb, None), [], [], [], [])
    natures = _sommer(du_mois.filter(metier__isnull=True).exclude(nature=""), "nature")
    metiers = _sommer(du_mois.filter(metier__isnull=False), "metier")
    grappes = _sommer(du_mois.totaux(), "parcours__grappe")
    courbe = _sommer(gardes.totaux().filter(mois__gt=mois - RECUL, mois__lte=mois), "mois")
    return LectureRegion(
        mois,
        mesure["arrete"],
        Somme(region.nom, nb, total),
        _montrer(natures, dict(NatureFormation.choices)),
        _montrer(metiers, dict(Metier.objects.values_list("pk", "nom"))),
        _montrer(grappes, dict(Grappe.objects.filter(pk__in=[g[0] for g in grappes]).values_list("pk", "nom"))),
        _points(courbe),
    )
