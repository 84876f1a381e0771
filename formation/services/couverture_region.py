"""La couverture d'une région, lue des comptes gardés : des sommes d'ESMS, jamais un ESMS seul.

On somme des ESMS (metier §8) : une personne en poste dans deux d'entre eux y compte deux fois. Un groupe de moins de
cinq ESMS, ou de moins de cinq personnes, ne se montre pas.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, QuerySet, Sum

from formation.calculs.couverture import Compte
from formation.enums import NatureFormation
from formation.models import CumulCouverture
from programme.calculs.masquage import SEUIL, est_petit, masquer
from programme.models import Grappe, Parcours, Region, Utilisateur

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
    grappes: list[Somme]
    courbe: list[tuple[date, Compte]]


def parcours_de(region: Region, lecteur: Utilisateur) -> QuerySet[Parcours]:
    """Les ESMS du projet que ce lecteur voit dans la région."""
    vus: Any = Parcours.objects.visibles_par(lecteur)
    return vus.dans_le_projet().filter(esms__departement__region=region)


def _sommer(gardes: QuerySet[CumulCouverture], *cles: str) -> list[tuple[Any, ...]]:
    """Par clés : elles, combien d'ESMS, en poste, formés."""
    comptes = {"esms": Count("pk"), "la": Sum("en_poste"), "oui": Sum("formes")}
    return list(gardes.order_by().values_list(*cles).annotate(**comptes))


def _montrer(lues: list[tuple[Any, ...]], noms: dict[Any, str]) -> list[Somme]:
    """Nommées, masquées, les plus nombreuses d'abord ; le total qui se lit à côté ne trahit aucun masqué."""
    visibles = masquer({cle: nb for cle, nb, *_ in lues}, SEUIL)
    personnes = masquer({cle: la for cle, _, la, _ in lues}, SEUIL)
    rendu = [
        Somme(noms[cle], nb, None if visibles[cle] is None or personnes[cle] is None else Compte(la, oui))
        for cle, nb, la, oui in lues
    ]
    return sorted(rendu, key=lambda s: (s.compte is None, -(s.compte.en_poste if s.compte else 0), s.nom))


def _reunir(lues: list[tuple[Any, ...]], cle: int) -> list[tuple[Any, ...]]:
    """Ces lignes, par la valeur de cette colonne : combien d'ESMS, en poste, formés."""
    rendu: dict[Any, tuple[int, int, int]] = {}
    for ligne in lues:
        deja = rendu.get(ligne[cle], (0, 0, 0))
        rendu[ligne[cle]] = (deja[0] + ligne[-3], deja[1] + ligne[-2], deja[2] + ligne[-1])
    return [(valeur, *comptes) for valeur, comptes in rendu.items()]


def _points(par_mois: list[tuple[Any, ...]]) -> list[tuple[date, Compte]]:
    """Mois par mois, sans ceux où trop peu d'ESMS ou de personnes se comptaient."""
    lus = [(mois, Compte(la, oui)) for mois, nb, la, oui in par_mois if not est_petit(nb) and not est_petit(la)]
    return sorted(lus, key=lambda point: point[0])


def lire_region(region: Region, lecteur: Utilisateur) -> LectureRegion:
    """Le dernier mois compté et l'année qui y mène ; quatre requêtes, quel que soit le nombre d'ESMS."""
    mois = CumulCouverture.objects.dernier_mois()
    gardes: Any = CumulCouverture.objects.filter(parcours__in=parcours_de(region, lecteur).order_by().values("pk"))
    recents = gardes.totaux().filter(mois__gt=mois - RECUL, mois__lte=mois) if mois else gardes.none()
    lues = _sommer(recents, "mois", "arrete_le", "parcours__grappe")
    du_mois = [ligne for ligne in lues if ligne[0] == mois]
    if mois is None or not du_mois:
        return LectureRegion(None, None, Somme(region.nom, 0, None), [], [], [])
    nb, la, oui = (sum(ligne[rang] for ligne in du_mois) for rang in (-3, -2, -1))
    arrete_le = max(ligne[1] for ligne in du_mois)
    if est_petit(nb) or est_petit(la):
        return LectureRegion(mois, arrete_le, Somme(region.nom, nb, None), [], [], [])
    grappes = _reunir(du_mois, 2)
    natures = _sommer(gardes.du_mois(mois).filter(metier__isnull=True).exclude(nature=""), "nature")
    return LectureRegion(
        mois,
        arrete_le,
        Somme(region.nom, nb, Compte(la, oui)),
        _montrer(natures, dict(NatureFormation.choices)),
        _montrer(grappes, dict(Grappe.objects.filter(pk__in=[g[0] for g in grappes]).values_list("pk", "nom"))),
        _points(_reunir(lues, 0)),
    )
