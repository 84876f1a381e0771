"""Les barres d'une étude et d'une visite : les mêmes pages partout, et ce que chacun n'ouvre pas n'y est pas."""

import re

import pytest
from django.urls import reverse

from programme.models import Utilisateur
from tests.aides import connecte
from tests.fabriques import cheffe_de, directrice_de
from tests.usages.monographies.fabriques import MonographieFactory, VisiteFactory, equiper
from usages.enums import RoleEtude
from usages.models import Visite
from usages.templatetags.etudes import D_ETUDE, DE_VISITE

pytestmark = pytest.mark.django_db


@pytest.fixture
def visite() -> Visite:
    return VisiteFactory()


def barre(compte: Utilisateur, route: str, cle: int, suite: str = "") -> list[str]:
    """Les mots de la barre de cette page."""
    texte = connecte(compte).get(reverse(route, args=[cle]) + suite).content.decode()
    trouvee = re.search(r'<ul class="onglets">(.*?)</ul>', texte, re.S)
    return re.findall(r"<a [^>]*>([^<]+)</a>", trouvee.group(1)) if trouvee else []


def test_chaque_page_d_une_etude_montre_la_meme_barre(visite: Visite) -> None:
    pilote = equiper(visite.etude, cheffe_de(visite.parcours.grappe))
    attendus = [mot for mot, _ in D_ETUDE]
    for _, route in D_ETUDE:
        assert barre(pilote, route, visite.etude_id) == attendus, route


def test_chaque_page_d_une_visite_montre_la_meme_barre(visite: Visite) -> None:
    pilote = equiper(visite.etude, cheffe_de(visite.parcours.grappe))
    attendus = [mot for mot, _ in DE_VISITE]
    for _, route in DE_VISITE:
        suite = "?relire" if route.endswith("notes") else ""
        assert barre(pilote, route, visite.pk, suite) == attendus, route
    MonographieFactory(visite=visite)
    assert barre(pilote, "usages:visite-detail", visite.pk) == [*attendus, "Monographie"]


def test_qui_ne_fait_que_lire_n_a_pas_le_codage_et_l_esms_pas_de_barre(visite: Visite) -> None:
    lecteur = equiper(visite.etude, cheffe_de(visite.parcours.grappe), RoleEtude.LECTEUR)
    assert "Codage" not in barre(lecteur, "usages:visite-detail", visite.pk)
    assert barre(directrice_de(visite.parcours), "usages:visite-detail", visite.pk) == []
