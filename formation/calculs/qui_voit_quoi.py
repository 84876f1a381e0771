"""« Qui voit quoi » en mots simples : ce qu'un métier peut dans le DUI, module par module. Module pur.

Les phrases commencent par le verbe, le métier est leur titre : ni genre ni article à deviner pour un mot que la grappe
a choisi.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from formation.enums import DroitAcces, PorteeAcces
from programme.socle.nombres import liste
from programme.socle.texte import insecables

VERBES: Mapping[str, str] = {
    DroitAcces.ADMINISTRATION: "Lit, écrit, valide et règle",
    DroitAcces.VALIDATION: "Lit, écrit et valide",
    DroitAcces.ECRITURE: "Lit et écrit",
    DroitAcces.LECTURE: "Lit, sans y écrire,",
    DroitAcces.AUCUN: "Ne voit pas",
}
"""Du plus grand droit au moindre : chacun comprend les précédents, et la phrase le dit."""
POUR_QUI: Mapping[str, str] = {
    PorteeAcces.TOUTES: "pour toutes les personnes accompagnées",
    PorteeAcces.UNITE: "pour les personnes accompagnées de son unité",
    PorteeAcces.SUIVIES: "pour les seules personnes dont le suivi lui est confié",
}
Droit = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Phrase:
    """Un droit et une portée, avec les modules où ils valent. `pour_qui` vide : rien n'y est vu."""

    droit: str
    verbe: str
    modules: tuple[str, ...]
    pour_qui: str

    @property
    def suite(self) -> str:
        """Ce qui suit le verbe, point final compris."""
        nommes = liste(insecables(f"« {m} »") for m in self.modules)
        return f"{nommes}, {self.pour_qui}." if self.pour_qui else f"{nommes}."

    @property
    def texte(self) -> str:
        """La phrase entière."""
        return f"{self.verbe} {self.suite}"


@dataclass(frozen=True, slots=True)
class Fiche:
    """Un métier, le profil qu'il reçoit, et ce qu'il voit ; `phrases` va du plus grand droit à ce qu'il ne voit pas."""

    metier: str
    profil: str
    phrases: tuple[Phrase, ...]

    @property
    def est_sans_droit(self) -> bool:
        """Vrai s'il n'entre nulle part."""
        return all(p.droit == DroitAcces.AUCUN for p in self.phrases)


def phrases(droits: Iterable[tuple[str, Droit | None]]) -> tuple[Phrase, ...]:
    """Les phrases d'un profil : chaque module, dans l'ordre donné, et son (droit, portée) ; None : aucun droit."""
    ordre_droits, ordre_portees = list(VERBES), ["", *POUR_QUI]
    places = [
        (ordre_droits.index(droit), ordre_portees.index(portee if droit != DroitAcces.AUCUN else ""), module)
        for module, (droit, portee) in ((m, d or (DroitAcces.AUCUN, "")) for m, d in droits)
    ]
    places.sort(key=lambda place: place[:2])
    return tuple(
        Phrase(
            droit=ordre_droits[d],
            verbe=VERBES[ordre_droits[d]],
            modules=tuple(module for _, _, module in siens),
            pour_qui=POUR_QUI.get(ordre_portees[p], ""),
        )
        for (d, p), siens in groupby(places, key=lambda place: place[:2])
    )


def fiches(
    metiers: Sequence[tuple[str, int]],
    profils: Mapping[int, str],
    modules: Sequence[tuple[int, str]],
    cases: Mapping[tuple[int, int], Droit],
) -> list[Fiche]:
    """Une fiche par métier (nom, clé de son profil), d'après les cases (profil, module) → (droit, portée)."""
    par_profil = {cle: phrases((nom, cases.get((cle, m))) for m, nom in modules) for cle in profils}
    return [Fiche(metier, profils[cle], par_profil[cle]) for metier, cle in metiers]
