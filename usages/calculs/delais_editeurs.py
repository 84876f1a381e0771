"""En combien de temps un éditeur répond : la moitié des demandes, neuf sur dix. Module pur, sans base ni horloge.

Une demande encore sans réponse n'est ni oubliée, ni comptée comme si l'on venait de répondre : elle a déjà attendu tant
de jours, au moins. Ne compter que les réponses flatterait l'éditeur qui laisse traîner ce qui est difficile. On estime
donc la part encore sans réponse au bout de t jours (estimateur de Kaplan-Meier, 1958) :

    reste(t) = produit de (1 - réponses au bout de d / demandes qui attendaient encore à d), pour chaque durée d ≤ t

    médiane = la plus petite durée t telle que reste(t) ≤ 1/2
    P90     = la plus petite durée t telle que reste(t) ≤ 1/10

Si trop de demandes attendent encore pour que reste(t) descende jusque-là, on ne sait qu'une borne : « plus de n
jours », n étant la plus longue attente connue. Sans demande ouverte, c'est le quantile ordinaire. Une demande
abandonnée sans réponse a attendu jusqu'à son abandon.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

MOITIE = Fraction(1, 2)
NEUF_SUR_DIX = Fraction(9, 10)
ASSEZ_POUR_LE_P90 = 10
"""En dessous, « neuf sur dix » ne désigne que la plus lente."""
BORNES = (7, 14, 30, 60, 90, 180)
"""Fins de tranches, en jours : de quoi dessiner ; valeurs du produit."""


@dataclass(frozen=True, slots=True)
class Attente:
    """Une demande : combien de jours, et si la réponse est venue au bout."""

    jours: int
    a_reponse: bool


@dataclass(frozen=True, slots=True)
class Quantile:
    """Une durée en jours. `est_borne` : on sait seulement que c'est davantage. Sans demande, `jours` est nul (None)."""

    jours: int | None
    est_borne: bool = False


INCONNU = Quantile(None)


@dataclass(frozen=True, slots=True)
class Tranche:
    """Les demandes dont l'attente va de `de` à `a` jours compris (`a` nul : au-delà) ; répondues, sans réponse."""

    de: int
    a: int | None
    repondues: int
    sans_reponse: int

    @property
    def total(self) -> int:
        """Les deux."""
        return self.repondues + self.sans_reponse


@dataclass(frozen=True, slots=True)
class Delais:
    """Ce qu'on sait des réponses d'un éditeur. `p90` n'est donné qu'à partir de dix demandes."""

    mediane: Quantile
    p90: Quantile
    nb_repondues: int
    nb_sans_reponse: int

    @property
    def nombre(self) -> int:
        """Demandes comptées."""
        return self.nb_repondues + self.nb_sans_reponse


def reste(attentes: Iterable[Attente]) -> Iterator[tuple[int, Fraction]]:
    """La part encore sans réponse juste après chaque durée où l'on a répondu, de la plus courte à la plus longue.

    Comme les suivantes, lit aussi des attentes déjà comptées (attente → nombre).
    """
    reponses: Counter[int] = Counter()
    durees: Counter[int] = Counter()
    for attente, nombre in Counter(attentes).items():
        durees[attente.jours] += nombre
        reponses[attente.jours] += nombre if attente.a_reponse else 0
    attendent, part = durees.total(), Fraction(1)
    for duree in sorted(durees):
        if reponses[duree]:
            part *= 1 - Fraction(reponses[duree], attendent)
            yield duree, part
        attendent -= durees[duree]


def quantile(attentes: Iterable[Attente], part: Fraction) -> Quantile:
    """La durée au bout de laquelle cette part (0..1) des demandes a sa réponse ; une borne si l'on ne sait que cela."""
    lues = Counter(attentes)
    if not lues:
        return INCONNU
    for duree, sans in reste(lues):
        if sans <= 1 - part:
            return Quantile(duree)
    return Quantile(max(a.jours for a in lues), est_borne=True)


def delais_de(attentes: Iterable[Attente]) -> Delais:
    """La médiane, le P90, et de combien de demandes ils viennent."""
    lues = Counter(attentes)
    repondues = sum(nombre for attente, nombre in lues.items() if attente.a_reponse)
    return Delais(
        mediane=quantile(lues, MOITIE),
        p90=quantile(lues, NEUF_SUR_DIX) if lues.total() >= ASSEZ_POUR_LE_P90 else INCONNU,
        nb_repondues=repondues,
        nb_sans_reponse=lues.total() - repondues,
    )


def tranches(attentes: Iterable[Attente]) -> list[Tranche]:
    """Toutes les tranches, vides comprises : chaque demande est dans une seule."""
    lues = list(attentes)
    rendu, de = [], 0
    for a in (*BORNES, None):
        dedans = [x for x in lues if x.jours >= de and (a is None or x.jours <= a)]
        repondues = sum(x.a_reponse for x in dedans)
        rendu.append(Tranche(de, a, repondues, len(dedans) - repondues))
        de = (a or 0) + 1
    return rendu
