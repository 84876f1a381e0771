"""Ce que l'entonnoir des monographies fait passer d'une étape à l'autre : des unités, et ce qu'on décide de chacune.

Une unité est une grappe, un OG, un projet ou une structure, jamais une personne. Ses faits sont des valeurs simples
(texte, entier, oui ou non), pour que toute étape se fige en JSON et se relise. Module pur.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any

from programme.socle.nombres import accorde, liste

Valeur = str | int | bool | None
Faits = Mapping[str, Valeur]


class Nature(StrEnum):
    """Ce qu'on compte ; change d'une étape à l'autre."""

    GRAPPE = "grappe"
    OG = "og"
    PROJET = "projet"
    STRUCTURE = "structure"


FORMES: Mapping[Nature, str] = {
    Nature.GRAPPE: "grappe,grappes",
    Nature.OG: "OG,OG",
    Nature.PROJET: "projet,projets",
    Nature.STRUCTURE: "structure,structures",
}
FEMININES = {Nature.GRAPPE, Nature.STRUCTURE}


class Statut(StrEnum):
    """Ce qu'une étape fait d'une unité."""

    RETENU = "retenu"
    READMIS = "readmis"
    ECARTE = "ecarte"


class Motif(StrEnum):
    """Pourquoi une étape retient ou écarte une unité."""

    REUNI = "reuni"
    PREREQUIS = "prerequis"
    INCONNU = "inconnu"
    SUIVI = "suivi"
    SANS_SUITE = "sans_suite"
    SANS_ORIGINE = "sans_origine"
    DEJA = "deja"
    EXCEPTION = "exception"
    GARDE = "garde"
    RANG = "rang"
    NON_CLASSE = "non_classe"
    QUOTA = "quota"
    PLACES = "places"
    DIVERSITE = "diversite"
    RESERVE = "reserve"


@dataclass(frozen=True, slots=True)
class Unite:
    """Une unité et ce qu'on en sait. `cle` : son identifiant dans sa nature ; `issue_de` : les `ref` dont elle vient.

    Un fait absent, ou None, est un fait qu'on ne connaît pas. Lève `ValueError` pour un fait qui n'est pas simple : un
    nombre à virgule s'écrit en texte (« 7.5 »), sans quoi deux machines ne le liraient pas pareil.
    """

    nature: Nature
    cle: str
    nom: str
    faits: Faits = field(default_factory=dict, hash=False)
    issue_de: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Vérifie les faits."""
        for nom, valeur in self.faits.items():
            if valeur is not None and not isinstance(valeur, str | int):
                raise ValueError(
                    f"{self.nom}, fait « {nom} » : {valeur!r} n'est ni un texte, ni un entier, ni oui/non."
                )

    @property
    def ref(self) -> str:
        """Sa nature et sa clé : « og:750000001 »."""
        return f"{self.nature}:{self.cle}"

    @property
    def e(self) -> str:
        """La marque du féminin : une grappe, une structure."""
        return "e" if self.nature in FEMININES else ""

    def en_donnees(self) -> dict[str, Any]:
        """De quoi la garder en JSON ; `depuis` la relit."""
        return {
            "nature": str(self.nature),
            "cle": self.cle,
            "nom": self.nom,
            "faits": dict(self.faits),
            "issue_de": sorted(self.issue_de),
        }

    @classmethod
    def depuis(cls, donnees: Mapping[str, Any]) -> "Unite":
        """L'unité gardée par `en_donnees`."""
        return cls(
            Nature(donnees["nature"]), donnees["cle"], donnees["nom"], donnees["faits"], tuple(donnees["issue_de"])
        )


@dataclass(frozen=True, slots=True)
class Raison:
    """Une raison, en une phrase. `sur` : le prérequis, le quota ou le fait en cause ; `par` : qui a pris la place."""

    motif: Motif
    dit: str
    sur: str = ""
    par: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """Ce qu'une étape fait d'une unité, et pourquoi ; la première raison est la principale. `rang` : à partir de 1."""

    unite: Unite
    statut: Statut
    raisons: tuple[Raison, ...]
    rang: int | None = None
    note: Fraction | None = None

    @property
    def en_clair(self) -> str:
        """« écartée : VSR non signée ; hors de l'Hexagone »."""
        mot = {Statut.RETENU: "retenu", Statut.READMIS: "réadmis", Statut.ECARTE: "écarté"}[self.statut]
        return f"{mot}{self.unite.e} : {' ; '.join(r.dit for r in self.raisons)}"

    def en_donnees(self) -> dict[str, Any]:
        """De quoi la garder en JSON ; `depuis` la relit."""
        return {
            "unite": self.unite.en_donnees(),
            "statut": str(self.statut),
            "raisons": [{"motif": str(r.motif), "dit": r.dit, "sur": r.sur, "par": list(r.par)} for r in self.raisons],
            "rang": self.rang,
            "note": None if self.note is None else str(self.note),
        }

    @classmethod
    def depuis(cls, donnees: Mapping[str, Any]) -> "Decision":
        """La décision gardée par `en_donnees`."""
        raisons = (Raison(Motif(r["motif"]), r["dit"], r["sur"], tuple(r["par"])) for r in donnees["raisons"])
        note = None if donnees["note"] is None else Fraction(donnees["note"])
        unite = Unite.depuis(donnees["unite"])
        return cls(unite, Statut(donnees["statut"]), tuple(raisons), donnees["rang"], note)


def ranger(unites: Iterable[Unite]) -> tuple[Unite, ...]:
    """Les unités dans l'ordre de leurs `ref`. Lève `ValueError` si l'une vient deux fois."""
    rangees = sorted(unites, key=lambda u: u.ref)
    for une, autre in zip(rangees, rangees[1:], strict=False):
        if une.ref == autre.ref:
            raise ValueError(f"{une.nom} ({une.ref}) vient deux fois : une unité n'entre qu'une fois.")
    return tuple(rangees)


def compter(unites: Iterable[Unite]) -> str:
    """« 44 OG et 9 projets » ; « aucune unité »."""
    natures = [u.nature for u in unites]
    return liste(accorde(natures.count(n), FORMES[n]) for n in Nature if n in natures) or "aucune unité"
