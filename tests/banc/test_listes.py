"""Une page de liste face à une page Django nue des mêmes lignes, sous les mêmes intergiciels."""

from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test import Client

from programme.models import Esms, Grappe, Parcours, Utilisateur
from tests.banc.conftest import LePays
from tests.banc.mesures import mesurer, noter

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.banc.nues")]
LISTES: dict[str, tuple[str, str, QuerySet]] = {
    "annuaire": ("/annuaire/esms/", "/nue/", Esms.objects.order_by("tri", "pk")),
    "projet": ("/parcours/", "/nue-projet/", Parcours.objects.order_by("esms__tri", "pk")),
    "grappes": ("/grappes/", "/nue-grappes/", Grappe.objects.order_by("tri", "pk")),
    "comptes": ("/comptes/", "/nue-comptes/", Utilisateur.objects.order_by("nom", "pk")),
}


def lire(client: Client, url: str, **entetes: str) -> None:
    """La page, ou un échec : une page refusée se mesurerait très bien."""
    reponse = client.get(url, headers=entetes)
    assert reponse.status_code == 200, f"{url} : {reponse.status_code}"


def sql(requete: QuerySet) -> float:
    """Les mêmes cinquante lignes en SQL, sans Django."""
    texte, parametres = requete.values_list()[:50].query.sql_with_params()

    def jouer() -> None:
        with connection.cursor() as curseur:
            curseur.execute(texte, parametres)
            curseur.fetchall()

    return 1000 * mesurer(jouer)


def _duree(client: Client, url: str, **entetes: str) -> float:
    return 1000 * mesurer(partial(lire, client, url, **entetes), fois=9)


@pytest.mark.parametrize("nom", LISTES)
def test_premiere_milieu_derniere(pays: LePays, nom: str) -> None:
    url, nue, lignes = LISTES[nom]
    client, groupe = pays.client(), f"Liste {nom}"
    brut, nu = sql(lignes), _duree(client, nue)
    noter(groupe, f"{nom}, page Django nue", nu, repere=brut, repere_nom="SQL brut")
    premiere = _duree(client, url)
    noter(groupe, f"{nom}, première page", premiere, repere=nu, repere_nom="page nue", rapport_max=5)
    pages = lignes.count() // 50
    milieu, derniere = _duree(client, f"{url}?page={pages // 2}"), _duree(client, f"{url}?page=999999")
    noter(groupe, f"{nom}, page du milieu", milieu, repere=premiere, repere_nom="première page", rapport_max=2.5)
    noter(groupe, f"{nom}, dernière page", derniere, repere=premiere, repere_nom="première page", rapport_max=1.5)


TRIS = {
    "annuaire": ("finess", "-nom", "categorie", "og", "ville", "departement", "region"),
    "projet": ("-etat", "prochaine_date", "-prochaine_date", "depuis", "grappe", "vague", "categorie", "og", "ville"),
    "grappes": ("etat", "-nb_esms", "porteur", "region"),
}


@pytest.mark.parametrize("nom", TRIS)
def test_tris(pays: LePays, nom: str) -> None:
    url, nue, _ = LISTES[nom]
    client = pays.client()
    nu = _duree(client, nue)
    for tri in TRIS[nom]:
        valeur = _duree(client, f"{url}?tri={tri}")
        noter(f"Tri {nom}", f"{nom}, tri {tri}", valeur, repere=nu, repere_nom="page nue", rapport_max=5)


TERMES = {"courant": "tilleuls", "deux mots": "ehpad valbois", "rare": "tilleuls 042", "absent": "zzyzx"}


@pytest.mark.parametrize("nom", ["annuaire", "projet", "grappes"])
def test_recherche(pays: LePays, nom: str) -> None:
    url = LISTES[nom][0]
    client = pays.client()
    premiere = _duree(client, url)
    for genre, terme in TERMES.items():
        adresse = f"{url}?recherche={terme.replace(' ', '+')}"
        commun: dict[str, Any] = {"repere": premiere, "repere_nom": "première page", "rapport_max": 2}
        noter(f"Recherche {nom}", f"{nom}, terme {genre} « {terme} »", _duree(client, adresse), **commun)
    fragment = _duree(client, f"{url}?recherche=tilleuls", **{"HX-Request": "true", "HX-Target": "resultats"})
    noter(f"Recherche {nom}", f"{nom}, fragment htmx", fragment, **commun)


FILTRES = {
    "annuaire": ("region=84", "secteur=PA", "categorie=190", "og=fondation", "activite=tous&champ=toutes"),
    "projet": ("etat=cadrage", "region=84", "vague=1", "secteur=PH_ENFANT", "depuis=6", "og=fondation"),
}


@pytest.mark.parametrize("nom", FILTRES)
def test_filtres(pays: LePays, nom: str) -> None:
    url, nue, _ = LISTES[nom]
    client = pays.client()
    nu = _duree(client, nue)
    for filtre in FILTRES[nom]:
        valeur = _duree(client, f"{url}?{filtre}")
        noter(f"Filtre {nom}", f"{nom}, {filtre}", valeur, repere=nu, repere_nom="page nue", rapport_max=5)


@pytest.mark.parametrize("role", ["chef", "directeur", "ars"])
def test_par_role(pays: LePays, role: str) -> None:
    client = pays.client(role)
    nu = _duree(client, "/nue-projet/")
    for nom, url in (("projet", "/parcours/"), ("grappes", "/grappes/"), ("annuaire", "/annuaire/esms/")):
        valeur = _duree(client, url)
        noter("Listes selon le rôle", f"{nom}, {role}", valeur, repere=nu, repere_nom="page nue", rapport_max=5)
