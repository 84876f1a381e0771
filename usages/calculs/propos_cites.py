"""Les verbatims cités dans une prose : une ligne seule « @verbatim 12 », ou leurs mots redits. Module pur.

Un verbatim qui ne peut pas sortir ne se cite pas ; redit mot pour mot, le passage qui le porte ne sort pas non plus.
"""

import re
from collections.abc import Iterable, Mapping

from programme.socle.texte import normaliser
from usages.calculs.prose import en_texte, lire, texte_nu

_REFERENCE = re.compile(r"^[^\S\n]*@verbatim[^\S\n]+([0-9]{1,18})[^\S\n]*$", re.MULTILINE)
MOTS_AU_MOINS = 4
"""En deçà, des mots pareils ne sont pas une redite : « on gagne du temps » se dit partout."""


def references(texte: str) -> list[int]:
    """Les clés citées, dans l'ordre, chacune une fois."""
    return list(dict.fromkeys(int(cle) for cle in _REFERENCE.findall(texte)))


def resoudre(texte: str, citables: Mapping[int, tuple[str, str]]) -> str:
    """Le texte, chaque « @verbatim » devenu une citation (ses mots, qui parle) ; rien s'il ne peut pas sortir."""

    def citer(lu: re.Match[str]) -> str:
        if int(lu[1]) not in citables:
            return ""
        mots, qui = citables[int(lu[1])]
        lignes = [ligne for ligne in mots.splitlines() if ligne.strip()] + ([f"— {qui}"] if qui else [])
        return "\n" + "\n".join(f"> {ligne}" for ligne in lignes) + "\n"

    return _REFERENCE.sub(citer, texte)


def redits(texte: str, textes_interdits: Iterable[str]) -> list[str]:
    """Les passages (un bloc de prose) qui redisent mot pour mot un texte qui ne peut pas sortir."""
    interdits = [f" {forme} " for t in textes_interdits if len((forme := normaliser(t)).split()) >= MOTS_AU_MOINS]
    blocs = [(texte_nu(bloc), en_texte([bloc])) for bloc in lire(texte)] if interdits else []
    return [ecrit for nu, ecrit in blocs if any(mots in f" {normaliser(nu)} " for mots in interdits)]
