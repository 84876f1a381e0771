"""Ce que deux codeurs ou plus disent d'un même constat, réuni : retenu s'ils s'accordent, à reprendre sinon. Pur."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

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
    """Le code retenu : tous disent le même thème et le même sens ; de la force et de la preuve, la plus prudente."""
    if not codes or len({(c.theme, c.sens) for c in codes}) > 1:
        return None
    forces, preuves = list(ForceEffet), list(PreuveEffet)
    force = min((ForceEffet(c.force) for c in codes), key=forces.index)
    preuve = min((PreuveEffet(c.preuve) for c in codes), key=preuves.index)
    return Code(codes[0].theme, codes[0].sens, force, preuve)


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
