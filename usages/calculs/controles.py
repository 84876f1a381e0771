"""Ce qu'on refuse d'un chiffre, et ce qui surprend assez pour demander un mot. Module pur : ni base, ni horloge.

Refusé : un nombre négatif, sans ce à quoi on le rapporte, plus grand que lui quand l'indicateur est plafonné ; une
période qui n'a pas commencé. Surprenant : hors des bornes de l'indicateur, ou en chute depuis le relevé d'avant.
Un rapport se juge sur son taux, de 0 à 1 ; le reste, sur son nombre.
"""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Protocol

from programme.socle.nombres import nombre, pourcentage
from usages.calculs.periodes import Periode
from usages.enums import EtatReleve, Forme, Sens

PLUS_GRAND = Decimal("999999999999.99")
"""Le plus grand nombre qu'un chiffre reçoive : douze chiffres avant la virgule, deux après."""
_SEPARATEURS = re.compile(r"[\s\u00a0\u202f']")
_NOMBRE = re.compile(r"[-+\u2212]?\d+(?:[.,]\d+)?", re.ASCII)

NEGATIF = "Un chiffre ne descend pas sous zéro : écrivez 0 ou plus."
TROP_GRAND = "Ce nombre est trop grand : douze chiffres au plus avant la virgule."
TROP_FIN = "Deux décimales au plus : arrondissez."
SANS_DENOMINATEUR = "Il manque le nombre auquel on le rapporte."
SANS_NUMERATEUR = "Il manque le nombre que l'on compte."
SUR_ZERO = "On ne peut pas compter {} sur 0 : corrigez l'un des deux nombres."
DEPASSE = "{} dépasse {}, le nombre auquel on le rapporte : corrigez l'un des deux."
ILLISIBLE = "« {} » n'est pas un nombre : écrivez par exemple 42 ou 12,5."
FUTUR = "{} n'a pas commencé : un chiffre se donne une fois la période entamée."
VERROUILLE = "Ce relevé est verrouillé : demandez au chef de projet de le rouvrir avant d'y écrire."
VALIDE = "Ce relevé est validé : demandez au chef de projet de le rouvrir avant d'y écrire."
RAISON_DUE = "Dites en une ligne pourquoi vous corrigez ce chiffre : l'ancien reste à côté."


class Controle(Protocol):
    """Ce qu'un indicateur dit pour qu'on juge son chiffre."""

    @property
    def forme(self) -> str: ...
    @property
    def sens(self) -> str: ...
    @property
    def plafonne(self) -> bool: ...
    @property
    def borne_min(self) -> Decimal | None: ...
    @property
    def borne_max(self) -> Decimal | None: ...
    @property
    def seuil_chute(self) -> Decimal: ...


Paire = tuple[Decimal | None, Decimal | None]
"""Un numérateur et son dénominateur ; l'un ou l'autre peut manquer."""


def lire_nombre(texte: str) -> Decimal | None:
    """« 1 234,5 » ; None si le texte est vide. Lève `ValueError`, qui dit quoi écrire."""
    net = _SEPARATEURS.sub("", texte)
    if not net:
        return None
    if not _NOMBRE.fullmatch(net):
        raise ValueError(ILLISIBLE.format(texte.strip()[:20]))
    return Decimal(net.replace(",", ".").replace("\u2212", "-"))


def fautes_du_nombre(valeur: Decimal | None) -> list[str]:
    """Pourquoi ce nombre ne peut pas être un chiffre ; vide s'il le peut, ou s'il manque."""
    if valeur is None:
        return []
    if not valeur.is_finite():
        return [ILLISIBLE.format(valeur)]
    if valeur < 0:
        return [NEGATIF]
    if valeur > PLUS_GRAND:
        return [TROP_GRAND]
    return [TROP_FIN] if valeur != valeur.quantize(Decimal("0.01")) else []


def fautes(indicateur: Controle, paire: Paire, *, brouillon: bool = False) -> list[str]:
    """Ce qui interdit d'écrire ce chiffre, en phrases. `brouillon` : ce à quoi on le rapporte peut venir après."""
    num, sur = paire
    if rendu := fautes_du_nombre(num) + fautes_du_nombre(sur):
        return list(dict.fromkeys(rendu))
    if num is None:
        return [SANS_NUMERATEUR] if sur is not None and not brouillon else []
    if sur is None:
        return [SANS_DENOMINATEUR] if indicateur.forme == Forme.RAPPORT and not brouillon else []
    if indicateur.plafonne and num > sur:
        dit = nombre(sans_zeros(num))
        return [DEPASSE.format(dit, nombre(sans_zeros(sur))) if sur else SUR_ZERO.format(dit)]
    return []


def grandeur(indicateur: Controle, paire: Paire) -> Decimal | None:
    """Ce qui se juge et se dessine : le taux d'un rapport (None sur zéro), sinon le nombre."""
    num, sur = paire
    if num is None or indicateur.forme != Forme.RAPPORT:
        return num
    return num / sur if sur else None


def dire(indicateur: Controle, valeur: Decimal | None) -> str:
    """Une grandeur à l'écran : « 64 % » pour un rapport, « 1 234,5 » sinon."""
    if valeur is None:
        return nombre(None)
    return pourcentage(valeur) if indicateur.forme == Forme.RAPPORT else nombre(sans_zeros(valeur))


def sans_zeros(valeur: Decimal) -> Decimal:
    """42 plutôt que 42,00, sans écriture en puissances."""
    return valeur.quantize(Decimal(1)) if valeur == valeur.to_integral_value() else valeur.normalize()


def perte(indicateur: Controle, avant: Paire, maintenant: Paire) -> Decimal | None:
    """La part perdue du relevé d'avant à celui-ci, de 0 à 1 ; None si rien n'est perdu, ou ne se compare."""
    hier, ce_jour = grandeur(indicateur, avant), grandeur(indicateur, maintenant)
    if hier is None or ce_jour is None or hier <= 0 or ce_jour >= hier:
        return None
    return (hier - ce_jour) / hier


def surprises(indicateur: Controle, maintenant: Paire, avant: Paire = (None, None)) -> list[str]:
    """Ce qui demande un mot, en phrases ; vide si rien ne surprend. Une baisse souhaitée n'est pas une chute."""
    valeur = grandeur(indicateur, maintenant)
    if valeur is None:
        return []
    rendu = []
    if indicateur.borne_min is not None and valeur < indicateur.borne_min:
        rendu.append(f"{dire(indicateur, valeur)} : moins que d'ordinaire ({dire(indicateur, indicateur.borne_min)}).")
    if indicateur.borne_max is not None and valeur > indicateur.borne_max:
        rendu.append(f"{dire(indicateur, valeur)} : plus que d'ordinaire ({dire(indicateur, indicateur.borne_max)}).")
    perdue = perte(indicateur, avant, maintenant)
    if perdue is not None and indicateur.sens != Sens.BAISSE and perdue >= indicateur.seuil_chute:
        hier = dire(indicateur, grandeur(indicateur, avant))
        rendu.append(f"Il passe de {hier} à {dire(indicateur, valeur)} depuis le relevé d'avant.")
    return rendu


def faute_de_periode(periode: Periode, au: date) -> str:
    """Pourquoi on n'écrit pas dans cette période ; vide si l'on peut. `au` : aujourd'hui."""
    nom = periode.nom
    return FUTUR.format(nom[:1].upper() + nom[1:]) if periode.debut > au else ""


def faute_d_etat(etat: str, *, en_reponse: bool = False) -> str:
    """Pourquoi l'ESMS n'écrit plus dans un relevé à cet état ; `en_reponse` : à une précision, un validé se corrige."""
    if etat == EtatReleve.VERROUILLE:
        return VERROUILLE
    return VALIDE if etat == EtatReleve.VALIDE and not en_reponse else ""


def total_des_parts(parts: Sequence[Decimal | None]) -> Decimal | None:
    """La somme des parts connues ; None si aucune ne l'est."""
    connues = [p for p in parts if p is not None]
    return sum(connues, Decimal(0)) if connues else None
