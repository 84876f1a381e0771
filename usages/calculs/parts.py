"""Les parts d'une répartition ou d'une durée : leur nom, leur ordre, comme on les écrit au catalogue. Module pur.

Au catalogue : « a_preparer = À préparer | prete = Prête ». Une tranche de jours se nomme d'elle-même.
"""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

from programme.socle import tranches
from programme.socle.nombres import nombre
from usages.calculs.controles import sans_zeros

ILLISIBLE = "« {} » ne nomme pas une part : écrivez « code = Nom », une barre | entre deux parts."
DEUX_FOIS = "la part « {} » est nommée deux fois."
_CODE = re.compile(r"[-a-zA-Z0-9_]{1,40}")
LONGUEUR = 80


def lire(texte: str) -> dict[str, str]:
    """Les noms par code, dans l'ordre écrit ; lève `ValueError`, qui dit quoi écrire."""
    noms: dict[str, str] = {}
    for morceau in filter(None, (m.strip() for m in texte.split("|"))):
        code, _, nom = (" ".join(m.split()) for m in morceau.partition("="))
        if not (_CODE.fullmatch(code) and nom and len(nom) <= LONGUEUR):
            raise ValueError(ILLISIBLE.format(morceau[:30]))
        if code in noms:
            raise ValueError(DEUX_FOIS.format(code))
        noms[code] = nom
    return noms


def ecrire(noms: Mapping[str, str]) -> str:
    """Ce que relit `lire`."""
    return " | ".join(f"{code} = {nom}" for code, nom in noms.items())


def nommer(cle: str, noms: Mapping[str, str]) -> str:
    """Le nom d'une part : celui du catalogue, celui de sa tranche, ou son code lisible ; vide pour le total."""
    if cle in noms:
        return noms[cle]
    if cle in tranches.CLES:
        return tranches.libelle_de(cle)
    return cle.replace("_", " ").replace("-", " ").capitalize()


def rang(cle: str, noms: Mapping[str, str]) -> tuple[int, str]:
    """L'ordre du catalogue, ou des tranches ; les autres ensuite, par leur code."""
    ordre = [*noms, *tranches.CLES]
    return (ordre.index(cle) if cle in ordre else len(ordre)), cle


def dire(parts: Iterable[tuple[str, Decimal]], noms: Mapping[str, str]) -> str:
    """« À préparer 3 · Ouverte 12 » ; vide sans part."""
    ranges = sorted(parts, key=lambda part: rang(part[0], noms))
    return " · ".join(f"{nommer(cle, noms)} {nombre(sans_zeros(combien))}" for cle, combien in ranges)
