"""La page du plan d'une grappe : ses modules, ce qu'ils demandent et ce qui s'offre, ses formateurs."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count

from formation.models import ModuleFormation, PlanFormation
from formation.services import besoins, formateurs
from formation.services.plan import reglages_de
from programme.models import Grappe, Utilisateur
from programme.socle.models import Piece


@dataclass(frozen=True, slots=True)
class LignePlan:
    """Un module au plan : ses supports, ses places ; `besoin` : None hors du socle."""

    module: ModuleFormation
    nb_pieces: int
    libres: int
    besoin: besoins.LigneModule | None


@dataclass(frozen=True, slots=True)
class PageDePlan:
    """Le plan d'une grappe, tel que le lit un compte. `entiere` : il en lit tous les ESMS."""

    lignes: list[LignePlan]
    retires: list[ModuleFormation]
    reglages: PlanFormation
    formateurs: list[formateurs.TempsFormateur]
    entiere: bool

    @property
    def est_vide(self) -> bool:
        """Vrai si rien n'est au plan, et que rien n'en fut retiré."""
        return not self.lignes and not self.retires


def _nb_pieces(modules: Collection[ModuleFormation]) -> dict[int, int]:
    sorte = ContentType.objects.get_for_model(ModuleFormation)
    lignes = Piece.objects.filter(objet_type=sorte, objet_id__in=[m.pk for m in modules]).order_by()
    return dict(lignes.values("objet_id").annotate(n=Count("pk")).values_list("objet_id", "n"))


def lire(grappe: Grappe, utilisateur: Utilisateur, au: date) -> PageDePlan:
    """Le plan à cette date ; autant de requêtes pour un module que pour cinquante."""
    lus = besoins.lire(grappe, utilisateur, au)
    pieces = _nb_pieces(lus.plan)
    lignes = [LignePlan(m, pieces.get(m.pk, 0), lus.libres.get(m.pk, 0), lus.du_module(m)) for m in lus.plan]
    retires = ModuleFormation.objects.filter(grappe=grappe, retire_le__isnull=False)
    return PageDePlan(lignes, list(retires), reglages_de(grappe), formateurs.lire(grappe, utilisateur), lus.entiere)
