"""Les filtres d'une liste : écrits pour qui les ouvre, gardés tant qu'un critère est posé, lisibles sans script."""

from typing import Any

import pytest
from django.db import connection
from django.forms import HiddenInput
from django.http import HttpRequest, QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from programme.enums import Role
from programme.filters.annuaire import EsmsFilter
from programme.filters.carte import CarteFilter
from programme.models import Esms
from programme.services.vues import enregistrer_vue
from programme.socle.filtres import Cases, FiltreListe
from programme.urls import urlpatterns
from tests.aides import connecte
from tests.fabriques import EsmsFactory, UtilisateurFactory, affecter

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


def test_sans_critere_le_formulaire_ne_se_batit_pas(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    EsmsFactory(nom="Ouvert")
    EsmsFactory(nom="Fermé", est_actif=False)

    def refuser(_: Any) -> None:
        raise AssertionError("le formulaire n'avait pas à se bâtir")

    monkeypatch.setattr(EsmsFilter, "get_form_class", refuser)
    liste = client.get(URL).context["liste"]
    assert [str(ligne.record.nom) for ligne in liste.table.rows] == ["IME du Port", "Ouvert"]
    with pytest.raises(AssertionError):
        client.get(f"{URL}?secteur=PA")


def _filtres() -> set[type[FiltreListe]]:
    listes = [getattr(route.callback, "view_class", None) for route in urlpatterns]
    # La carte filtre sans être une liste.
    return {CarteFilter} | {liste.filtre for liste in listes if liste is not None and liste.filtre is not None}


@pytest.mark.parametrize("classe", sorted(_filtres(), key=lambda c: c.__name__))
def test_sans_critere_ou_tous_vides_c_est_le_meme_ensemble(classe: type[FiltreListe]) -> None:
    requete = HttpRequest()
    requete.user = affecter(Role.ADMIN)
    modele: Any = classe._meta.model

    def garde(adresse: str) -> str:
        filtre = classe(QueryDict(adresse), modele.objects.all(), request=requete)
        assert filtre.is_valid()
        return str(filtre.qs.query)

    un = next(nom for nom, filtre in classe.base_filters.items() if not isinstance(filtre, Cases))
    assert garde("") == garde(f"{un}=")


def test_deux_listes_ne_partagent_pas_leurs_filtres() -> None:
    un, autre = (EsmsFilter(QueryDict(""), Esms.objects.all()) for _ in range(2))
    un.filters["region"].extra["widget"] = HiddenInput
    assert autre.filters["region"].extra["widget"] is not HiddenInput
    assert EsmsFilter.base_filters["region"].extra["widget"] is not HiddenInput
    assert un.filters["region"].parent is un


def test_une_recherche_ne_balaie_la_table_qu_une_fois(client: Client) -> None:
    """Les clés et leur nombre ensemble ; les lignes se lisent ensuite par ces clés."""
    EsmsFactory.create_batch(26, nom="IME du Port")
    EsmsFactory(nom="EHPAD Les Chênes")
    for texte, nombre in (("chenes", 1), ("port", 27), ("zzyzx", 0)):
        with CaptureQueriesContext(connection) as lues:
            liste = client.get(f"{URL}?recherche={texte}&par_page=25").context["liste"]
        assert liste.total == nombre
        assert sum("LIKE" in lue["sql"] for lue in lues.captured_queries) == 1
