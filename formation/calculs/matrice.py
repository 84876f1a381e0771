"""Les cases d'une matrice des droits d'accès : les comparer, les reporter, lire un bloc collé. Module pur.

Une case : (profil, module) → (droit, portée). Absente : aucun droit.
"""

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from formation.enums import DroitAcces, PorteeAcces
from programme.socle.nombres import accorde
from programme.socle.texte import normaliser

Cle = tuple[Any, Any]
Case = tuple[str, str]
Cases = Mapping[Cle, Case]
Noms = Sequence[tuple[Any, str]]
"""Des profils ou des modules, dans l'ordre de la grille : (clé, nom)."""

RANG_DROIT = {droit: rang for rang, droit in enumerate(DroitAcces.values)}
RANG_PORTEE = {PorteeAcces.SUIVIES.value: 0, PorteeAcces.UNITE.value: 1, PorteeAcces.TOUTES.value: 2}
LETTRES = {
    DroitAcces.AUCUN.value: "A",
    DroitAcces.LECTURE.value: "L",
    DroitAcces.ECRITURE.value: "E",
    DroitAcces.VALIDATION.value: "V",
    DroitAcces.ADMINISTRATION.value: "D",
}
MOTS_PORTEE = {
    PorteeAcces.TOUTES.value: "toutes",
    PorteeAcces.UNITE.value: "unité",
    PorteeAcces.SUIVIES.value: "suivies",
}
AJOUTEE, RETIREE, CHANGEE = "ajoutée", "retirée", "changée"
PLUS_LARGE, PLUS_ETROIT, AUTREMENT = "plus large", "plus étroit", "autrement"


def donne(case: Case | None) -> bool:
    """Vrai si la case donne un droit."""
    return case is not None and case[0] != DroitAcces.AUCUN


def propres(cases: Cases) -> dict[Cle, Case]:
    """Les mêmes cases, sans celles qui ne donnent rien."""
    return {cle: case for cle, case in cases.items() if donne(case)}


@dataclass(frozen=True, slots=True)
class Ecart:
    """Une case qui diffère : ce qu'elle était, ce qu'elle devient ; None : aucun droit."""

    cle: Cle
    avant: Case | None
    apres: Case | None

    @property
    def nature(self) -> str:
        """« ajoutée », « retirée » ou « changée »."""
        return AJOUTEE if self.avant is None else RETIREE if self.apres is None else CHANGEE

    @property
    def sens(self) -> str:
        """« plus large », « plus étroit », ou « autrement » : le droit monte et la portée descend, ou l'inverse."""
        if self.avant is None or self.apres is None:
            return PLUS_LARGE if self.avant is None else PLUS_ETROIT
        droit = RANG_DROIT[self.apres[0]] - RANG_DROIT[self.avant[0]]
        portee = RANG_PORTEE[self.apres[1]] - RANG_PORTEE[self.avant[1]]
        if droit * portee < 0:
            return AUTREMENT
        return PLUS_LARGE if droit + portee > 0 else PLUS_ETROIT

    def inverse(self) -> "Ecart":
        """Le même, lu dans l'autre sens."""
        return Ecart(self.cle, self.apres, self.avant)


def comparer(avant: Cases, apres: Cases) -> list[Ecart]:
    """Ce qui distingue deux matrices, par case ; vide si elles sont égales."""
    a, b = propres(avant), propres(apres)
    cles = sorted(a.keys() | b.keys())
    return [Ecart(cle, a.get(cle), b.get(cle)) for cle in cles if a.get(cle) != b.get(cle)]


def appliquer(cases: Cases, ecarts: Iterable[Ecart]) -> dict[Cle, Case]:
    """Les cases, une fois ces écarts reportés."""
    rendu = propres(cases)
    for ecart in ecarts:
        if ecart.apres is None:
            rendu.pop(ecart.cle, None)
        else:
            rendu[ecart.cle] = ecart.apres
    return rendu


def croiser(depart: Cases, mienne: Cases, autre: Cases) -> tuple[dict[Cle, Case], list[Cle]]:
    """Deux saisies parties de la même grille : ce qu'elles donnent ensemble, et les cases que les deux ont changées.

    Là où les deux ont changé une même case, la mienne reste : à moi de la relire.
    """
    miens, autres = comparer(depart, mienne), {e.cle: e for e in comparer(depart, autre)}
    croisees = [e.cle for e in miens if e.cle in autres and autres[e.cle].apres != e.apres]
    return appliquer(autre, miens), croisees


# --- Lire ce qui vient d'un tableur ---

_DROITS = {
    DroitAcces.AUCUN.value: "a aucun aucune non rien 0",
    DroitAcces.LECTURE.value: "l lecture lire consulter consultation",
    DroitAcces.ECRITURE.value: "e ecriture ecrire saisir saisie",
    DroitAcces.VALIDATION.value: "v validation valider",
    DroitAcces.ADMINISTRATION.value: "d adm admin administration administrer",
}
_PORTEES = {
    PorteeAcces.TOUTES.value: "t toutes tous toute tout",
    PorteeAcces.UNITE.value: "u unite unites",
    PorteeAcces.SUIVIES.value: "s suivies suivis suivie",
}
_DROIT_DE = {mot: droit for droit, mots in _DROITS.items() for mot in mots.split()}
_PORTEE_DE = {mot: portee for portee, mots in _PORTEES.items() for mot in mots.split()}
_VIDES = frozenset(["les", "la", "le", "de", "l", "des", "d'", "personnes", "personne", "pour", "sur"])
ATTENDUS = (
    "A (aucun), L (lecture), E (écriture), V (validation) ou D (administration), suivi au besoin de « toutes », "
    "« unité » ou « suivies »"
)
TROP = 400
"""Au-delà, un bloc n'est pas une matrice : on le dit sans l'analyser."""
TROP_GRAND = "Ce bloc est trop grand pour être une matrice : copiez seulement les cases des droits."


@dataclass(slots=True)
class Bloc:
    """Un bloc lu : les cases qu'il donne, une phrase par cellule qu'on n'a pas comprise."""

    cases: dict[Cle, Case] = field(default_factory=dict)
    fautes: list[str] = field(default_factory=list)


def lire_mot(texte: str) -> tuple[str, str | None] | None:
    """« E unité », « lecture », « V toutes » → (droit, portée ou None si elle n'est pas dite) ; None si inconnu.

    Une cellule vide, ou un tiret, ne donne aucun droit.
    """
    mots = normaliser(texte).split()
    if not mots:
        return (DroitAcces.AUCUN.value, None) if not texte.strip(" \t\r\n-—–") else None
    droit, suite = _DROIT_DE.get(mots[0]), [m for m in mots[1:] if m not in _VIDES]
    if droit is None or len(suite) > 1:
        return None
    if not suite:
        return droit, None
    portee = _PORTEE_DE.get(suite[0])
    return (droit, portee) if portee else None


def decouper(texte: str) -> list[list[str]]:
    """Les cellules d'un bloc copié d'un tableur, ligne à ligne ; la dernière fin de ligne ne compte pas."""
    lignes = texte.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n")
    return [[cellule.strip().strip('"') for cellule in ligne.split("\t")] for ligne in lignes]


def _par_noms(cellules: Sequence[str], noms: Noms) -> list[int] | None:
    """Les rangs que nomment ces cellules ; None si l'une d'elles n'est pas un nom connu."""
    rangs = {normaliser(nom): rang for rang, (_, nom) in enumerate(noms)}
    trouves = [rangs.get(normaliser(c)) for c in cellules]
    return [r for r in trouves if r is not None] if cellules and None not in trouves else None


def _placer(
    grille: list[list[str]], profils: Noms, modules: Noms, depart: tuple[int, int]
) -> tuple[list[list[str]], list[int], list[int], list[str]]:
    """Les cellules, le rang de leurs lignes, celui de leurs colonnes, les fautes ; des entêtes disent où va le bloc."""
    sans_coin, avec_coin = _par_noms(grille[0], modules), _par_noms(grille[0][1:], modules)
    colonnes = sans_coin or avec_coin
    grille = grille[1:] if colonnes else grille
    lignes = _par_noms([ligne[0] for ligne in grille], profils)
    if lignes is None and colonnes and not sans_coin:
        connus = {normaliser(nom) for _, nom in profils}
        inconnus = [ligne[0] for ligne in grille if normaliser(ligne[0]) not in connus]
        return (
            [],
            [],
            [],
            [f"« {nom[:40]} » n'est pas un profil de cette matrice : recopiez son nom." for nom in inconnus],
        )
    if lignes is not None:
        grille = [ligne[1:] for ligne in grille]
    largeur = max((len(ligne) for ligne in grille), default=0)
    rangs = lignes if lignes is not None else list(range(depart[0], depart[0] + len(grille)))
    return grille, rangs, colonnes or list(range(depart[1], depart[1] + largeur)), []


def lire_bloc(
    texte: str, profils: Noms, modules: Noms, *, depart: tuple[int, int] = (0, 0), actuelles: Cases | None = None
) -> Bloc:
    """Lit un bloc collé à partir de la case `depart` (rangs du profil et du module).

    Une portée que la cellule ne dit pas reste celle de la case (`actuelles`), ou « unité ». Chaque cellule inconnue
    donne une phrase : ligne, colonne, mot, mots attendus. Rien n'est deviné.
    """
    grille = decouper(texte)
    if len(grille) > TROP or any(len(ligne) > TROP for ligne in grille):
        return Bloc(fautes=[TROP_GRAND])
    grille, rangs, colonnes, fautes = _placer(grille, profils, modules, depart)
    bloc, tenues = Bloc(fautes=fautes), actuelles or {}
    bloc.fautes += _debords(rangs, len(profils), "ligne", "plus haute")
    bloc.fautes += _debords(colonnes, len(modules), "colonne", "plus à gauche")
    for numero, (rang, ligne) in enumerate(zip(rangs, grille, strict=False), 1):
        for colonne, cellule in zip(colonnes, ligne, strict=False):
            if rang >= len(profils) or colonne >= len(modules):
                continue
            (profil, nom_profil), (module, nom_module) = profils[rang], modules[colonne]
            if (lu := lire_mot(cellule)) is None:
                bloc.fautes.append(
                    f"Ligne {numero} (« {nom_profil} »), colonne « {nom_module} » : « {cellule[:40]} » n'est pas un "
                    f"droit. Attendu : {ATTENDUS}."
                )
                continue
            tenue = tenues.get((profil, module))
            bloc.cases[profil, module] = (lu[0], lu[1] or (tenue[1] if tenue else PorteeAcces.UNITE.value))
    return bloc


def _debords(rangs: Sequence[int], nombre: int, quoi: str, ou: str) -> list[str]:
    hors = max(rangs, default=0) - nombre + 1
    if hors <= 0 or not rangs:
        return []
    return [f"Le bloc dépasse la grille de {accorde(hors, quoi)} : partez d'une case {ou}."]


def plus_mois(jour: date, mois: int) -> date:
    """Le même jour, tant de mois plus tard ; le dernier du mois s'il n'existe pas."""
    annee, rang = divmod(jour.year * 12 + jour.month - 1 + mois, 12)
    return date(annee, rang + 1, min(jour.day, monthrange(annee, rang + 1)[1]))
