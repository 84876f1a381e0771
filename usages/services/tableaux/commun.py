"""Ce que tous les tableaux de bord partagent : le moment regardé, les indicateurs qui se lisent, les cibles."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import F, Q

from usages.calculs import reperes
from usages.calculs.agregat import Agregat
from usages.calculs.dire import au_singulier
from usages.calculs.fenetres import comparee, fenetres, finie
from usages.calculs.periodes import Periode
from usages.enums import Denominateur, Famille, Forme
from usages.models import Cible, Indicateur


@dataclass(frozen=True)
class Moment:
    """Le mois regardé, et celui auquel on le compare ; `famille` : une seule famille d'indicateurs, ou toutes.

    `compare` : on a demandé à comparer ; sinon `avec` n'est que le mois d'avant. `choisis` : les codes des seuls
    indicateurs à montrer ; aucun, tous.
    """

    mois: Periode
    avec: Periode
    famille: str = ""
    compare: bool = False
    choisis: frozenset[str] = frozenset()

    def retenir(self, indicateurs: Iterable[Indicateur]) -> list[Indicateur]:
        """Ceux de la famille, et du choix."""
        retenus = [i for i in indicateurs if not self.famille or i.famille == self.famille]
        return [i for i in retenus if not self.choisis or i.code in self.choisis]

    @cached_property
    def fenetres(self) -> dict[str, list[Periode]]:
        """Par cadence, les périodes d'une courbe."""
        return fenetres(self.mois)

    def periode(self, cadence: str) -> Periode:
        """Celle qui se lit, pour cette cadence."""
        return finie(self.mois, cadence)

    def avant(self, cadence: str) -> Periode:
        """Celle à laquelle elle se compare."""
        return comparee(self.mois, self.avec, cadence)

    @property
    def presents(self) -> Q:
        """Les relevés de la période, toutes cadences."""
        ici = Q()
        for cadence in self.fenetres:
            ici |= Q(releve__cadence=cadence, releve__debut=self.periode(cadence).debut)
        return ici

    @property
    def courtes(self) -> Q:
        """Les relevés des deux périodes, toutes cadences."""
        deux = Q()
        for cadence in self.fenetres:
            debuts = [self.periode(cadence).debut, self.avant(cadence).debut]
            deux |= Q(releve__cadence=cadence, releve__debut__in=debuts)
        return deux

    @property
    def longues(self) -> Q:
        """Les relevés de toutes les périodes d'une courbe, et de celle à laquelle on compare."""
        toutes = self.courtes
        for cadence, periodes in self.fenetres.items():
            toutes |= Q(releve__cadence=cadence, releve__debut__range=(periodes[0].debut, periodes[-1].debut))
        return toutes


@dataclass(frozen=True)
class Cibles:
    """Les cibles en vigueur : par grappe et indicateur. `du_financement` : celles de l'instruction de la convention."""

    retenues: Mapping[tuple[int, int], Cible] = field(default_factory=dict)
    du_financement: Mapping[tuple[int, int], Cible] = field(default_factory=dict)

    def de(self, grappe: int, indicateur: int) -> Cible | None:
        """Celle qui vaut : la grappe l'emporte sur son instruction."""
        return self.retenues.get((grappe, indicateur))

    def financement(self, grappe: int, indicateur: int) -> Cible | None:
        """Celle dont dépend un versement."""
        return self.du_financement.get((grappe, indicateur))


def nombre_de(cible: Cible | None, nom: str = "valeur") -> float | None:
    """La cible, ou son seuil, en nombre ; None si elle ne le dit pas."""
    lu = getattr(cible, nom) if cible else None
    return None if lu is None else float(lu)


def lire_cibles(grappes: Collection[int], au: date) -> Cibles:
    """Les cibles de ces grappes à cette date : les leurs, celles de l'instruction de leur convention. Deux requêtes."""
    en_vigueur = Cible.objects.a_la_date(au).order_by("du", "pk")
    siennes = {(c.grappe_id, c.indicateur_id): c for c in en_vigueur.filter(grappe__in=list(grappes)) if c.grappe_id}
    par_instruction: Any = en_vigueur.filter(instruction__convention__grappe__in=list(grappes))
    suivies = par_instruction.annotate(finance=F("instruction__convention__grappe"))
    du_financement = {(c.finance, c.indicateur_id): c for c in suivies if c.finance in grappes}
    return Cibles(du_financement | siennes, du_financement)


def lisibles(indicateurs: Iterable[int]) -> list[Indicateur]:
    """Ceux-là, s'ils se réduisent à un nombre, dans l'ordre du catalogue : déploiement, usage, maintien."""
    lus = Indicateur.objects.filter(pk__in=set(indicateurs), forme__in=reperes.SE_LISENT)
    rangs = {code: rang for rang, code in enumerate(Famille.values)}
    return sorted(lus, key=lambda i: (rangs[i.famille], i.rang, i.pk))


def detaillees(forme: str = "forme") -> Q:
    """Les chiffres qui se lisent : les totaux, et les tranches d'une durée, sans quoi elle n'a pas de médiane."""
    return Q(cle="") | Q(**{forme: Forme.DUREE})


def se_vise(indicateur: Indicateur) -> bool:
    """Vrai si un total se lit face à la cible d'un ESMS : un rapport, une médiane ; une somme, non."""
    return indicateur.est_un_rapport or indicateur.forme == Forme.DUREE


def manque_a(
    indicateur: Indicateur,
    numerateur: Decimal | None,
    denominateur: Decimal | None,
    tranches: Mapping[str, int],
    cible: Cible | None,
) -> int | None:
    """Ce qui sépare un chiffre de sa cible ; None s'il n'y a rien à en dire."""
    if cible is None or cible.valeur is None or numerateur is None:
        return None
    if indicateur.forme == Forme.DUREE:
        mediane = reperes.valeur_lue(indicateur.forme, numerateur, denominateur, tranches)
        if mediane is None:
            return None
        numerateur = Decimal(mediane)
    return reperes.manque(indicateur.forme, indicateur.sens, numerateur, denominateur or Decimal(0), cible.valeur)


def valeur_d(indicateur: Indicateur, agregat: Agregat | None) -> float | None:
    """Ce que vaut un agrégat ; None si personne n'a répondu."""
    if agregat is None or not agregat.nb_repondants:
        return None
    return reperes.valeur_lue(indicateur.forme, agregat.numerateur, agregat.denominateur, agregat.tranches)


def ont_repondu(agregat: Agregat | None) -> str:
    """« 12 ESMS sur 15 ont répondu »."""
    if agregat is None or not agregat.nb_attendus:
        return "pas encore relevé"
    if not agregat.nb_concernes:
        return "aucun ESMS concerné"
    verbe = "a répondu" if agregat.nb_repondants < 2 else "ont répondu"
    return f"{agregat.nb_repondants} ESMS sur {agregat.nb_concernes} {verbe}"


def combien(agregat: Agregat | None) -> str:
    """« 12 ESMS sur 15 » ; vide sans total."""
    return f"{agregat.nb_repondants} ESMS sur {agregat.nb_concernes}" if agregat and agregat.nb_concernes else ""


def unite_de(indicateur: Indicateur, valeur: float | None = None) -> str:
    """L'unité, accordée au chiffre quand il ne la porte pas déjà (« % », « € »)."""
    if indicateur.est_un_rapport or indicateur.forme == Forme.MONTANT:
        return ""
    unite = au_singulier(indicateur.unite) if valeur is not None and valeur < 2 else indicateur.unite
    return f"{unite}, médiane" if indicateur.forme == Forme.DUREE else unite


def population_de(indicateur: Indicateur) -> str:
    """Ce à quoi l'on rapporte, en mots ; vide pour ce qui n'est pas un rapport."""
    return Denominateur(indicateur.population).label if indicateur.est_un_rapport else ""
