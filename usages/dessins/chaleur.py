"""La carte de chaleur d'un ensemble : des ESMS en lignes, des indicateurs en colonnes. Module pur.

Plus foncé est mieux, quel que soit le sens de l'indicateur ; le chiffre est écrit, et ce qui manque se dit en toutes
lettres : attendu, non mesurable, non concerné ne se confondent pas, et ne sont jamais zéro.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from usages.calculs import reperes
from usages.enums import Absence, Forme

ATTENDU, NON_MESURABLE, NON_CONCERNE, PAS_SUIVI = "attendu", "non-mesurable", "non-concerne", "pas-suivi"
SIGNES = {ATTENDU: "…", NON_MESURABLE: "n. m.", NON_CONCERNE: "n. c.", PAS_SUIVI: ""}
DITS = {
    ATTENDU: "attendu, pas encore transmis",
    NON_MESURABLE: "non mesurable dans leur DUI",
    NON_CONCERNE: "non concerné",
    PAS_SUIVI: "pas relevé",
}
PALIERS = ("loin de la cible", "à mi-chemin", "proche de la cible", "cible tenue")


@dataclass(frozen=True, slots=True)
class Colonne:
    """Un indicateur : son nom, de quoi lire ses chiffres, où se lit sa définition (vide : nulle part)."""

    nom: str
    forme: str
    sens: str
    unite: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Chiffre:
    """Ce qu'on a d'un ESMS et d'un indicateur ; `transmis` : compté. `avant` : le chiffre auquel comparer.

    `tranches` : les cas d'une durée, par tranche de jours.
    """

    numerateur: Decimal | None
    denominateur: Decimal | None
    motif: str
    transmis: bool
    avant: float | None = None
    tranches: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Case:
    """Une case dessinée : sa classe (palier ou absence), ce qui s'écrit, l'écart s'il se compare, ce qui se dit."""

    classe: str
    texte: str
    dit: str
    ecart: str = ""


VIDE = Case(PAS_SUIVI, SIGNES[PAS_SUIVI], DITS[PAS_SUIVI])


@dataclass(frozen=True, slots=True)
class Ligne:
    """Un ESMS dessiné."""

    nom: str
    url: str
    cases: tuple[Case, ...]


def nature(forme: str, chiffre: Chiffre | None) -> str:
    """Pourquoi il n'y a pas de nombre à lire ; vide s'il y en a un. Rapport ou durée sans dénominateur : attendu."""
    if chiffre is None:
        return PAS_SUIVI
    if chiffre.motif == Absence.NON_CONCERNE:
        return NON_CONCERNE
    if not chiffre.transmis:
        return ATTENDU
    if chiffre.motif == Absence.NON_MESURABLE:
        return NON_MESURABLE
    incomplet = chiffre.numerateur is None or (forme in (Forme.RAPPORT, Forme.DUREE) and chiffre.denominateur is None)
    return ATTENDU if incomplet else ""


def _detail(forme: str, chiffre: Chiffre) -> str:
    if forme == Forme.DUREE:
        return reperes.dire_cas(chiffre.tranches)
    return reperes.dire_rapport(chiffre.numerateur, chiffre.denominateur)


def dessiner_case(colonne: Colonne, chiffre: Chiffre | None, cible: float | None = None) -> Case:
    """La case d'un ESMS et d'un indicateur."""
    if chiffre is None:
        return VIDE
    absence = nature(colonne.forme, chiffre)
    if absence:
        return Case(absence, SIGNES[absence], DITS[absence])
    valeur = reperes.valeur_lue(colonne.forme, chiffre.numerateur, chiffre.denominateur, chiffre.tranches)
    if valeur is None:
        aucun = ("0 cas", "aucun cas") if colonne.forme == Forme.DUREE else ("0 / 0", "personne à compter")
        return Case("p0", *aucun)
    rang = reperes.palier(colonne.forme, colonne.sens, valeur, cible)
    mot = PALIERS[rang - 1] if rang and cible is not None else ""
    ecart = reperes.dire_ecart(colonne.forme, chiffre.avant, valeur) if chiffre.avant is not None else ""
    dit = ", ".join(m for m in (_detail(colonne.forme, chiffre), mot, f"écart {ecart}" if ecart else "") if m)
    return Case(f"p{rang}", reperes.dire(colonne.forme, valeur), dit, ecart)


def synthese(lignes: Sequence[Ligne], rang: int) -> dict[str, int]:
    """Combien de cases de chaque classe dans cette colonne."""
    rendu: dict[str, int] = {}
    for ligne in lignes:
        classe = ligne.cases[rang].classe
        rendu[classe] = rendu.get(classe, 0) + 1
    return rendu
