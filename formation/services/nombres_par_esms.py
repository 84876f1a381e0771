"""Où en est chaque ESMS d'un ensemble : en poste, formés, droits, connexions. Des nombres, à requêtes constantes."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from formation.calculs.couverture import Compte
from formation.enums import EtatMatrice
from formation.models import Matrice, PlanFormation, Poste
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


@dataclass(frozen=True, slots=True)
class DroitsLus:
    """La matrice qui dit où en est l'ESMS (celle qui se travaille, sinon celle qui fait foi), et si une fait foi."""

    matrice: Matrice
    fait_foi: bool


def droits_par_esms(parcours: Collection[int]) -> dict[int, DroitsLus]:
    """Par ESMS, où en sont ses droits d'accès. Une requête."""
    lues = Matrice.objects.filter(parcours__in=list(parcours)).exclude(etat=EtatMatrice.REMPLACEE)
    rendu: dict[int, DroitsLus] = {}
    for matrice in lues.order_by("numero"):
        cle = matrice.parcours_id or 0
        deja = cle in rendu and rendu[cle].fait_foi
        rendu[cle] = DroitsLus(matrice, deja or matrice.etat == EtatMatrice.VALIDEE)
    return rendu


def connexions_par_esms(parcours: Collection[int]) -> dict[int, tuple[int, int]]:
    """Par ESMS, (unités dont la connexion est vérifiée, unités). Une requête."""
    unites = Unite.objects.filter(parcours__in=list(parcours)).order_by().values("parcours")
    comptees = unites.annotate(faites=Count("connexion_verifiee"), toutes=Count("pk"))
    return {ligne["parcours"]: (ligne["faites"], ligne["toutes"]) for ligne in comptees}
