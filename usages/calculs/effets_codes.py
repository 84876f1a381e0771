"""Ce que deux codeurs ou plus disent d'un même constat, réuni pour un document. Module pur."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from usages.calculs import codes_retenus
from usages.enums import ForceEffet, PreuveEffet, SensEffet, ThemeEffet


@dataclass(frozen=True, slots=True)
class Code:
    """Le code qu'un codeur donne."""

    theme: str
    sens: str
    force: str
    preuve: str


@dataclass(frozen=True, slots=True)
class Constate:
    """Un constat, sa nature, et les codes qu'on lui a donnés."""

    libelle: str
    nature: str
    codes: tuple[Code, ...]


def retenir(codes: Sequence[Code]) -> Code | None:
    """Le code retenu (`codes_retenus`) : None si le thème ou le sens est en désaccord.

    De la force et de la preuve en désaccord, la plus prudente : un document dit moins plutôt que plus.
    """
    theme, sens = (codes_retenus.retenir([getattr(c, nom) for c in codes]) for nom in ("theme", "sens"))
    if not theme.est_un_code or not sens.est_un_code:
        return None
    force = _retenue([c.force for c in codes], list(ForceEffet))
    return Code(theme.code, sens.code, force, _retenue([c.preuve for c in codes], list(PreuveEffet)))


def _retenue(codes: Sequence[str], du_plus_prudent: Sequence[str]) -> str:
    retenu = codes_retenus.retenir(codes)
    return retenu.code if retenu.est_un_code else min(codes, key=du_plus_prudent.index)


def compter(retenus: Iterable[Code], theme: str) -> dict[tuple[str, str], int]:
    """Combien d'effets de ce thème par sens et par force ; les cases vides n'y sont pas."""
    comptes: dict[tuple[str, str], int] = {}
    for code in retenus:
        if code.theme == theme:
            comptes[code.sens, code.force] = comptes.get((code.sens, code.force), 0) + 1
    return comptes


def mots_de(code: Code) -> tuple[str, str, str]:
    """Le sens, la force et la preuve, en mots."""
    return (
        str(SensEffet(code.sens).label),
        str(ForceEffet(code.force).label),
        str(PreuveEffet(code.preuve).label),
    )


def themes_dits(retenus: Iterable[Code]) -> list[ThemeEffet]:
    """Les thèmes dont on a retenu un effet, dans leur ordre."""
    presents = {code.theme for code in retenus}
    return [theme for theme in ThemeEffet if theme in presents]
