"""Le catalogue des indicateurs en tableau : ses colonnes, et le passage d'une case à une valeur. Module pur.

Le même tableau sert au catalogue livré (`fixtures/reference/indicateurs.csv`) et au classeur que l'administrateur
emporte puis rapporte : les valeurs closes s'y écrivent par leur mot ou par leur code.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from programme.socle.texte import normaliser
from usages.calculs import parts
from usages.enums import CadenceReleve, Denominateur, Famille, Forme, Origine, Sens

INCONNU = "« {} » n'est pas connu : {}."
PAS_OUI_NON = "« {} » : écrivez oui ou non."
PAS_UN_NOMBRE = "« {} » n'est pas un nombre."
PAS_UN_ENTIER = "« {} » n'est pas un nombre entier, de 0 à 9 999."
PAS_UNE_DATE = "« {} » n'est pas une date : écrivez-la JJ/MM/AAAA."
_OUI, _NON = {"oui", "o", "x", "vrai", "1"}, {"non", "n", "faux", "0"}
CENT = Decimal(100)


def _texte(texte: str) -> str:
    return " ".join(texte.split())


def _choix(enum: Any) -> Callable[[str], str]:
    valeurs = {normaliser(str(c.label)): c.value for c in enum} | {c.value: c.value for c in enum}

    def lire(texte: str) -> str:
        valeur = valeurs.get(texte) or valeurs.get(normaliser(texte))
        if valeur is None:
            raise ValueError(INCONNU.format(texte[:30], ", ".join(str(c.label) for c in enum)))
        return valeur

    return lire


def _oui_non(texte: str) -> bool:
    if normaliser(texte) in _OUI | _NON:
        return normaliser(texte) in _OUI
    raise ValueError(PAS_OUI_NON.format(texte[:30]))


def _nombre(texte: str) -> Decimal | None:
    if not texte:
        return None
    try:
        nombre = Decimal("".join(texte.split()).replace(",", "."))
    except InvalidOperation as faute:
        raise ValueError(PAS_UN_NOMBRE.format(texte[:30])) from faute
    if not nombre.is_finite():
        raise ValueError(PAS_UN_NOMBRE.format(texte[:30]))
    return nombre


def _part(texte: str) -> Decimal:
    """« 30 » ou « 30 % » : trente pour cent, soit 0,30."""
    nombre = _nombre(texte.removesuffix("%").strip())
    return Decimal("0.30") if nombre is None else nombre / CENT


def _entier(texte: str) -> int:
    if not texte:
        return 0
    if not (texte.isascii() and texte.isdecimal() and len(texte) <= 4):
        raise ValueError(PAS_UN_ENTIER.format(texte[:30]))
    return int(texte)


def _jour(texte: str) -> date | None:
    if not texte:
        return None
    for forme in ("%d/%m/%Y", "%Y-%m-%d", "%Y-%m-%d %H:%M:%S"):
        try:
            return datetime.strptime(texte, forme).date()
        except ValueError:
            continue
    raise ValueError(PAS_UNE_DATE.format(texte[:30]))


def _codes(texte: str) -> tuple[str, ...]:
    """« 183 et 202 », « 183, 202 », « 183 202 » : des codes de catégorie."""
    return tuple(sorted(set(texte.replace(",", " ").replace(";", " ").split()) - {"et"}))


def _en_nombre(valeur: Decimal | None) -> str:
    return "" if valeur is None else f"{valeur.normalize():f}".replace(".", ",")


@dataclass(frozen=True, slots=True)
class Colonne:
    """Une colonne : son intitulé, de la case à la valeur, de la valeur à la case, ce qu'on peut y choisir."""

    intitule: str
    lire: Callable[[str], Any] = _texte
    ecrire: Callable[[Any], str] = str
    offres: tuple[str, ...] = ()
    largeur: int = 18


def _close(intitule: str, enum: Any) -> Colonne:
    return Colonne(intitule, _choix(enum), lambda v: str(enum(v).label), tuple(str(c.label) for c in enum), 22)


def _bascule(intitule: str) -> Colonne:
    return Colonne(intitule, _oui_non, lambda v: "oui" if v else "non", ("oui", "non"), 14)


COLONNES: dict[str, Colonne] = {
    "code": Colonne("Code", largeur=28),
    "libelle": Colonne("Nom", largeur=40),
    "famille": _close("Famille", Famille),
    "forme": _close("Forme", Forme),
    "numerateur": Colonne("Ce qu'on compte", largeur=48),
    "denominateur": Colonne("Rapporté à", largeur=40),
    "population": _close("Population de référence", Denominateur),
    "denominateur_commun": Colonne("Dénominateur partagé", largeur=24),
    "fenetre": Colonne("Fenêtre", largeur=30),
    "unite": Colonne("Unité"),
    "sens": _close("Sens", Sens),
    "cadence": _close("Cadence", CadenceReleve),
    "origine": _close("Origine", Origine),
    "calcul": Colonne("Calcul", largeur=26),
    "sert_a": Colonne("À qui sert ce chiffre", largeur=48),
    "definition": Colonne("Définition", largeur=60),
    "source": Colonne("Source", largeur=26),
    # Un mot entre deux codes : quinze chiffres de suite passeraient parfois pour un numéro de sécurité sociale.
    "non_concernees": Colonne("Catégories non concernées", _codes, " et ".join, largeur=30),
    "plafonne": _bascule("Le numérateur ne dépasse pas le dénominateur"),
    "borne_min": Colonne("Valeur la plus basse attendue", _nombre, _en_nombre),
    "borne_max": Colonne("Valeur la plus haute attendue", _nombre, _en_nombre),
    "seuil_chute": Colonne("Chute qui demande un mot, en %", _part, lambda v: _en_nombre(v * CENT)),
    "transmis_au_financeur": _bascule("Lu par le financeur une fois transmis"),
    "est_officiel": _bascule("Définition officielle"),
    "rang": Colonne("Rang", _entier, largeur=10),
    "parts": Colonne("Noms des parts", parts.lire, parts.ecrire, largeur=48),
    "retire_le": Colonne("Retiré le", _jour, lambda v: f"{v:%d/%m/%Y}" if v else "", largeur=14),
}
INTITULES = {code: colonne.intitule for code, colonne in COLONNES.items()}
INDISPENSABLES = ("code", "libelle")


def lire(cases: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """Les valeurs de ces cases (par code de colonne), et les fautes de celles qui ne se lisent pas.

    Une case vide là où l'on choisit ne dit rien ; ailleurs, elle efface.
    """
    valeurs: dict[str, Any] = {}
    fautes: dict[str, str] = {}
    for code, texte in cases.items():
        if not texte.strip() and COLONNES[code].offres:
            continue
        try:
            valeurs[code] = COLONNES[code].lire(texte.strip())
        except ValueError as faute:
            fautes[code] = str(faute)
    return valeurs, fautes


def en_case(code: str, valeur: Any) -> str:
    """La valeur, comme on l'écrit dans sa case."""
    return COLONNES[code].ecrire(valeur)
