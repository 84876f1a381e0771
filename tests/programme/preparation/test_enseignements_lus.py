"""« Enseignements du pilote lus » : demandé aux suivants, une fois que le pilote a quelque chose à dire."""

import pytest

from programme.conditions import dater
from programme.models import Parcours
from programme.socle.conditions import evaluer
from tests.fabriques import ParcoursFactory, cheffe_de

pytestmark = pytest.mark.django_db


def reunie(parcours: Parcours) -> bool | None:
    constats = evaluer(Parcours.objects.filter(pk=parcours.pk), "ouvrir")[parcours.pk]
    constat = next(c for c in constats if c.condition.code == "lecture")
    assert constat.severite == "avertit"
    return constat.ok


def test_sans_enseignements_rien_a_lire_puis_on_les_lit() -> None:
    pilote = ParcoursFactory(est_pilote=True)
    suivant, ailleurs = ParcoursFactory(grappe=pilote.grappe), ParcoursFactory()
    cheffe = cheffe_de(pilote.grappe)
    assert reunie(suivant) is None
    dater("enseignements")(pilote, cheffe)
    assert (reunie(suivant), reunie(pilote), reunie(ailleurs)) == (False, None, None)
    dater("lecture")(suivant, cheffe)
    assert reunie(suivant) is True


def test_les_enseignements_d_un_esms_qui_n_est_pas_pilote_ne_comptent_pas() -> None:
    autre = ParcoursFactory()
    dater("enseignements")(autre, cheffe_de(autre.grappe))
    assert reunie(ParcoursFactory(grappe=autre.grappe)) is None
