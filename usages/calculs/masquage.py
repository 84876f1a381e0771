"""Ce qu'on tait d'un total : ce qui ne dirait plus que moins de cinq ESMS. Module pur.

Les effectifs comptent des ESMS qui ont répondu, sans ceux dont le lecteur lit déjà les chiffres. Un total se tait s'il
en reste de 1 à 4, ou si le retrancher d'un autre, ou d'autres de lui, n'en laissait que de 1 à 4. Un lecteur lit le
pays, ses secteurs, leurs tailles, et les grappes où il a un ESMS ; l'essai retranche tout de tout.

Une somme de périodes se tait dès que l'une se tait (`additionner`). Ce qu'on ne sait pas taire : le même total, lu
avant puis après qu'un ESMS transmette.
"""

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from programme.calculs.masquage import SEUIL, est_petit
from usages.calculs.agregat import Agregat

K = TypeVar("K", bound=Hashable)
Effectifs = Mapping[tuple[str, str], int]
"""Par (secteur, taille) : combien d'ESMS ont répondu, sans ceux que le lecteur connaît."""

TROP_PEU = f"Moins de {SEUIL} ESMS : ce total désignerait presque l'un d'eux."


@dataclass(frozen=True, slots=True)
class Montre:
    """Un agrégat tel qu'un lecteur le lit. Ni somme ni taux s'il est masqué, ou si personne n'a répondu.

    Combien ont répondu se dit toujours : ce n'est le chiffre de personne.
    """

    numerateur: Decimal | None
    denominateur: Decimal | None
    nb_repondants: int
    nb_concernes: int
    nb_non_mesurables: int = 0
    nb_non_concernes: int = 0
    est_masque: bool = False

    @property
    def taux(self) -> float | None:
        """De 0 à 1 pour un rapport ; None si c'est masqué, ou si le dénominateur vaut zéro."""
        if self.numerateur is None or not self.denominateur:
            return None
        return float(self.numerateur / self.denominateur)

    @property
    def agregat(self) -> Agregat:
        """De quoi l'additionner, ou le comparer ; ce qui se tait y vaut zéro."""
        return Agregat(
            self.numerateur or Decimal(0),
            self.denominateur or Decimal(0),
            self.nb_repondants,
            self.nb_concernes + self.nb_non_concernes,
            self.nb_non_mesurables,
            self.nb_non_concernes,
        )

    @property
    def reponses(self) -> str:
        """« 7 ESMS sur 9 ont répondu »."""
        if not self.nb_repondants:
            return f"aucun ESMS sur {self.nb_concernes} n'a répondu"
        return f"{self.nb_repondants} ESMS sur {self.nb_concernes} {'a' if self.nb_repondants == 1 else 'ont'} répondu"


RIEN = Montre(None, None, 0, 0)
"""Personne n'était attendu : une case vide, pas une case masquée."""


def montrer(agregat: Agregat, *, masque: bool = False) -> Montre:
    """L'agrégat, ou ce qui s'en dit quand il se tait. Une absence de réponse n'est pas un zéro."""
    vide = masque or not agregat.nb_repondants
    return Montre(
        None if vide else agregat.numerateur,
        None if vide else agregat.denominateur,
        agregat.nb_repondants,
        agregat.nb_concernes,
        agregat.nb_non_mesurables,
        agregat.nb_non_concernes,
        masque,
    )


def additionner(montres: Iterable[Montre]) -> Montre:
    """La somme de périodes ou de territoires ; masquée dès que l'un l'est : la différence le dirait."""
    lus = list(montres)
    return montrer(sum((m.agregat for m in lus), Agregat()), masque=any(m.est_masque for m in lus))


def devant_tous(par_og: Collection[int], seuil: int = SEUIL) -> bool:
    """Vrai si un total se dit devant toute une grappe. `par_og` : combien d'ESMS de chaque organisme ont répondu.

    Chaque membre connaît les ESMS de son organisme : sans eux, il en reste aucun, ou au moins cinq.
    """
    total = sum(par_og)
    return total >= seuil and not any(0 < total - n < seuil for n in par_og)


def parties_tues(parties: Mapping[K, int], ailleurs: Mapping[K, int], seuil: int = SEUIL) -> set[K]:
    """Les parties à taire d'un tout qui se lit. `ailleurs` : ce que chacune a hors des grappes lues à côté.

    Celles qui ont quelqu'un, mais moins de cinq ailleurs ; et la plus petite des autres, si à elles toutes elles n'y
    font pas cinq. De la sorte, quoi qu'on retranche de quoi, il reste tout, rien, ou au moins cinq ESMS d'ailleurs.
    """
    tues = {cle for cle, n in parties.items() if n > 0 and ailleurs.get(cle, 0) < seuil}
    autres = sorted((ailleurs.get(cle, 0), str(cle), cle) for cle, n in parties.items() if n > 0 and cle not in tues)
    if tues and autres and sum(ailleurs.get(cle, 0) for cle in tues) < seuil:
        tues.add(autres[0][2])
    return tues


def pays_se_lit(pays: Effectifs, grappes: Mapping[str, Effectifs], secteur: str | None, taille: str | None) -> bool:
    """Vrai si le total du pays (d'un secteur, d'une taille de ce secteur) se montre à qui lit aussi ces grappes.

    Lève `ValueError` pour une taille sans son secteur : les tailles ne se lisent qu'à l'intérieur d'un secteur.
    """
    if taille is not None and secteur is None:
        raise ValueError("Une taille se lit à l'intérieur d'un secteur : donnez aussi le secteur.")
    ailleurs = Counter(pays)
    for grappe in grappes.values():
        if not est_petit(sum(grappe.values())):
            ailleurs.subtract(grappe)
    if est_petit(sum(pays.values())) or est_petit(sum(ailleurs.values())):
        return False
    if secteur is None:
        return True
    if secteur in parties_tues(_par_secteur(pays), _par_secteur(ailleurs)):
        return False
    tailles = {t: n for (s, t), n in pays.items() if s == secteur}
    return taille is None or taille not in parties_tues(
        tailles, {t: n for (s, t), n in ailleurs.items() if s == secteur}
    )


def se_lit_surement(
    pays: Effectifs, plus: Effectifs, epars: int, secteur: str | None, taille: str | None, seuil: int = SEUIL
) -> bool:
    """Vrai si le total du pays se montre quels que soient, ESMS par ESMS, les connus du lecteur et ses grappes.

    `plus` : à eux tous, au plus ces effectifs-là ; et `epars` de plus, dans on ne sait quelle case. Toute partie garde
    alors cinq ESMS d'ailleurs, quoi qu'on en ôte. Faux ne dit rien : il faut compter (`pays_se_lit`).
    """

    def assez(parties: Mapping[K, int], otes: Mapping[K, int]) -> bool:
        return all(n - otes.get(cle, 0) - epars >= seuil for cle, n in parties.items() if n > 0)

    if sum(pays.values()) - sum(plus.values()) - epars < seuil:
        return False
    if secteur is None:
        return taille is None
    tailles, otees = ({t: n for (s, t), n in e.items() if s == secteur} for e in (pays, plus))
    return assez(_par_secteur(pays), _par_secteur(plus)) and (taille is None or assez(tailles, otees))


def _par_secteur(effectifs: Effectifs) -> Counter[str]:
    rendu: Counter[str] = Counter()
    for (secteur, _), n in effectifs.items():
        rendu[secteur] += n
    return rendu
