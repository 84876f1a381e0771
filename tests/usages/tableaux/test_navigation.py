"""Le menu du compte mène aux tableaux de bord qu'on ouvre, et à ceux-là seulement."""

import re
from typing import Any

import pytest
from django.urls import reverse

from programme.enums import Role
from tests.aides import connecte
from tests.fabriques import GrappeFactory, OgFactory, RegionFactory, UtilisateurFactory, affecter, cheffe_de
from tests.usages.tableaux.mondes import esms

pytestmark = pytest.mark.django_db
PAYS, REGION, CATALOGUE = "Tableau de bord du pays", "Tableau de bord de la région", "Catalogue des indicateurs"
PRATIQUES = "Pratiques partagées"


def _compte(nom: str) -> Any:
    grappe = GrappeFactory()
    (ime,) = esms(grappe, 1)
    region = ime.esms.departement.region
    if nom == "deux régions":
        compte = affecter(Role.GRADES, RegionFactory(code="53", nom="Bretagne"))
        affecter(Role.GRADES, RegionFactory(code="94", nom="Corse"), utilisateur=compte)
        return compte
    comptes: dict[str, Any] = {
        "sans rôle": UtilisateurFactory,
        "cheffe": lambda: cheffe_de(grappe),
        "directrice": lambda: affecter(Role.DIRECTEUR, ime.esms),
        "siège": lambda: affecter(Role.SIEGE, OgFactory()),
        "membre": lambda: affecter(Role.MEMBRE, grappe),
        "ars": lambda: affecter(Role.ARS, region),
        "grades": lambda: affecter(Role.GRADES, region),
        "financeur national": lambda: affecter(Role.ARS, None),
        "admin": lambda: affecter(Role.ADMIN, None),
    }
    return comptes[nom]()


@pytest.mark.parametrize(
    ("nom", "attendus"),
    [
        ("sans rôle", []),
        ("cheffe", [CATALOGUE]),
        ("directrice", [CATALOGUE]),
        ("siège", [CATALOGUE]),
        ("membre", [CATALOGUE]),
        ("ars", [REGION, CATALOGUE]),
        ("grades", [REGION, CATALOGUE]),
        ("deux régions", [CATALOGUE]),
        ("financeur national", [PAYS, CATALOGUE]),
        ("admin", [PAYS, CATALOGUE]),
    ],
)
def test_chacun_trouve_ce_qu_il_ouvre_et_aucun_lien_ne_refuse(nom: str, attendus: list[str]) -> None:
    client = connecte(_compte(nom))
    accueil = client.get(reverse("programme:accueil")).text
    menu = accueil[accueil.index('<details class="menu moi">') : accueil.index("Se déconnecter")]
    liens = {
        re.sub("<[^>]+>", "", mot).strip(): url for url, mot in re.findall(r'<a href="([^"]+)">(.*?)</a>', menu, re.S)
    }
    assert [mot for mot in liens if mot in (PAYS, REGION, CATALOGUE)] == attendus
    for mot, url in liens.items():
        assert client.get(url).status_code == 200, mot


def test_le_menu_ne_coute_aucune_requete(django_assert_num_queries: Any) -> None:
    from programme.socle.onglets import liens_du_compte

    compte = _compte("ars")
    assert compte.perimetre.regions
    with django_assert_num_queries(0):
        assert [lien.libelle for liens in liens_du_compte for lien in liens(compte)] == [
            REGION,
            "Études",
            "Monographies",
            PRATIQUES,
            CATALOGUE,
        ]
