"""La synthèse d'une étude : ce que ses visites ont fait constater, tel que ceux qui ont codé l'ont retenu.

Qui n'a pas fini de coder une visite n'en lit pas les codes : elle est mise de côté, et la page le dit.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q

from programme.models import Utilisateur
from usages.calculs.codes_retenus import DIMENSIONS, Retenu, retenir
from usages.calculs.synthese_effets import Code, Matrice, Recurrence, croiser, par_visite, recurrences
from usages.enums import NatureConstat
from usages.models import Codage, Constat, Etude, Visite
from usages.permissions import lit_tous_les_codes

RECURRENTS = (NatureConstat.LEVIER.value, NatureConstat.FREIN.value)
EFFETS = (NatureConstat.EFFET.value,)


@dataclass(frozen=True, slots=True)
class RecurrenceLue:
    """Ce qui revient, en mots : « levier, 3 ESMS sur 5 », et lesquels."""

    nature: str
    libelle: str
    combien: int
    sur: int
    constats: int
    esms: list[str]

    @property
    def nature_dite(self) -> str:
        """« Un levier »."""
        return str(NatureConstat(self.nature).label)


@dataclass(frozen=True, slots=True)
class Synthese:
    """Ce que montre la page. `visites` : celles qui ont des constats ; `a_coder` : celles qu'il lui reste à coder.

    `codes` : les constats des visites dont il lit les codes, avec leur code retenu ; `tous` : ceux de toutes.
    """

    visites: dict[int, Visite]
    a_coder: list[Visite]
    constats: dict[int, Constat]
    codes: list[Code]
    tous: list[Code]
    matrice: Matrice
    matrices: dict[int, Matrice]
    leviers_et_freins: list[RecurrenceLue] = field(default_factory=list)
    effets_recurrents: list[RecurrenceLue] = field(default_factory=list)

    @property
    def lues(self) -> list[Visite]:
        """Les visites dont il lit les codes."""
        reste = {v.pk for v in self.a_coder}
        return [v for v in self.visites.values() if v.pk not in reste]

    @property
    def sur(self) -> int:
        """m, dans « n ESMS sur m » : les ESMS où l'on a écrit au moins un constat."""
        return len(self.visites)

    @property
    def nb_codes(self) -> int:
        """Constats codés, de toutes natures."""
        return sum(code.est_code for code in self.codes)


def lire_synthese(etude: Etude, lecteur: Utilisateur, visite: int | None = None) -> Synthese:
    """La synthèse d'une étude, ou d'une de ses visites. Quatre requêtes, quel que soit le nombre de constats."""
    visites = {v.pk: v for v in _visites(etude, lecteur)}
    tout = lit_tous_les_codes(lecteur, etude)
    a_coder = [] if tout else [v for v in visites.values() if v.nb_siens < v.nb_constats]
    if visite is not None:
        visites = {cle: v for cle, v in visites.items() if cle == visite}
        a_coder = [v for v in a_coder if v.pk == visite]
    # Les visites sont déjà là : les rattacher coûte dix fois moins que de les relire avec chaque constat.
    ecrits = list(Constat.objects.filter(visite__in=visites).select_related("verbatim", "note"))
    for constat in ecrits:
        constat.visite = visites[constat.visite_id]
    rangs = {cle: rang for rang, cle in enumerate(visites)}
    constats = {c.pk: c for c in sorted(ecrits, key=lambda c: (rangs[c.visite_id], c.pk))}
    donnes: dict[int, list[Codage]] = defaultdict(list)
    for codage in Codage.objects.filter(constat__visite__in=visites).order_by("pk"):
        donnes[codage.constat_id].append(codage)
    caches = {v.pk for v in a_coder}
    tous = [_code(c, [] if c.visite_id in caches else donnes[c.pk]) for c in constats.values()]
    codes = [c for c in tous if c.visite not in caches]
    return Synthese(
        visites,
        a_coder,
        constats,
        codes,
        tous,
        croiser(codes),
        par_visite(codes),
        _dire(recurrences(tous, RECURRENTS), visites),
        _dire([r for r in recurrences(tous, EFFETS) if r.combien > 1], visites),
    )


def _dire(revenus: list[Recurrence], visites: dict[int, Visite]) -> list[RecurrenceLue]:
    return [
        RecurrenceLue(
            r.nature, r.libelle, r.combien, len(visites), len(r.constats), [str(visites[v].parcours) for v in r.visites]
        )
        for r in revenus
    ]


def _visites(etude: Etude, lecteur: Utilisateur) -> Any:
    siens = Count("constats__codages", filter=Q(constats__codages__codeur=lecteur), distinct=True)
    lues = Visite.objects.filter(etude=etude).pour_lecture()
    comptees = lues.annotate(nb_constats=Count("constats", distinct=True), nb_siens=siens)
    return comptees.filter(nb_constats__gt=0).order_by("parcours__esms__tri", "pk")


def _code(constat: Constat, codages: list[Codage]) -> Code:
    retenus: dict[str, Retenu] = {d: retenir([getattr(c, d) for c in codages]) for d in DIMENSIONS}
    return Code(constat.pk, constat.visite_id, constat.nature, constat.libelle, constat.recurrence, **retenus)
