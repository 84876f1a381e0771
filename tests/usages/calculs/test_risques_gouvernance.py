"""Ce que les risques et la gouvernance mesurent, face à la force brute."""

from collections import Counter
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from gouvernance.enums import EtatAlerte
from gouvernance.models.alertes import OUVERTES
from programme.models import Parcours
from risques.enums import EtatRisque
from tests.fabriques import GrappeFactory, ParcoursFactory, UtilisateurFactory
from tests.gouvernance.fabriques import AlerteFactory
from tests.risques.fabriques import RisqueFactory
from tests.usages.calculs.aides import DEBUT, FIN, JOURS, compte, etat_au, histoires, mesurer, vivre

RANGS = st.integers(0, 1)
EXEMPLES = settings(max_examples=25, deadline=None)


def _a_midi(jour: date) -> datetime:
    return timezone.make_aware(datetime(jour.year, jour.month, jour.day, 12))


class Veille(TestCase):
    """Deux ESMS d'une grappe, et ce qui est à toute la grappe."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.grappe = GrappeFactory()
        cls.parcours: list[Parcours] = [ParcoursFactory(grappe=cls.grappe) for _ in range(2)]
        cls.par: Any = UtilisateurFactory()

    @EXEMPLES
    @given(
        st.lists(st.tuples(RANGS, JOURS, st.sampled_from([(1, 1), (4, 4)]), histoires(list(EtatRisque))), max_size=6)
    )
    def test_les_risques_ouverts_par_niveau(self, lignes: Any) -> None:
        RisqueFactory(grappe=self.grappe, cree_le=_a_midi(DEBUT))
        niveaux: dict[int, Counter[str]] = {0: Counter(), 1: Counter()}
        for rang, cree, (probabilite, impact), histoire in lignes:
            risque = RisqueFactory(
                parcours=self.parcours[rang], probabilite=probabilite, impact=impact, cree_le=_a_midi(cree)
            )
            vivre(risque, histoire, self.par)
            if cree <= FIN and etat_au(EtatRisque.IDENTIFIE, histoire, FIN) != EtatRisque.CLOS:
                niveaux[rang]["inacceptable" if probabilite == 4 else "acceptable"] += 1
        attendu = {
            self.parcours[rang].pk: {"": (sum(parts.values()), None)} | {cle: (n, None) for cle, n in parts.items()}
            for rang, parts in niveaux.items()
        }
        assert mesurer("risques_par_niveau", self.parcours) == attendu

    @EXEMPLES
    @given(st.lists(st.tuples(RANGS, JOURS, histoires(list(EtatAlerte))), max_size=6))
    def test_les_alertes_ouvertes(self, lignes: Any) -> None:
        AlerteFactory(grappe=self.grappe, levee_le=_a_midi(DEBUT))
        ouvertes = [0, 0]
        for rang, levee, histoire in lignes:
            alerte = AlerteFactory(grappe=self.grappe, parcours=self.parcours[rang], levee_le=_a_midi(levee))
            depart = alerte.etat
            vivre(alerte, histoire, self.par)
            ouvertes[rang] += levee <= FIN and etat_au(depart, histoire, FIN) in OUVERTES
        attendu = {self.parcours[rang].pk: compte(nombre) for rang, nombre in enumerate(ouvertes)}
        assert mesurer("points_attention", self.parcours) == attendu
