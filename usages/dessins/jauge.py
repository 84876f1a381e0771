"""La jauge d'un chiffre face à sa cible : une barre depuis zéro, un trait à la cible. Module pur.

Abscisses en part de la largeur, de 0 à 1. Le trait reste dans la barre : l'échelle contient toujours la cible.
"""

from dataclasses import dataclass

from usages.calculs import reperes
from usages.dessins.commun import plafond


@dataclass(frozen=True, slots=True)
class Jauge:
    """Ce que le gabarit attend : `part` remplie, `cible` et `seuil` où les poser, et tout en mots."""

    part: float
    cible: float | None
    seuil: float | None
    tenu: bool | None
    alerte: bool
    valeur: str
    visee: str
    mot: str

    @property
    def dit(self) -> str:
        """La jauge en une phrase, pour qui ne la voit pas."""
        suite = [f"cible {self.visee}" if self.cible is not None else "", self.mot]
        return ", ".join([self.valeur, *(s for s in suite if s)])


def dessiner(
    forme: str, sens: str, valeur: float | None, cible: float | None = None, seuil: float | None = None
) -> Jauge:
    """La jauge de ce chiffre ; sans chiffre, une barre vide."""
    haut = plafond(forme, (valeur, cible, seuil))
    verdict = reperes.juger(forme, sens, valeur, cible, seuil)

    def part(nombre: float | None) -> float | None:
        return None if nombre is None else round(min(max(nombre / haut, 0.0), 1.0), 4)

    return Jauge(
        part=part(valeur) or 0.0,
        cible=part(cible),
        seuil=part(seuil),
        tenu=verdict.tenu,
        alerte=verdict.alerte,
        valeur=reperes.dire(forme, valeur),
        visee=reperes.dire(forme, cible),
        mot=verdict.mot,
    )
