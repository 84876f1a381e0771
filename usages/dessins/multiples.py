"""De petites courbes côte à côte, pour comparer des formes d'un coup d'œil. Module pur.

Chaque vignette a le même cadre ; les rapports ont la même échelle, de 0 à 100 %. `commune` : une seule échelle pour
toutes, quand elles disent le même indicateur. Un trou coupe le trait.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from usages.calculs import reperes
from usages.dessins.commun import plafond, troncons

LARGEUR, HAUTEUR = 160, 56
MARGE = 6
MASQUE = "masqué"


@dataclass(frozen=True, slots=True)
class Serie:
    """Ce qu'on donne : un nom, une valeur par période, ce qui s'écrit dessous. `masquee` : trop peu d'ESMS."""

    nom: str
    forme: str
    valeurs: tuple[float | None, ...]
    detail: str = ""
    cible: float | None = None
    masquee: bool = False
    url: str = ""
    ecart: str = ""
    mouvement: str = ""
    unite: str = ""


@dataclass(frozen=True, slots=True)
class Vignette:
    """Une petite courbe dessinée : `traits`, des suites de points « x,y » ; `isoles`, les points sans voisin."""

    nom: str
    valeur: str
    detail: str
    traits: tuple[str, ...]
    isoles: tuple[tuple[float, float], ...]
    dernier: tuple[float, float] | None
    cible_y: float | None
    cible: str
    masquee: bool
    url: str
    ecart: str
    mouvement: str
    unite: str = ""

    @property
    def mot(self) -> str:
        """Si le chiffre va mieux, en un mot."""
        return reperes.MOTS.get(self.mouvement, "")

    @property
    def dit(self) -> str:
        """La vignette en une phrase, pour qui ne la voit pas."""
        return ", ".join(mots for mots in (self.nom, self.valeur, self.detail) if mots)


def _vignette(serie: Serie, haut: float) -> Vignette:
    nombre = max(len(serie.valeurs) - 1, 1)

    def y(valeur: float) -> float:
        return round(HAUTEUR - MARGE - (HAUTEUR - 2 * MARGE) * min(valeur / haut, 1.0), 1)

    poses = [
        None if v is None or serie.masquee else (round(MARGE + (LARGEUR - 2 * MARGE) * rang / nombre, 1), y(v))
        for rang, v in enumerate(serie.valeurs)
    ]
    suites = troncons(poses)
    derniere = serie.valeurs[-1] if serie.valeurs else None
    return Vignette(
        nom=serie.nom,
        valeur=MASQUE if serie.masquee else reperes.dire(serie.forme, derniere),
        detail=serie.detail,
        traits=tuple(" ".join(f"{x},{ordonnee}" for x, ordonnee in s) for s in suites if len(s) > 1),
        isoles=tuple(s[0] for s in suites if len(s) == 1),
        dernier=poses[-1] if poses else None,
        cible_y=None if serie.cible is None or serie.cible > haut else y(serie.cible),
        cible=reperes.dire(serie.forme, serie.cible) if serie.cible is not None else "",
        masquee=serie.masquee,
        url=serie.url,
        ecart=serie.ecart,
        mouvement=serie.mouvement,
        unite="" if serie.masquee or derniere is None else serie.unite,
    )


def dessiner(series: Sequence[Serie], *, commune: bool = False) -> tuple[Vignette, ...]:
    """Une vignette par série, dans l'ordre donné. Ce qui est masqué n'entre pas dans l'échelle."""
    vues = [s for s in series if not s.masquee]
    haut = plafond(vues[0].forme, [v for s in vues for v in s.valeurs]) if vues else 1.0
    return tuple(_vignette(s, haut if commune else plafond(s.forme, (*s.valeurs, s.cible))) for s in series)
