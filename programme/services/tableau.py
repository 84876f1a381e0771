"""Lire un ensemble de parcours d'un coup : où en est chacun, ce qui lui reste à réunir, en requêtes constantes."""

from collections.abc import Iterable
from dataclasses import dataclass

from programme.enums import EtatParcours, Role
from programme.models import Parcours, Utilisateur
from programme.models.parcours import SUITES, ParcoursQuerySet
from programme.socle.conditions import Condition, Constat, evaluer_suites
from programme.socle.decomptes import Decompte, compter, par_condition
from programme.socle.enums import Severite

TEINTES = 4
"""Paliers de la carte de chaleur, de 0 (rien de réuni) à 4 (tout)."""


@dataclass(slots=True)
class Lecture:
    """Des parcours (avec `depuis`, leur entrée dans l'état), et leurs constats pour le passage qui les attend.

    `lisibles` : clés de ceux dont le lecteur lit aussi la préparation (tous, sauf ce qu'il ne voit qu'en financeur).
    """

    parcours: list[Parcours]
    constats: dict[int, list[Constat]]
    lisibles: frozenset[int] = frozenset()

    @property
    def presents(self) -> list[Parcours]:
        """Encore dans le projet, suspendus compris : ce que comptent tous les chiffres d'une page."""
        return [p for p in self.parcours if p.etat != EtatParcours.SORTI]

    @property
    def se_lit_entiere(self) -> bool:
        """Vrai si rien de ce qui se prépare n'échappe au lecteur : alors seulement un total en est juste."""
        return len(self.lisibles) == len(self.parcours)

    def decompte(self, parcours: Parcours) -> Decompte | None:
        """Ce qui reste à réunir ; None si rien n'attend ce parcours (routine, suspendu, sorti)."""
        return compter(self.constats[parcours.pk]) if parcours.pk in self.constats else None

    @property
    def prets(self) -> list[Parcours]:
        """Parcours dont tout est réuni : seule la décision du directeur manque."""
        return [p for p in self.parcours if (d := self.decompte(p)) is not None and not d.reste]


def lire_parcours(qs: ParcoursQuerySet, par: Utilisateur) -> Lecture:
    """Lit un ensemble de parcours déjà borné à ce que le lecteur voit ; les constats, à ce qu'il lit."""
    parcours, lisibles = list(qs.pour_lecture().avec_dates()), qs.lisibles_par(par)
    if par.perimetre.tient(Role.ARS):
        cles = frozenset(lisibles.values_list("pk", flat=True))
    else:
        cles = frozenset(p.pk for p in parcours)
    return Lecture(parcours, evaluer_suites(lisibles, SUITES), cles)


@dataclass(slots=True)
class Case:
    """Une condition pour un ESMS : `ton` parmi reuni, levee, barre, legale, avertit, sans_objet."""

    ton: str
    mesure: str
    lien: str = ""
    levee_par: str = ""

    @property
    def en_mots(self) -> str:
        """« date absente (barre) » : ce qu'un export garde de l'icône."""
        mot = {"barre": "barre", "legale": "légal", "avertit": "avertit", "levee": "levée"}.get(self.ton, "")
        return f"{self.mesure} ({mot})" if mot else self.mesure


@dataclass(slots=True)
class Pied:
    """Combien d'ESMS ont réuni une condition, et la teinte de la case."""

    reunis: int
    total: int

    @property
    def teinte(self) -> int:
        """0 à 4 : plus c'est foncé, plus la condition est réunie ; le palier du haut est réservé à « tous »."""
        if not self.total:
            return 0
        return TEINTES if self.reunis == self.total else min(self.reunis * TEINTES // self.total, TEINTES - 1)


@dataclass(slots=True)
class Grille:
    """Les ESMS qu'attend un même passage, face aux conditions de ce passage."""

    transition: str
    verbe: str
    conditions: list[Condition]
    lignes: list[tuple[Parcours, Decompte, list[Case]]]
    pieds: list[Pied]


def _case(constat: Constat, parcours: Parcours) -> Case:
    if constat.ok is None:
        return Case("sans_objet", constat.mesure)
    if constat.manque:
        return Case(constat.severite, constat.mesure, constat.condition.lien(parcours))
    if constat.levee_par and not constat.ok:
        return Case("levee", constat.mesure, levee_par=constat.levee_par)
    return Case("reuni", constat.mesure)


def grilles(lecture: Lecture) -> list[Grille]:
    """Une grille par passage attendu, dans l'ordre de la frise ; ce qui est masqué ou sans objet pour tous s'efface."""
    rendu = []
    transitions = Parcours.transitions()
    for transition in SUITES:
        attendus = [p for p in lecture.parcours if p.pk in lecture.constats and p.prochaine == transition]
        if attendus:
            verbe = transitions[transition].custom["verbe"]
            rendu.append(_grille(transition, verbe, attendus, lecture.constats))
    return rendu


def _grille(transition: str, verbe: str, attendus: Iterable[Parcours], constats: dict[int, list[Constat]]) -> Grille:
    montres = {p.pk: [c for c in constats[p.pk] if c.severite != Severite.MASQUEE] for p in attendus}
    presentes = {c.condition.code: c.condition for liste in montres.values() for c in liste if c.ok is not None}
    pieds = par_condition(montres)
    lignes = []
    for parcours in attendus:
        par_code = {c.condition.code: _case(c, parcours) for c in montres[parcours.pk]}
        cases = [par_code.get(code, Case("sans_objet", "masquée")) for code in presentes]
        lignes.append((parcours, compter(montres[parcours.pk]), cases))
    comptes = [Pied(pieds[code].reuni, pieds[code].total) for code in presentes]
    return Grille(transition, verbe, list(presentes.values()), lignes, comptes)
