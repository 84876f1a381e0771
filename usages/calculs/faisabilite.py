"""Peut-on encore remplir toutes les places ? La recherche exacte qui porte les quotas. Module pur.

Des candidats semblables (mêmes quotas, mêmes plafonds en jeu) sont comptés ensemble : c'est ce qui rend la recherche
courte. À chaque pas, on relève ce qui est dû : à un quota, ou à un groupe plafonné dont on ne peut plus se passer. On
renonce dès qu'un compte montre que c'est impossible ; sinon on sert le plus serré. Tout est compté en pas, jamais en
secondes : la borne tombe au même endroit sur toute machine.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

BORNE = 10_000
"""Pas de recherche au plus pour une sélection ; les pires cas essayés à 200 candidats en demandent moins de 2 000."""

Sorte = tuple[frozenset[int], frozenset[int]]
"""Les quotas qu'un candidat sert, les groupes plafonnés où il compte."""


class TropDeCombinaisons(ValueError):
    """La borne est atteinte : rien n'est tranché, plutôt qu'un résultat qui ne serait pas le bon."""


@dataclass(frozen=True, slots=True)
class Groupe:
    """Une valeur d'un plafond (une région) et combien y tiennent. `plafond` : le rang du plafond."""

    plafond: int
    au_plus: int


@dataclass(frozen=True, slots=True)
class _Du:
    """Au moins `nombre` candidats sont à prendre parmi ces sortes, qui en comptent `dispo`."""

    nombre: int
    dispo: int
    sortes: tuple[Sorte, ...]

    @property
    def jeu(self) -> tuple[int, int]:
        """Ce qu'on peut encore laisser ; le plus serré d'abord."""
        return self.dispo - self.nombre, self.dispo


class Recherche:
    """Les candidats d'une sélection, et ce qu'on peut encore en faire ; compte ses pas d'un appel à l'autre.

    `faits` : pour chaque quota, le fait sur lequel il porte ; un candidat sert au plus un quota d'un même fait.
    """

    def __init__(
        self, sortes: Sequence[Sorte], groupes: Sequence[Groupe], faits: Sequence[str], borne: int = BORNE
    ) -> None:
        self.sortes, self.groupes, self.faits, self.borne = sortes, groupes, faits, borne
        self.plafonds = sorted({g.plafond for g in groupes})
        self.ensembles = [
            s
            for fait in sorted(set(faits))
            for taille in range(1, len(faits) + 1)
            for s in combinations([q for q, f in enumerate(faits) if f == fait], taille)
        ]
        self.pas = 0
        self._impossibles: set[object] = set()

    def reste(self, choisis: Iterable[int]) -> tuple[int, ...]:
        """Ce qui tient encore dans chaque groupe ; sous zéro, c'est déjà trop."""
        reste = [g.au_plus for g in self.groupes]
        for i in choisis:
            for g in self.sortes[i][1]:
                reste[g] -= 1
        return tuple(reste)

    def possible(self, choisis: Sequence[int], libres: Iterable[int], besoins: Sequence[int], taille: int) -> bool:
        """Vrai si l'on peut compléter `choisis` par des `libres` jusqu'à `taille`, quotas servis, plafonds tenus.

        Lève `TropDeCombinaisons` à la borne.
        """
        reste = self.reste(choisis)
        servis = Counter(q for i in choisis for q in self.sortes[i][0])
        manque = tuple(max(0, n - servis[q]) for q, n in enumerate(besoins))
        places = taille - len(choisis)
        if places < 0 or any(r < 0 for r in reste):
            return False
        return self._chercher(Counter(self.sortes[i] for i in libres), reste, manque, places)

    def _chercher(self, sortes: Mapping[Sorte, int], reste: tuple[int, ...], manque: tuple[int, ...], n: int) -> bool:
        dus = Counter[str]()
        for fait, m in zip(self.faits, manque, strict=True):
            dus[fait] += m
        if any(du > n for du in dus.values()):
            return False
        if n == 0:
            return True
        self.pas += 1
        if self.pas > self.borne:
            raise TropDeCombinaisons(
                "Trop de combinaisons pour trancher sûrement : ôtez un plafond, ou gardez moins de candidats."
            )
        utiles = self._simplifier(sortes, reste, manque, n)
        if not any(manque) and all(not groupes for _, groupes in utiles):
            return sum(utiles.values()) >= n
        cle = (frozenset(utiles.items()), tuple((g, reste[g]) for g in sorted(_groupes(utiles))), manque, n)
        if cle in self._impossibles:
            return False
        serre = self._serre(utiles, reste, manque, n)
        if serre and any(self._chercher(*suite, n - 1) for suite in _essais(utiles, serre, reste, manque)):
            return True
        self._impossibles.add(cle)
        return False

    def _simplifier(
        self, sortes: Mapping[Sorte, int], reste: tuple[int, ...], manque: tuple[int, ...], n: int
    ) -> Counter[Sorte]:
        """Sans les candidats de trop, les quotas déjà servis, ni les plafonds qu'on ne peut plus dépasser."""
        ouvertes = {s: nb for s, nb in sortes.items() if nb and all(reste[g] for g in s[1])}
        dans: Counter[int] = Counter()
        for (_, groupes), nb in ouvertes.items():
            for g in groupes:
                dans[g] += nb
        rendu: Counter[Sorte] = Counter()
        for (quotas, groupes), nb in ouvertes.items():
            en_jeu = frozenset(g for g in groupes if min(dans[g], n) > reste[g])
            rendu[frozenset(q for q in quotas if manque[q]), en_jeu] += nb
        return rendu

    def _serre(
        self, sortes: Counter[Sorte], reste: tuple[int, ...], manque: tuple[int, ...], n: int
    ) -> tuple[Sorte, ...] | None:
        """Les sortes parmi lesquelles il faut prendre, au plus serré ; None si un compte montre que rien ne va."""
        voulus = [(ensemble, sum(manque[q] for q in ensemble)) for ensemble in self.ensembles]
        # Tout candidat compte pour les places, quel que soit son quota.
        a_servir = [(None, n), *((e, m) for e, m in voulus if all(manque[q] for q in e))]
        meilleur: _Du | None = None
        for ensemble, m in a_servir:
            servent = {s: nb for s, nb in sortes.items() if ensemble is None or not s[0].isdisjoint(ensemble)}
            for du in self._dus(servent, reste, m):
                if du.dispo < du.nombre:
                    return None
                if du.nombre > 0 and (meilleur is None or du.jeu < meilleur.jeu):
                    meilleur = du
        return meilleur.sortes if meilleur else None

    def _dus(self, servent: Mapping[Sorte, int], reste: tuple[int, ...], voulu: int) -> Iterator[_Du]:
        """Ce qui est dû : en tout, puis, plafond par plafond, à chaque groupe dont les autres ne peuvent se passer."""
        yield _Du(voulu, sum(servent.values()), tuple(servent))
        for plafond in self.plafonds:
            par_groupe: dict[int | None, list[Sorte]] = {}
            for sorte in servent:
                groupe = next((g for g in sorte[1] if self.groupes[g].plafond == plafond), None)
                par_groupe.setdefault(groupe, []).append(sorte)
            dispo = {g: sum(servent[s] for s in siennes) for g, siennes in par_groupe.items()}
            tient = {g: nb if g is None else min(nb, reste[g]) for g, nb in dispo.items()}
            jeu = sum(tient.values()) - voulu
            if jeu < 0:
                yield _Du(1, 0, ())
                return
            for g, siennes in par_groupe.items():
                if tient[g] > jeu:
                    yield _Du(tient[g] - jeu, dispo[g], tuple(siennes))


def _essais(
    utiles: Counter[Sorte], serre: Sequence[Sorte], reste: tuple[int, ...], manque: tuple[int, ...]
) -> Iterator[tuple[Counter[Sorte], tuple[int, ...], tuple[int, ...]]]:
    """Prendre un candidat de chacune de ces sortes ; une sorte essayée ne revient pas."""
    restent = Counter(utiles)
    # Celui qui sert le plus et gêne le moins d'abord ; l'ordre ne change pas la réponse, seulement le chemin.
    for sorte in sorted(serre, key=lambda s: (-len(s[0]), len(s[1]), sorted(s[0]), sorted(s[1]))):
        quotas, groupes = sorte
        restent[sorte] -= 1
        yield (
            Counter(restent),
            tuple(r - (g in groupes) for g, r in enumerate(reste)),
            tuple(m - (q in quotas) for q, m in enumerate(manque)),
        )
        restent[sorte] = 0


def _groupes(sortes: Iterable[Sorte]) -> set[int]:
    return {g for _, groupes in sortes for g in groupes}
