"""Où en est chaque ESMS d'un ensemble : en poste, formés, droits, connexions. Des nombres, à requêtes constantes."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count

from formation.couverture import Compte
from formation.enums import EtatMatrice
from formation.models import ConnexionVerifiee, Matrice, PlanFormation, Poste
from formation.models.plan import SEUIL_COUVERTURE
from formation.services.couverture import comptes_par, exigences
from programme.models import Parcours, Unite


@dataclass(frozen=True, slots=True)
class Formes:
    """`prevus` : personnes en poste ; `en_poste` : celles à qui le plan demande quelque chose ; `formes` : à jour."""

    prevus: int = 0
    en_poste: int = 0
    formes: int = 0

    @property
    def taux(self) -> float | None:
        """Part formée, de 0 à 1 ; nulle si le plan ne demande rien à personne."""
        return self.formes / self.en_poste if self.en_poste else None


def formes_par_esms(parcours: Collection[int], au: date) -> dict[int, Formes]:
    """Par ESMS (clé de son parcours), ses personnes en poste et formées ce jour-là. Deux requêtes."""
    vises = Parcours.objects.filter(pk__in=list(parcours))
    prevus = Poste.objects.prevus(au).filter(parcours__in=vises.values("pk")).order_by().values("parcours")
    tous = dict(prevus.annotate(n=Count("professionnel", distinct=True)).values_list("parcours", "n"))
    comptes = dict(comptes_par(exigences(vises, au), "parcours_id"))
    vide = Compte(0, 0)
    return {cle: Formes(n, (c := comptes.get(cle, vide)).en_poste, c.formes) for cle, n in tous.items()}


def seuils_par_grappe(grappes: Collection[int]) -> dict[int, int]:
    """Couverture demandée pour ouvrir, en pour cent, des grappes qui l'ont réglée. Une requête."""
    return dict(PlanFormation.objects.filter(grappe__in=list(grappes)).values_list("grappe", "seuil_couverture"))


def seuil_de(parcours: Parcours, seuils: Mapping[int, int]) -> int:
    """Couverture demandée dans la grappe de cet ESMS."""
    return seuils.get(parcours.grappe_id, SEUIL_COUVERTURE)


def matrices_par_esms(parcours: Collection[int]) -> dict[int, Matrice]:
    """Par ESMS, la matrice qui dit où il en est : celle qui se travaille, sinon celle qui fait foi. Une requête."""
    lues = Matrice.objects.filter(parcours__in=list(parcours)).exclude(etat=EtatMatrice.REMPLACEE)
    rendu: dict[int, Matrice] = {}
    for matrice in lues.order_by("numero"):
        rendu[matrice.parcours_id or 0] = matrice
    return rendu


def validees(parcours: Collection[int]) -> set[int]:
    """Les ESMS dont une matrice fait foi. Une requête."""
    lues: Any = Matrice.objects.en_vigueur().filter(parcours__in=list(parcours))
    return set(lues.order_by().values_list("parcours", flat=True))


def connexions_par_esms(parcours: Collection[int]) -> dict[int, tuple[int, int]]:
    """Par ESMS, (unités dont la connexion est vérifiée, unités). Deux requêtes."""
    cles = list(parcours)
    unites = dict(
        Unite.objects.filter(parcours__in=cles)
        .order_by()
        .values("parcours")
        .annotate(n=Count("pk"))
        .values_list("parcours", "n")
    )
    faites = ConnexionVerifiee.objects.filter(unite__parcours__in=cles).order_by()
    verifiees = dict(faites.values("unite__parcours").annotate(n=Count("pk")).values_list("unite__parcours", "n"))
    return {cle: (verifiees.get(cle, 0), n) for cle, n in unites.items()}
