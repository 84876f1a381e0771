"""API v1 : le contrat de chaque route, les refus de la porte, le périmètre, le coût."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from programme.conditions import dater
from programme.enums import Role
from programme.models import Grappe, Parcours, Utilisateur
from programme.permissions import PREPARATION_RESERVEE
from programme.socle import jetons, refus_api
from programme.socle.erreurs import Refus
from programme.socle.jetons import creer_jeton
from programme.socle.models import Passage
from programme.socle.porte import changer_etat, lire
from tests.fabriques import (
    CategorieFactory,
    EsmsFactory,
    GrappeFactory,
    OgFactory,
    OuvertureFactory,
    ParcoursFactory,
    UniteFactory,
    affecter,
    cheffe_de,
    directrice_de,
)

pytestmark = pytest.mark.django_db
V1 = "/api/v1"
NIR = "1 85 05 78 006 084 91"


class Appelant:
    """Un programme qui parle à l'API avec un jeton."""

    def __init__(self, compte: Utilisateur, **options: Any) -> None:
        self.client = Client(headers={"Authorization": f"Jeton {creer_jeton(utilisateur=compte, **options)[1]}"})

    def lire(self, chemin: str, **parametres: Any) -> Any:
        return self.client.get(f"{V1}{chemin}", parametres)

    def ecrire(self, chemin: str, corps: Any) -> Any:
        return self.client.post(f"{V1}{chemin}", corps, content_type="application/json")

    def passer(self, objet: Any, transition: str, **corps: Any) -> Any:
        nom = {"grappe": "grappes", "ouverture": "ouvertures"}.get(objet._meta.model_name, "parcours")
        return self.ecrire(f"/{nom}/{objet.pk}/transitions/", {"transition": transition, **corps})


@pytest.fixture
def parcours() -> Parcours:
    return ParcoursFactory(esms__nom="IME Les Érables", esms__ville="Bègles")


@pytest.fixture
def directrice(parcours: Parcours) -> Utilisateur:
    return directrice_de(parcours)


@pytest.fixture
def appelant(directrice: Utilisateur) -> Appelant:
    return Appelant(directrice)


# --- lectures ------------------------------------------------------------------------------------------------------


def test_l_annuaire_se_cherche_sans_accents_et_se_nomme_par_finess(appelant: Appelant, parcours: Parcours) -> None:
    EsmsFactory()
    reponse = appelant.lire("/esms/", recherche="erables begles")
    corps = reponse.json()
    assert (corps["count"], corps["next"], corps["previous"]) == (1, None, None)
    (ligne,) = corps["results"]
    assert ligne["finess"] == parcours.esms.finess
    assert ligne["og"] == {"finess": parcours.esms.og.finess, "nom": parcours.esms.og.nom, "siren": ""}
    assert (ligne["departement"], ligne["region"], ligne["categorie"]["secteur"]) == ("33", "75", "PH_ENFANT")
    assert "id" not in ligne and "adresse" not in ligne


def test_l_annuaire_tait_les_categories_sans_secteur(appelant: Appelant) -> None:
    EsmsFactory(categorie=CategorieFactory(code="999", secteur=""), nom="Hors champ")
    assert appelant.lire("/esms/", recherche="hors champ").json()["count"] == 0


def test_les_grappes_et_les_parcours_du_perimetre(appelant: Appelant, parcours: Parcours) -> None:
    autre = ParcoursFactory(grappe=parcours.grappe)
    ParcoursFactory()
    grappes = appelant.lire("/grappes/").json()
    assert [g["id"] for g in grappes["results"]] == [parcours.grappe_id]
    assert appelant.lire(f"/grappes/{parcours.grappe_id}/").json() == grappes["results"][0]
    liste = appelant.lire("/parcours/").json()
    assert [p["id"] for p in liste["results"]] == [parcours.pk]
    assert appelant.lire(f"/parcours/{autre.pk}/").status_code == 404
    assert Appelant(cheffe_de(parcours.grappe)).lire("/parcours/").json()["count"] == 2


def test_les_parcours_se_filtrent(parcours: Parcours, directrice: Utilisateur) -> None:
    changer_etat(parcours, "engager", par=directrice, motif="x")
    autre = ParcoursFactory()
    appelant = Appelant(affecter(Role.ADMIN))
    attendus: list[tuple[dict[str, Any], int]] = [
        ({"etat": "cadrage"}, parcours.pk),
        ({"grappe": autre.grappe_id}, autre.pk),
        ({"esms": autre.esms.finess, "etat": "recense"}, autre.pk),
    ]
    for filtre, pk in attendus:
        assert [p["id"] for p in appelant.lire("/parcours/", **filtre).json()["results"]] == [pk]
    for filtre in ({"etat": "inconnu"}, {"grappe": "x"}, {"grappe": 2**70}):
        reponse = appelant.lire("/parcours/", **filtre)
        assert reponse.status_code == 400 and reponse.json().keys() == filtre.keys()


def test_la_fiche_d_un_parcours(appelant: Appelant, parcours: Parcours, directrice: Utilisateur) -> None:
    ouverture = OuvertureFactory(unite__parcours=parcours)
    dater("annonce")(parcours, directrice)
    changer_etat(parcours, "engager", par=directrice, motif="x")
    corps = appelant.lire(f"/parcours/{parcours.pk}/").json()
    assert corps["esms"] == {"finess": parcours.esms.finess, "nom": "IME Les Érables"}
    assert (corps["etat"], corps["prochaine"], corps["version"]) == ("cadrage", "preparer", 1)
    assert set(corps["possibles"]) == {"preparer", "revenir", "suspendre", "sortir"}
    assert corps["etapes"][0]["reelle"] == timezone.localdate().isoformat()
    assert [f["nature"] for f in corps["preparation"]["faits"]] == ["annonce"]
    assert [(o["id"], o["module"], o["etat"]) for o in corps["ouvertures"]] == [
        (ouverture.pk, "journal-de-bord", "a_preparer")
    ]


def test_les_conditions_sont_celles_de_la_porte(appelant: Appelant, parcours: Parcours, directrice: Any) -> None:
    corps = appelant.lire(f"/parcours/{parcours.pk}/conditions/").json()
    lecture = lire(parcours, "engager", par=directrice)
    assert corps["transition"] == "engager" and corps["droit"] == {"oui": True, "motif": "", "role": "Directeur"}
    assert (corps["depart_ok"], corps["barre"], corps["sous_reserve"]) == (True, False, True)
    assert [(c["code"], c["ok"], c["mesure"]) for c in corps["conditions"]] == [
        (c.condition.code, c.ok, c.mesure) for c in lecture.constats
    ]
    assert all(c["lien"].startswith("/") and c["pourquoi"] for c in corps["conditions"])
    voulue = appelant.lire(f"/parcours/{parcours.pk}/conditions/", transition="preparer").json()
    assert (voulue["transition"], voulue["depart_ok"], voulue["barre"]) == ("preparer", False, True)
    inconnue = appelant.lire(f"/parcours/{parcours.pk}/conditions/", transition="voler")
    assert inconnue.status_code == 400 and inconnue.json().keys() == {"transition"}


def test_un_parcours_en_routine_n_attend_aucun_passage(appelant: Appelant, parcours: Parcours, directrice: Any) -> None:
    changer_etat(parcours, "constater", par=directrice, vers="routine")
    reponse = appelant.lire(f"/parcours/{parcours.pk}/conditions/")
    assert reponse.status_code == 400 and reponse.json().keys() == {"transition"}


def test_la_preparation_ne_montre_que_les_parcours_visibles(appelant: Appelant, parcours: Parcours) -> None:
    pilote = ParcoursFactory(grappe=parcours.grappe, est_pilote=True)
    (ligne,) = appelant.lire(f"/grappes/{parcours.grappe_id}/preparation/").json()["results"]
    assert ligne["parcours"]["id"] == parcours.pk
    assert {c["code"] for c in ligne["conditions"]} == {"prediagnostic", "directeur", "annonce"}
    assert ligne["decompte"]["total"] == 3 and ligne["decompte"]["reste"] == 2
    cheffe = cheffe_de(parcours.grappe)
    changer_etat(pilote, "constater", par=cheffe, vers="preparation")
    grille = {
        p["parcours"]["id"]: p
        for p in Appelant(cheffe).lire(f"/grappes/{parcours.grappe_id}/preparation/").json()["results"]
    }
    assert grille.keys() == {parcours.pk, pilote.pk}
    assert "designe_pilote" in {c["code"] for c in grille[pilote.pk]["conditions"]}


def test_le_financeur_lit_les_jalons_pas_ce_qui_se_prepare(parcours: Parcours, directrice: Utilisateur) -> None:
    dater("prediagnostic")(parcours, directrice)
    changer_etat(parcours.grappe, "deposer", par=cheffe_de(parcours.grappe))
    financeur = Appelant(affecter(Role.ARS, parcours.grappe.region))
    fiche = financeur.lire(f"/parcours/{parcours.pk}/").json()
    assert fiche["preparation"] is None and "etapes" in fiche
    for chemin in (f"/parcours/{parcours.pk}/conditions/", f"/grappes/{parcours.grappe_id}/preparation/"):
        reponse = financeur.lire(chemin)
        assert (reponse.status_code, reponse.json()) == (403, {"motif": PREPARATION_RESERVEE})


def test_financeur_ici_et_chef_de_projet_la_lit_la_seulement(parcours: Parcours) -> None:
    ailleurs = ParcoursFactory()
    changer_etat(parcours.grappe, "deposer", par=cheffe_de(parcours.grappe))
    lecteur = cheffe_de(ailleurs.grappe)
    affecter(Role.ARS, parcours.grappe.region, utilisateur=lecteur)
    appelant = Appelant(lecteur)
    assert appelant.lire(f"/grappes/{ailleurs.grappe_id}/preparation/").json()["count"] == 1
    assert appelant.lire(f"/grappes/{parcours.grappe_id}/preparation/").status_code == 403


def test_l_api_ne_dit_pas_au_financeur_qu_une_grappe_se_monte(parcours: Parcours) -> None:
    financeur = Appelant(affecter(Role.ARS, parcours.grappe.region))
    assert financeur.lire("/grappes/").json()["count"] == 0
    assert financeur.lire(f"/grappes/{parcours.grappe_id}/").status_code == 404
    assert financeur.lire(f"/parcours/{parcours.pk}/").status_code == 404


# --- passages ------------------------------------------------------------------------------------------------------


def test_franchir_un_passage(appelant: Appelant, parcours: Parcours) -> None:
    hier = (timezone.localdate() - timedelta(days=1)).isoformat()
    reponse = appelant.passer(parcours, "engager", motif="décidé en équipe", date_effet=hier, version=0)
    assert reponse.status_code == 200
    corps = reponse.json()
    assert corps.keys() == {"passage", "parcours"}
    assert (corps["parcours"]["etat"], corps["parcours"]["version"]) == ("cadrage", 1)
    attendu = {"de": "recense", "vers": "cadrage", "nature": "sous_reserve", "date_effet": hier, "role": "Directeur"}
    assert attendu.items() <= corps["passage"].items()
    assert Passage.objects.de(parcours).get().motif == "décidé en équipe"


def _refus_de_la_porte(parcours: Parcours, par: Any, transition: str, **details: Any) -> Refus:
    with pytest.raises(Refus) as refus:
        changer_etat(Parcours.objects.get(pk=parcours.pk), transition, par=par, **details)
    return refus.value


def test_les_conditions_refusent_comme_la_porte(appelant: Appelant, parcours: Parcours, directrice: Any) -> None:
    changer_etat(parcours, "engager", par=directrice, motif="x")
    attendu = _refus_de_la_porte(parcours, directrice, "preparer", motif="pressés")
    reponse = appelant.passer(parcours, "preparer", motif="pressés")
    assert reponse.status_code == 409
    assert reponse.json() == {
        "code": "conditions",
        "motif": attendu.motif,
        "manques": [m.en_dict() for m in attendu.manques],
    }
    cles = {"code", "libelle", "mesure", "valeur", "seuil", "source", "severite", "lien"}
    assert all(m.keys() == cles for m in reponse.json()["manques"])


def test_un_non_pilote_avant_la_va_est_refuse(appelant: Appelant, parcours: Parcours, directrice: Any) -> None:
    changer_etat(parcours, "constater", par=directrice, vers="preparation")
    reponse = appelant.passer(parcours, "ouvrir", motif="on y va")
    assert reponse.status_code == 409
    assert {"code": "va", "severite": "barre"}.items() <= reponse.json()["manques"][0].items()


def test_le_mauvais_depart_est_dit_en_tete(appelant: Appelant, parcours: Parcours) -> None:
    reponse = appelant.passer(parcours, "passer_en_routine", motif="x")
    assert reponse.status_code == 409 and reponse.json()["code"] == "etat"
    assert reponse.json()["manques"][0]["code"] == "etat_de_depart"


def test_le_second_apprend_ce_qui_a_change(appelant: Appelant, parcours: Parcours, directrice: Any) -> None:
    changer_etat(parcours, "engager", par=directrice, motif="premier")
    reponse = appelant.passer(parcours, "revenir", motif="second", version=0)
    assert reponse.status_code == 409 and reponse.json()["code"] == "concurrence"
    assert directrice.nom in reponse.json()["motif"] and reponse.json()["manques"] == []


def test_voir_sans_avoir_le_droit(parcours: Parcours) -> None:
    cheffe = cheffe_de(parcours.grappe)
    attendu = _refus_de_la_porte(parcours, cheffe, "engager", motif="x")
    reponse = Appelant(cheffe).passer(parcours, "engager", motif="x")
    assert (reponse.status_code, reponse.json()) == (403, {"motif": attendu.motif})


def test_le_voisin_ne_voit_pas(parcours: Parcours, directrice: Utilisateur) -> None:
    voisin = Appelant(directrice_de(ParcoursFactory(grappe=parcours.grappe)))
    changer_etat(parcours, "engager", par=directrice, motif="x")
    for reponse in (
        voisin.lire(f"/parcours/{parcours.pk}/"),
        voisin.lire(f"/parcours/{parcours.pk}/conditions/"),
        voisin.passer(parcours, "preparer", motif="x"),
        voisin.lire(f"/parcours/{2**70}/"),
    ):
        assert (reponse.status_code, reponse.json()) == (404, {"motif": refus_api.INTROUVABLE})
    assert voisin.lire(f"/grappes/{parcours.grappe_id}/").status_code == 200
    assert voisin.lire("/grappes/", page=9).json() == {"motif": "Cette page n'existe pas."}


def test_grappes_et_ouvertures_passent_par_la_meme_route(parcours: Parcours, directrice: Utilisateur) -> None:
    grappe: Grappe = parcours.grappe
    depot = Appelant(cheffe_de(grappe)).passer(grappe, "deposer", motif="dossier complet")
    assert (depot.status_code, depot.json()["grappe"]["etat"]) == (200, "deposee")
    ouverture = OuvertureFactory(unite=UniteFactory(parcours=parcours))
    assert Appelant(directrice).passer(parcours, "constater", vers="ouverture").status_code == 200
    constat = Appelant(directrice).passer(ouverture, "constater", vers="ouverte")
    assert (constat.status_code, constat.json()["ouverture"]["etat"]) == (200, "ouverte")


@pytest.mark.parametrize(
    ("corps", "champ"),
    [
        ({}, "transition"),
        ({"transition": "voler"}, "transition"),
        ({"transition": "engager"}, "motif"),
        ({"transition": "engager", "motif": f"Dossier {NIR}"}, "motif"),
        ({"transition": "engager", "motif": "x\u0000"}, "motif"),
        ({"transition": "engager", "motif": "x", "date_effet": "2999-01-01"}, "date_effet"),
        ({"transition": "engager", "motif": "x", "date_effet": "hier"}, "date_effet"),
        ({"transition": "engager", "motif": "x", "date_effect": "2020-01-01"}, "date_effect"),
        ({"transition": "engager", "motif": "x", "version": "un"}, "version"),
        ({"transition": "engager", "motif": "x", "vers": "routine"}, "vers"),
        ({"transition": "constater"}, "vers"),
        ({"transition": "constater", "vers": "sorti"}, "vers"),
        ({"transition": "sortir", "motif": "x", "raison": "caprice"}, "raison"),
        ([1], "corps"),
        ("{", "corps"),
    ],
)
def test_une_saisie_fautive_nomme_son_champ(
    directrice: Utilisateur, parcours: Parcours, corps: Any, champ: str
) -> None:
    affecter(Role.CHEF_PROJET, parcours.grappe, utilisateur=directrice)
    reponse = Appelant(directrice).ecrire(f"/parcours/{parcours.pk}/transitions/", corps)
    assert reponse.status_code == 400
    assert champ in reponse.json() and all(isinstance(p, str) for p in reponse.json()[champ])
    assert not Passage.objects.exists()


def test_sortir_dit_sa_raison(parcours: Parcours) -> None:
    reponse = Appelant(cheffe_de(parcours.grappe)).passer(parcours, "sortir", motif="fermeture", raison="fermeture")
    assert (reponse.status_code, reponse.json()["parcours"]["motif_sortie"]) == (200, "fermeture")


# --- qui parle -----------------------------------------------------------------------------------------------------


def test_un_jeton_en_lecture_seule_n_ecrit_pas(directrice: Utilisateur, parcours: Parcours) -> None:
    appelant = Appelant(directrice, lecture_seule=True)
    assert appelant.lire(f"/parcours/{parcours.pk}/").status_code == 200
    reponse = appelant.passer(parcours, "engager", motif="x")
    assert (reponse.status_code, reponse.json()) == (403, {"motif": jetons.LECTURE_SEULE})
    assert not Passage.objects.exists()


def test_une_session_lit_et_n_ecrit_qu_avec_son_jeton_csrf(directrice: Utilisateur, parcours: Parcours) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(directrice)
    assert client.get(f"{V1}/parcours/").status_code == 200
    url, corps = f"{V1}/parcours/{parcours.pk}/transitions/", {"transition": "engager", "motif": "x"}
    refuse = client.post(url, corps, content_type="application/json")
    assert (refuse.status_code, refuse.json()) == (403, {"motif": refus_api.CSRF})
    client.cookies["csrftoken"] = jeton = "a" * 32
    accepte = client.post(url, corps, content_type="application/json", headers={"X-CSRFToken": jeton})
    assert accepte.status_code == 200


def test_l_api_ne_parle_que_json(appelant: Appelant, parcours: Parcours) -> None:
    url = f"{V1}/parcours/{parcours.pk}/transitions/"
    for reponse, code in (
        (appelant.client.post(url, {"transition": "engager"}), 415),
        (appelant.client.get(f"{V1}/parcours/", headers={"Accept": "text/html"}), 406),
        (appelant.client.get(url), 405),
    ):
        assert reponse.status_code == code and reponse.json().keys() == {"motif"}


# --- pagination et coût --------------------------------------------------------------------------------------------


def test_les_listes_se_feuillettent(directrice: Utilisateur) -> None:
    ParcoursFactory.create_batch(5, esms__og=OgFactory(), grappe=GrappeFactory())
    appelant = Appelant(affecter(Role.ADMIN))
    vus, suite = [], f"{V1}/parcours/?taille=4"
    while suite:
        page = appelant.client.get(suite).json()
        assert page["count"] == 6
        vus += [p["id"] for p in page["results"]]
        suite = page["next"]
    assert len(vus) == len(set(vus)) == 6


@pytest.mark.parametrize("chemin", ["/esms/", "/grappes/", "/parcours/", "/grappes/{grappe}/preparation/"])
def test_cinquante_lignes_coutent_autant_de_requetes_qu_une(
    chemin: str, parcours: Parcours, django_assert_num_queries: Any
) -> None:
    appelant = Appelant(affecter(Role.ADMIN))
    url = chemin.format(grappe=parcours.grappe_id)
    appelant.lire(url)  # la première lecture écrit la date d'usage du jeton
    with CaptureQueriesContext(connection) as une:
        assert appelant.lire(url).json()["count"] == 1
    ParcoursFactory.create_batch(49, grappe=parcours.grappe)
    GrappeFactory.create_batch(49)
    with django_assert_num_queries(len(une)):
        assert appelant.lire(url).json()["count"] == 50


def test_la_fiche_coute_autant_avec_dix_unites(
    appelant: Appelant, parcours: Parcours, django_assert_max_num_queries: Any
) -> None:
    OuvertureFactory.create_batch(10, unite__parcours=parcours)
    appelant.lire(f"/parcours/{parcours.pk}/")
    with django_assert_max_num_queries(9):
        appelant.lire(f"/parcours/{parcours.pk}/")
