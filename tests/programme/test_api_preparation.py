"""API : besoins, applications, état des lieux, personnes et temps ; mêmes lignes, mêmes refus que les pages."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from programme.enums import Role
from programme.models import Besoin, BesoinCommun, Equipement, Parcours, Utilisateur
from programme.socle.porte import changer_etat
from tests.aides import connecte
from tests.fabriques import ApplicationFactory, ParcoursFactory, affecter, cheffe_de, dire_tout, directrice_de

pytestmark = pytest.mark.django_db


@pytest.fixture
def parcours() -> Parcours:
    parcours = ParcoursFactory()
    dire_tout(parcours)
    return parcours


@pytest.fixture
def cheffe(parcours: Parcours) -> Utilisateur:
    return cheffe_de(parcours.grappe)


ROUTES: dict[str, Callable[[Parcours], list[int]]] = {
    "besoin-liste": lambda p: [],
    "application-liste": lambda p: [],
    "grappe-besoins-communs": lambda p: [p.grappe_id],
    "parcours-etat-des-lieux": lambda p: [p.pk],
    "parcours-personnes": lambda p: [p.pk],
}
LISTES = ("besoin-liste", "application-liste")


def _url(route: str, parcours: Parcours) -> str:
    return reverse(f"api:{route}", args=ROUTES[route](parcours))


def _lire(compte: Utilisateur, route: str, parcours: Parcours, **criteres: Any) -> Any:
    reponse = connecte(compte).get(_url(route, parcours), criteres)
    assert reponse.status_code == 200, reponse.content
    return reponse.json()


# --- ce qu'elles rendent -------------------------------------------------------------------------------------------


def test_un_besoin_dit_qui_le_demande_et_ou_il_est_range(parcours: Parcours, cheffe: Utilisateur) -> None:
    (besoin,) = _lire(cheffe, "besoin-liste", parcours)["results"]
    commun = BesoinCommun.objects.get()
    assert besoin == {
        "id": Besoin.objects.get().pk, "grappe": parcours.grappe_id, "parcours": parcours.pk,
        "esms": {"finess": parcours.esms.finess, "nom": parcours.esms.nom}, "libelle": "Lire la nuit en une page 0",
        "module": None, "priorite": "utile", "perimetre": "", "methode": "", "precision": "", "commun": commun.pk,
    }  # fmt: skip
    (range_,) = _lire(cheffe, "grappe-besoins-communs", parcours)["results"]
    assert range_ == {"id": commun.pk, "libelle": "Une relève lisible", "besoins": [besoin]}


def test_un_besoin_commun_ne_montre_que_les_esms_que_l_on_lit(parcours: Parcours) -> None:
    voisin = ParcoursFactory(grappe=parcours.grappe)
    dire_tout(voisin, 1)
    (commun,) = _lire(directrice_de(voisin), "grappe-besoins-communs", parcours)["results"]
    assert [b["parcours"] for b in commun["besoins"]] == [voisin.pk]


def test_une_application_de_l_og_n_a_pas_de_parcours(parcours: Parcours, cheffe: Utilisateur) -> None:
    lues = _lire(cheffe, "application-liste", parcours)["results"]
    assert [(a["nom"], a["parcours"], a["esms"] is None) for a in lues] == [
        ("Paie 0", None, True), ("Tempo Équipes 0", parcours.pk, False),
    ]  # fmt: skip
    assert lues[0]["og"]["finess"] == parcours.esms.og.finess


def test_les_filtres_sont_ceux_de_la_page(parcours: Parcours, cheffe: Utilisateur) -> None:
    assert _lire(cheffe, "application-liste", parcours, domaine="paie")["count"] == 1
    assert _lire(cheffe, "besoin-liste", parcours, rapproche="non")["count"] == 0
    assert _lire(cheffe, "besoin-liste", parcours, recherche="NUIT")["count"] == 1
    inconnu = connecte(cheffe).get(_url("besoin-liste", parcours), {"couleur": "bleu"})
    assert inconnu.status_code == 400 and "couleur" in inconnu.json()


def test_l_etat_des_lieux_reunit_ce_qui_vaut_pour_l_esms(parcours: Parcours, cheffe: Utilisateur) -> None:
    ApplicationFactory(parcours=parcours, nom="PAIE 0", editeur="À part")
    etat = _lire(cheffe, "parcours-etat-des-lieux", parcours)
    assert etat.keys() == {"documents", "contacts", "applications", "equipement"}
    (document,) = etat["documents"]
    assert (document["nature"], document["lieu"], document["pour_tout_l_og"]) == ("contrats", "au siège", False)
    (contact,) = etat["contacts"]
    assert (contact["sujet"], contact["nom"], contact["provenance"]) == ("si", "Service informatique", "de l'ESMS")
    assert {a["nom"] for a in etat["applications"]} == {"Tempo Équipes 0", "PAIE 0"}, "la sienne passe devant"
    assert etat["equipement"]["rapport"] == "0.75" and "il manque 1 poste" in etat["equipement"]["alertes"][0]
    Equipement.objects.all().delete()
    assert _lire(cheffe, "parcours-etat-des-lieux", parcours)["equipement"] is None


def test_les_personnes_leurs_heures_et_le_temps_par_metier(parcours: Parcours, cheffe: Utilisateur) -> None:
    lu = _lire(cheffe, "parcours-personnes", parcours)
    assert lu["heures"] == {"demandees": 8, "accordees": 4, "degagees": None}
    assert [(p["fonction"], p["heures_degagees"]) for p in lu["personnes"]] == [("Éducatrice", None)]
    assert [(t["libelle"], t["decision"], t["minutes"]) for t in lu["temps"]] == [("Éducateur 0", "decide", 20)]
    assert lu["temps_ecriture"] == "non_decide"


# --- qui lit -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("route", ROUTES)
def test_le_financeur_n_en_lit_rien(parcours: Parcours, cheffe: Utilisateur, route: str) -> None:
    changer_etat(parcours.grappe, "deposer", par=cheffe)
    reponse = connecte(affecter(Role.ARS, parcours.esms.departement.region)).get(_url(route, parcours))
    if route in LISTES:
        assert reponse.status_code == 200 and reponse.json()["count"] == 0
    else:
        assert reponse.status_code == 403 and reponse.json().keys() == {"motif"}


@pytest.mark.parametrize("route", ROUTES)
def test_d_ailleurs_rien_n_existe(parcours: Parcours, route: str) -> None:
    reponse = connecte(directrice_de(ParcoursFactory())).get(_url(route, parcours))
    if route in LISTES:
        assert reponse.json()["count"] == 0
    else:
        assert reponse.status_code == 404


# --- le coût -------------------------------------------------------------------------------------------------------


def _nb_requetes(client: Client, url: str) -> int:
    assert client.get(url).status_code == 200
    with CaptureQueriesContext(connection) as lues:
        client.get(url)
    return len(lues)


@pytest.mark.parametrize("route", ROUTES)
def test_autant_de_requetes_a_une_ligne_qu_a_cinquante(parcours: Parcours, cheffe: Utilisateur, route: str) -> None:
    client, url = connecte(cheffe), _url(route, parcours)
    une = _nb_requetes(client, url)
    for rang in range(1, 50):
        dire_tout(parcours, rang)
    autres = [ParcoursFactory(grappe=parcours.grappe) for _ in range(5)]
    for autre in autres:
        dire_tout(autre, 50)
        BesoinCommun.objects.create(grappe=parcours.grappe, libelle=f"À part {autre.pk}").besoins.add(
            Besoin.objects.create(parcours=autre, libelle="À part")
        )
    assert _nb_requetes(client, url) == une
