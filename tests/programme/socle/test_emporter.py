"""Le classeur en tâche de fond : lancé au-delà du seuil, relu avec les yeux du demandeur, à lui seul."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from programme.enums import Role
from programme.models import Parcours, Utilisateur
from programme.socle import emporter
from programme.socle.enums import EtatTravail
from programme.socle.models import Travail
from programme.socle.travaux import executer
from tests.aides import connecte
from tests.fabriques import ParcoursFactory, affecter, cheffe_de

pytestmark = pytest.mark.django_db
URL = "/parcours/"


@pytest.fixture
def cheffe(monkeypatch: Any) -> Utilisateur:
    """Conduit trois ESMS ; le seuil est à deux lignes."""
    monkeypatch.setattr(emporter, "SEUIL_CLASSEUR", 2)
    grappe = ParcoursFactory(esms__nom="Alizé").grappe
    for nom in ("Brise", "Cierzo"):
        ParcoursFactory(grappe=grappe, esms__nom=nom)
    ParcoursFactory(esms__nom="Hors périmètre")
    return cheffe_de(grappe)


def preparer(client: Client, adresse: str = "?tri=-nom&format=xlsx") -> Travail:
    reponse = client.post(f"{URL}{adresse}")
    travail = Travail.objects.latest("pk")
    assert reponse["Location"] == f"/travaux/{travail.pk}/"
    return travail


def noms(reponse: Any) -> list[str]:
    _, *lignes = load_workbook(io.BytesIO(b"".join(reponse))).active.iter_rows(values_only=True)
    return [ligne[0] for ligne in lignes]


def test_au_dela_du_seuil_lire_ne_lance_rien_et_propose(cheffe: Utilisateur) -> None:
    client = connecte(cheffe)
    page = client.get(f"{URL}?format=xlsx").content.decode()
    assert "Préparer le classeur" in page and "3 lignes" in page and not Travail.objects.exists()
    liste = client.get(URL)
    assert [e["en_fond"] for e in liste.context["liste"].exports] == [False, True]
    assert 'form="classeur"' in liste.content.decode()


def test_en_dessous_le_classeur_vient_aussitot(cheffe: Utilisateur) -> None:
    assert noms(connecte(cheffe).get(f"{URL}?recherche=brise&format=xlsx")) == ["Brise"]


def test_le_travail_rend_les_lignes_de_la_page_dans_leur_ordre(cheffe: Utilisateur) -> None:
    client = connecte(cheffe)
    travail = preparer(client)
    executer(travail.pk)
    travail.refresh_from_db()
    assert (travail.etat, travail.fait, travail.resultat["lignes"]) == (EtatTravail.TERMINE, 3, 3)
    page = client.get(f"/travaux/{travail.pk}/").content.decode()
    assert "Télécharger (3 lignes)" in page and "/parcours/?tri=-nom" in page
    reponse = client.get(f"/travaux/{travail.pk}/rapport.csv")
    assert noms(reponse) == ["Cierzo", "Brise", "Alizé"]
    assert ".xlsx" in reponse["Content-Disposition"] and reponse["Content-Type"] == emporter.TYPES["xlsx"]


def test_redemander_pendant_que_ca_tourne_ramene_au_meme_travail(cheffe: Utilisateur) -> None:
    client = connecte(cheffe)
    premier = preparer(client)
    assert preparer(client, "?format=xlsx&tri=-nom&page=2") == premier
    assert preparer(client, "?format=xlsx&tri=nom") != premier
    executer(premier.pk)
    assert preparer(client) not in (premier,)
    assert preparer(connecte(cheffe_de(Parcours.objects.first().grappe))).par != cheffe


def test_il_relit_avec_les_yeux_du_demandeur_quand_il_tourne(cheffe: Utilisateur) -> None:
    travail = preparer(connecte(cheffe))
    cheffe.affectations.update(au=timezone.localdate() - timedelta(days=1))
    executer(travail.pk)
    travail.refresh_from_db()
    assert travail.resultat["lignes"] == 0


def test_un_compte_ferme_ou_un_droit_perdu_n_emporte_rien(monkeypatch: Any) -> None:
    monkeypatch.setattr(emporter, "SEUIL_CLASSEUR", 0)
    admin = affecter(Role.ADMIN)
    client = connecte(admin)
    client.post("/comptes/?format=xlsx")
    travail = Travail.objects.get()
    admin.affectations.update(au=timezone.localdate() - timedelta(days=1))
    executer(travail.pk)
    travail.refresh_from_db()
    assert (travail.etat, travail.erreur) == (EtatTravail.ECHEC, emporter.PLUS_LA)
    assert connecte(affecter(Role.MEMBRE)).post("/comptes/?format=xlsx").status_code == 403


def test_le_classeur_est_a_qui_l_a_demande(cheffe: Utilisateur) -> None:
    travail = preparer(connecte(cheffe))
    executer(travail.pk)
    autre = connecte(cheffe_de(Parcours.objects.first().grappe))
    for adresse in (f"/travaux/{travail.pk}/", f"/travaux/{travail.pk}/rapport.csv"):
        assert autre.get(adresse).status_code == 404
    assert connecte(affecter(Role.ADMIN)).get(f"/travaux/{travail.pk}/rapport.csv").status_code == 403


def test_un_perimetre_change_reprend_le_classeur_deja_pret(cheffe: Utilisateur) -> None:
    travail = preparer(connecte(cheffe))
    executer(travail.pk)
    cheffe.affectations.update(au=timezone.localdate() - timedelta(days=1))
    reponse = connecte(Utilisateur.objects.get(pk=cheffe.pk)).get(f"/travaux/{travail.pk}/rapport.csv")
    assert reponse.status_code == 403 and "a changé depuis" in reponse.content.decode()


def test_poster_autre_chose_sur_une_liste_n_est_pas_permis(cheffe: Utilisateur) -> None:
    assert connecte(cheffe).post(URL).status_code == 405
    assert connecte(cheffe).post(f"{URL}?format=csv").status_code == 405


def test_l_api_dit_ou_demander_un_gros_classeur(cheffe: Utilisateur) -> None:
    client = connecte(cheffe)
    reponse = client.get("/api/v1/parcours/?format=xlsx")
    assert reponse.status_code == 400 and "CSV" in reponse.json()["format"][0]
    assert client.get("/api/v1/parcours/?format=csv").status_code == 200
    assert not Travail.objects.exists()


def test_une_fiche_de_region_s_emporte_aussi_en_fond(cheffe: Utilisateur) -> None:
    client = connecte(cheffe)
    client.post("/regions/75/?format=xlsx")
    travail = Travail.objects.get()
    assert travail.parametres["arguments"] == {"code": "75"}
    executer(travail.pk)
    assert client.get(f"/travaux/{travail.pk}/").status_code == 200
    assert len(noms(client.get(f"/travaux/{travail.pk}/rapport.csv"))) == 3
