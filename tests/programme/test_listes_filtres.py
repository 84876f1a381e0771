"""Les filtres d'une liste : écrits pour qui les ouvre, gardés tant qu'un critère est posé, lisibles sans script."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from programme.services.vues import enregistrer_vue
from tests.aides import connecte
from tests.fabriques import EsmsFactory, UtilisateurFactory

pytestmark = pytest.mark.django_db
URL = "/annuaire/esms/"
CHAMP = 'name="region"'
HTMX = {"HX-Request": "true", "HX-Target": "filtres"}


@pytest.fixture
def client() -> Client:
    EsmsFactory(nom="IME du Port")
    return connecte(UtilisateurFactory())


def corps(client: Client, url: str, **entetes: str) -> str:
    return client.get(url, headers=entetes).content.decode()


def test_la_page_n_ecrit_pas_les_filtres_mais_y_mene(client: Client) -> None:
    page = corps(client, f"{URL}?tri=-nom")
    assert CHAMP not in page
    assert 'href="?tri=-nom&amp;panneau=filtres"' in page and 'hx-get="?tri=-nom&amp;panneau=filtres"' in page


def test_sans_script_le_lien_ouvre_les_filtres_sans_rien_perdre(client: Client) -> None:
    page = corps(client, f"{URL}?tri=-nom&panneau=filtres")
    assert CHAMP in page and '<input type="hidden" form="criteres" name="tri" value="-nom">' in page
    assert 'href="?tri=-nom&amp;format=csv"' in page


def test_ouvrir_le_panneau_n_echange_que_lui(client: Client) -> None:
    fragment = corps(client, f"{URL}?panneau=filtres", **HTMX)
    assert CHAMP in fragment and "<html" not in fragment and "IME du Port" not in fragment


@pytest.mark.parametrize("critere", ["region=84", "region=inconnue"])
def test_un_critere_pose_ecrit_les_filtres_pour_qu_il_reste(client: Client, critere: str) -> None:
    assert CHAMP in corps(client, f"{URL}?{critere}")


def test_les_criteres_d_une_vue_ecrivent_les_filtres(client: Client) -> None:
    auteur, criteres = UtilisateurFactory(), {"secteur": ["PA"]}
    vue = enregistrer_vue(par=auteur, liste="programme:esms-liste", nom="Aînés", criteres=criteres)
    assert CHAMP in corps(connecte(auteur), f"{URL}?vue={vue.pk}")


def test_une_recherche_d_une_page_se_lit_sans_etre_comptee(client: Client) -> None:
    EsmsFactory.create_batch(24, nom="IME du Port")

    def comptes(url: str) -> int:
        with CaptureQueriesContext(connection) as lues:
            assert client.get(url).status_code == 200
        return sum("COUNT(" in lue["sql"] for lue in lues.captured_queries)

    EsmsFactory(nom="EHPAD Les Chênes")
    assert comptes(f"{URL}?recherche=chenes") == 0
    assert comptes(f"{URL}?recherche=ime&par_page=25") == 0
    EsmsFactory(nom="IME du Phare")
    assert comptes(f"{URL}?recherche=ime&par_page=25") == 1
