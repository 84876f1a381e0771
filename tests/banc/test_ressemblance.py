"""Les voisins d'un retour parmi dix mille : bâtir l'index, puis interroger."""

import random
from collections.abc import Hashable

from tests.banc.mesures import mesurer, noter
from tests.usages.retours.jeu_de_retours import RETOURS
from usages.calculs.ressemblance import Ressemblance, Retour

NOMBRE = 10_000


def _dix_mille() -> list[Retour]:
    """Des phrases faites de morceaux du jeu : les mots y sont bien plus fréquents que sur le terrain."""
    tirage = random.Random(10)
    morceaux = [d.probleme.split() for d in RETOURS]
    retours = []
    for n in range(NOMBRE):
        a, b = tirage.sample(morceaux, 2)
        phrase = " ".join([*a[: tirage.randrange(4, 12)], *b[-tirage.randrange(2, 8) :]])
        retours.append(Retour(n, phrase, "", tirage.choice(RETOURS).module))
    return retours


def test_dix_mille_retours() -> None:
    retours = _dix_mille()
    noter("ressemblance", "index de 10 000 retours", 1000 * mesurer(lambda: Ressemblance(retours), fois=3))
    index = Ressemblance(retours)
    cles: list[Hashable] = list(range(0, NOMBRE, NOMBRE // 50))

    def interroger() -> None:
        for cle in cles:
            index.voisins(cle, limite=5)

    noter("ressemblance", "voisins d'un retour", 1000 * mesurer(interroger) / len(cles), maximum=50)
