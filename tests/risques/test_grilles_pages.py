"""Les pages d'une grille : y répondre, la lire, l'emporter ; ce que chacun n'y lit pas."""

import json
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
import typst
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from programme.documents import rendu
from programme.enums import Role
from programme.models import Utilisateur
from programme.socle.a_faire import Ligne, a_faire
from programme.socle.erreurs import Refus
from programme.socle.porte import changer_etat
from risques.documents.grilles import GABARIT, MENTION, document_de, valeur_sur
from risques.models import BaremeRisques, Evaluation, Grille, Question, Reponse, Section
from risques.services.grilles import detailler
from risques.services.reponses import repondre
from tests.aides import connecte, exiger_requetes_constantes
from tests.fabriques import GrappeFactory, ParcoursFactory, affecter, cheffe_de, directrice_de
from tests.risques.fabriques import CampagneFactory, GrilleFactory, campagne_ouverte, grille_de

pytestmark = pytest.mark.django_db
SECRET = "Le second étage est muet."


@pytest.fixture
def cheffe() -> Utilisateur:
    return cheffe_de(GrappeFactory())


@pytest.fixture
def evaluation(cheffe: Utilisateur) -> Evaluation:
    """La grappe de la cheffe, à évaluer : A1, A2, B1, B2."""
    echeance = timezone.localdate() + timedelta(days=5)
    return campagne_ouverte(grappe=cheffe.affectations.get().grappe, echeance=echeance).evaluations.get()


@pytest.fixture
def grille(cheffe: Utilisateur, evaluation: Evaluation) -> Grille:
    return grille_de(cheffe, evaluation)


def page(grille: Grille, nom: str = "detail", *autres: Any) -> str:
    return reverse(f"risques:grille-{nom}", args=[grille.pk, *autres])


def lire(client: Client, url: str) -> str:
    reponse = client.get(url)
    assert reponse.status_code == 200, reponse.status_code
    return reponse.content.decode()


def dire(client: Client, grille: Grille, code: str, **donnees: Any) -> Any:
    return client.post(page(grille, "repondre", code), donnees)


# --- répondre ------------------------------------------------------------------------------------------------------


def test_la_page_ouvre_la_premiere_section_incomplete(cheffe: Utilisateur, grille: Grille) -> None:
    client = connecte(cheffe)
    lue = lire(client, page(grille))
    assert "1. Section A" in lue and "Énoncé A1" in lue and "Énoncé B1" not in lue
    assert "0 réponse sur 4" in lue and "reposée en fin de phase" in lue
    assert "Enregistré n’est pas transmis" in lue
    for code in ("A1", "A2"):
        repondre(grille=grille, code=code, valeur=2, vu=0, par=cheffe)
    assert "2. Section B" in lire(client, page(grille))
    assert "1. Section A" in lire(client, page(grille) + "?section=A")


def test_une_reponse_s_accuse_avec_l_avancement(cheffe: Utilisateur, grille: Grille) -> None:
    client = connecte(cheffe)
    accuse = dire(client, grille, "A1", valeur="9", vu="0").json()
    assert accuse["version"] == 1
    assert accuse["etat"].startswith("enregistré à ")
    assert accuse["resume"] == "1 réponse sur 4"
    assert accuse["sections"]["A"] == {"mot": "1 / 2", "complete": False}
    assert "Relever la couverture réseau (A1)" in accuse["suite"]
    accuse = dire(client, grille, "A1", valeur="so", vu="1").json()
    assert (accuse["resume"], accuse["suite"]) == ("0 réponse sur 3, 1 sans objet", "")


def test_ce_qui_inquiete_se_propose_selon_le_seuil_de_la_grappe(cheffe: Utilisateur, grille: Grille) -> None:
    client = connecte(cheffe)
    assert dire(client, grille, "A1", valeur="7", vu="0").json()["suite"] == ""
    BaremeRisques.objects.create(grappe=grille.evaluation.campagne.grappe, inquietante=6)
    assert "Relever la couverture" in dire(client, grille, "A1", valeur="6", vu="1").json()["suite"]
    assert "Relever la couverture" in lire(client, page(grille) + "?section=A")


@pytest.mark.parametrize(
    ("code", "donnees", "status", "dit"),
    [
        ("A1", {"valeur": "12", "vu": "0"}, 400, "12 n'est pas sur l'échelle"),
        ("A1", {"valeur": "sept", "vu": "0"}, 400, "nombre de l'échelle"),
        ("A1", {"valeur": "3", "vu": "0", "mot": "n° 1 84 12 76 451 089 46"}, 400, "sécurité sociale"),
        ("Z9", {"valeur": "3", "vu": "0"}, 400, "pas dans cette grille"),
    ],
)
def test_un_refus_se_dit_en_json(
    cheffe: Utilisateur, grille: Grille, code: str, donnees: Any, status: int, dit: str
) -> None:
    reponse = dire(connecte(cheffe), grille, code, **donnees)
    assert reponse.status_code == status
    assert dit in reponse.json()["motif"]
    assert not Reponse.objects.exists()


def test_un_croisement_rend_la_reponse_de_l_autre(cheffe: Utilisateur, evaluation: Evaluation) -> None:
    reunion = GrilleFactory(evaluation=evaluation, notes={"A1": 3})
    reponse = dire(connecte(cheffe), reunion, "A1", valeur="8", vu="0")
    assert reponse.status_code == 409
    actuelle = reponse.json()["actuelle"]
    assert (actuelle["valeur"], actuelle["version"], actuelle["de_moi"]) == ("3", 1, False)
    assert dire(connecte(cheffe), reunion, "A1", valeur="8", vu="1").status_code == 200


def test_une_grille_fermee_refuse_en_409(cheffe: Utilisateur, grille: Grille) -> None:
    repondre(grille=grille, code="A1", valeur=2, vu=0, par=cheffe)
    changer_etat(grille, "transmettre", par=cheffe)
    reponse = dire(connecte(cheffe), grille, "A1", valeur="8", vu="1")
    assert (reponse.status_code, reponse.json()["code"]) == (409, "etat")
    assert connecte(cheffe).post(page(grille), {"A1": "8"}, follow=True).redirect_chain
    assert Reponse.objects.get().valeur == 2


def test_une_saisie_sans_script_ne_touche_que_ce_qui_a_change(cheffe: Utilisateur, grille: Grille) -> None:
    client = connecte(cheffe)
    repondre(grille=grille, code="A1", valeur=2, vu=0, par=cheffe)
    champs = _formulaire(lire(client, page(grille) + "?section=A"))
    repondre(grille=grille, code="A1", valeur=9, vu=1, par=cheffe)
    assert client.post(page(grille) + "?section=A", champs | {"A2": "4"}).status_code == 302
    assert {r.question.code: r.valeur for r in Reponse.objects.all()} == {"A1": 9, "A2": 4}
    reponse = client.post(page(grille) + "?section=A", champs | {"A1": "5"})
    assert reponse.status_code == 422
    assert "a répondu « 9 »" in reponse.content.decode()


def _formulaire(html: str) -> dict[str, str]:
    """Ce que le navigateur renverrait sans rien toucher."""
    import re

    champs = {}
    for balise in re.findall(r"<input[^>]*>", html):
        lus = dict(re.findall(r'([\w-]+)="([^"]*)"', balise))
        if lus.get("form") == "grille" and (lus["type"] == "hidden" or " checked" in balise):
            champs[lus["name"]] = lus["value"]
    return champs


def test_une_reunion_dit_qui_etait_la_avant_de_transmettre(cheffe: Utilisateur, evaluation: Evaluation) -> None:
    reunion = GrilleFactory(evaluation=evaluation, evaluateur=cheffe, participants="", tenue_le=None)
    client = connecte(cheffe)
    assert "En attente de : qui était là, et quand" in lire(client, page(reunion))
    refuse = client.post(page(reunion), {"geste": "reunion", "participants": "Direction"})
    assert refuse.status_code == 422
    assert "Donnez le jour de la réunion" in refuse.content.decode()
    jour = timezone.localdate()
    vu = reunion.history.order_by("-history_id").first().history_id
    client.post(page(reunion), {"geste": "reunion", "participants": "Direction", "tenue_le": f"{jour}", "vu": vu})
    reunion.refresh_from_db()
    assert (reunion.participants, reunion.tenue_le) == ("Direction", jour)


# --- ce que chacun lit ---------------------------------------------------------------------------------------------


def test_personne_ne_lit_la_reponse_d_un_autre_avant_d_avoir_transmis(
    cheffe: Utilisateur, evaluation: Evaluation, grille: Grille
) -> None:
    collegue = cheffe_de(evaluation.campagne.grappe)
    autre = grille_de(collegue, evaluation)
    repondre(grille=autre, code="A1", valeur=9, mot=SECRET, vu=0, par=collegue)
    client = connecte(cheffe)
    for nom in ("detail", "pdf", "ressaisir"):
        refus = client.get(page(autre, nom))
        assert refus.status_code == 403, nom
        assert SECRET not in refus.content.decode()
    changer_etat(autre, "transmettre", par=collegue)
    refus = client.get(page(autre))
    assert refus.status_code == 403
    assert "une fois les vôtres transmises" in refus.content.decode()
    repondre(grille=grille, code="A1", valeur=2, vu=0, par=cheffe)
    changer_etat(grille, "transmettre", par=cheffe)
    assert SECRET in lire(client, page(autre))
    assert client.get(page(autre, "ressaisir")).status_code == 403
    assert dire(client, autre, "A1", valeur="1", vu="1").status_code == 403


def test_pour_le_financeur_elle_n_existe_pas(cheffe: Utilisateur) -> None:
    parcours = ParcoursFactory(grappe=cheffe.affectations.get().grappe)
    changer_etat(parcours.grappe, "deposer", par=cheffe)
    campagne = campagne_ouverte(grappe=parcours.grappe, population=[None, parcours])
    ars = connecte(affecter(Role.ARS, parcours.esms.departement.region))
    for evaluation in campagne.evaluations.all():
        grille = grille_de(cheffe, evaluation)
        repondre(grille=grille, code="A1", valeur=9, mot=SECRET, vu=0, par=cheffe)
        changer_etat(grille, "transmettre", par=cheffe)
        for nom in ("detail", "pdf"):
            refus = ars.get(page(grille, nom))
            assert refus.status_code == 404, "403 dirait lesquelles existent"
            assert SECRET not in refus.content.decode()
        assert ars.post(page(grille)).status_code == 404


def test_hors_perimetre_elle_n_existe_pas(grille: Grille) -> None:
    etrangere = connecte(cheffe_de(GrappeFactory()))
    assert etrangere.get(page(grille)).status_code == 404
    assert dire(etrangere, grille, "A1", valeur="3", vu="0").status_code == 404


def test_transmise_elle_se_lit_avec_son_total_et_la_precision_demandee(cheffe: Utilisateur, grille: Grille) -> None:
    client = connecte(cheffe)
    for code in ("A1", "A2", "B1", "B2"):
        repondre(grille=grille, code=code, valeur=3, mot=SECRET if code == "B1" else "", vu=0, par=cheffe)
    changer_etat(grille, "transmettre", par=cheffe)
    lue = lire(client, page(grille))
    assert "800 sur 1" in lue and SECRET in lue
    assert 'name="A1"' not in lue
    with pytest.raises(Refus, match="votre propre réponse"):
        changer_etat(grille, "demander_precision", par=cheffe, motif="B1 : quel étage ?")
    autre = cheffe_de(grille.evaluation.campagne.grappe)
    changer_etat(grille, "demander_precision", par=autre, motif="B1 : quel étage ?")
    assert "B1 : quel étage ?" in lire(client, page(grille))
    repondre(grille=grille, code="B1", valeur=10, vu=1, par=cheffe)
    changer_etat(grille, "transmettre", par=cheffe)
    assert "Ce qui fut transmis" not in lire(client, page(grille))
    ancienne = lire(client, page(grille) + "?transmission=1")
    assert "Ce qui fut transmis" in ancienne and SECRET in ancienne


def test_une_campagne_close_se_lit_sans_se_remplir(cheffe: Utilisateur, grille: Grille) -> None:
    repondre(grille=grille, code="A1", valeur=3, vu=0, par=cheffe)
    changer_etat(grille.evaluation.campagne, "clore", par=cheffe)
    lue = lire(connecte(cheffe), page(grille))
    assert "Rien n’a été transmis : la campagne est close" in lue
    assert 'name="A1"' not in lue


# --- papier et PDF -------------------------------------------------------------------------------------------------


def test_le_papier_montre_avant_d_ecrire_puis_ecrit(cheffe: Utilisateur, grille: Grille) -> None:
    client, url = connecte(cheffe), page(grille, "ressaisir")
    apercu = client.post(url, {"texte": "A1 7 ; A2 so", "geste": "apercu"})
    assert apercu.status_code == 200
    assert "Ce qui va changer : 2 réponses" in apercu.content.decode()
    assert not Reponse.objects.exists()
    vu = apercu.context["examen"].vu
    repondre(grille=grille, code="B1", valeur=2, vu=0, par=cheffe)
    perime = client.post(url, {"texte": "A1 7 ; A2 so", "geste": "confirmer", "vu": vu})
    assert perime.status_code == 409
    vu = perime.context["examen"].vu
    assert client.post(url, {"texte": "A1 7 ; A2 so", "geste": "confirmer", "vu": vu}).status_code == 302
    assert Reponse.objects.count() == 3


@pytest.mark.parametrize(
    ("texte", "dit"),
    [
        ("A1 7\nZ9 2", "Ligne 2 : «\xa0Z9\xa0» n&#x27;est pas un code"),
        ("A1 7\n" * 3000, "trop long pour une grille"),
        ("", "au moins un code"),
        ("=cmd|&#39; /C calc&#39;!A0", "Ligne 1"),
    ],
)
def test_un_papier_fautif_n_ecrit_rien(cheffe: Utilisateur, grille: Grille, texte: str, dit: str) -> None:
    reponse = connecte(cheffe).post(page(grille, "ressaisir"), {"texte": texte, "geste": "confirmer"})
    assert reponse.status_code == 422
    assert dit in reponse.content.decode()
    assert not Reponse.objects.exists()


def test_le_pdf_dit_tout_et_ce_qu_il_est(cheffe: Utilisateur, grille: Grille) -> None:
    repondre(grille=grille, code="A1", valeur=3, mot="#eval(1) *gras*", vu=0, par=cheffe)
    reponse = connecte(cheffe).get(page(grille, "pdf"))
    assert reponse["Content-Type"] == "application/pdf"
    assert reponse.content.startswith(b"%PDF")
    document = document_de(detailler(grille))
    assert document.donnees["mention"] == MENTION
    assert "Brouillon" in document.donnees["brouillon"]
    assert document.donnees["sections"][0]["questions"][0] == ["A1", str(_enonce("A1")), "3", "#eval(1) *gras*"]
    posees = json.loads(_imprimees(document.donnees))
    assert posees == ["A1", "A2", "B1", "B2"]


def _enonce(code: str) -> str:
    return f"{Question.objects.get(code=code).enonce}\u00a0★"


def _imprimees(donnees: dict[str, Any]) -> str:
    return typst.query(
        str(rendu.GABARITS / GABARIT),
        "<releve>",
        field="value",
        root=str(rendu.GABARITS),
        ignore_system_fonts=True,
        sys_inputs=rendu.entrees(donnees),
    )


# --- à faire, requêtes ---------------------------------------------------------------------------------------------


def _lignes(compte: Utilisateur) -> list[Ligne]:
    return [ligne for ligne in a_faire(compte, timezone.localdate()) if ligne.url.startswith("/grilles/")]


def test_l_accueil_dit_ce_qui_reste_a_repondre(cheffe: Utilisateur, grille: Grille) -> None:
    campagne = grille.evaluation.campagne
    (ligne,) = _lignes(cheffe)
    assert ligne.titre == f"Répondre : « {campagne} »"
    assert "4 questions restent" in ligne.detail
    assert ligne.echeance == campagne.echeance
    for code in ("A1", "A2", "B1", "B2"):
        repondre(grille=grille, code=code, valeur=3, vu=0, par=cheffe)
    assert _lignes(cheffe)[0].titre.startswith("Transmettre")
    changer_etat(grille, "transmettre", par=cheffe)
    assert not _lignes(cheffe)
    changer_etat(grille, "demander_precision", par=cheffe_de(campagne.grappe), motif="B1 : quel étage ?")
    assert _lignes(cheffe)[0].texte == "B1 : quel étage ?"
    changer_etat(campagne, "clore", par=cheffe)
    assert not _lignes(cheffe)


def test_une_campagne_preparee_ne_demande_rien(cheffe: Utilisateur) -> None:
    campagne = CampagneFactory(grappe=cheffe.affectations.get().grappe)
    grille_de(cheffe, campagne.evaluations.get())
    assert not _lignes(cheffe)


def test_la_direction_repond_pour_son_esms(cheffe: Utilisateur) -> None:
    parcours = ParcoursFactory(grappe=cheffe.affectations.get().grappe)
    evaluation = campagne_ouverte(grappe=parcours.grappe, population=[parcours]).evaluations.get()
    directrice = directrice_de(parcours)
    grille = grille_de(directrice, evaluation)
    assert str(parcours) in _lignes(directrice)[0].detail
    assert dire(connecte(directrice), grille, "A1", valeur="3", vu="0").status_code == 200


def _agrandir(grille: Grille, nombre: int, par: Utilisateur) -> None:
    section = Section.objects.get(version=grille.evaluation.campagne.version_posee, code="A")
    deja = section.questions.count()
    modele = section.questions.get(code="A1")
    neuves = [
        Question(section=section, code=f"Q{rang}", rang=rang, enonce=f"Énoncé {rang}", sens="defavorable",
                 action=modele.action, risque=modele.risque)
        for rang in range(deja + 1, deja + nombre + 1)
    ]  # fmt: skip
    Question.objects.bulk_create(neuves)
    Reponse.objects.bulk_create(Reponse(grille=grille, question=q, valeur=9, par=par) for q in neuves)


@pytest.mark.parametrize("transmise", [False, True])
def test_une_question_de_plus_ne_coute_pas_une_requete(cheffe: Utilisateur, grille: Grille, transmise: bool) -> None:
    BaremeRisques.objects.create(grappe=grille.evaluation.campagne.grappe)
    repondre(grille=grille, code="A1", valeur=9, vu=0, par=cheffe)
    if transmise:
        changer_etat(grille, "transmettre", par=cheffe)
    exiger_requetes_constantes(
        connecte(cheffe), page(grille) + "?section=A", lambda n: _agrandir(grille, n, cheffe)
    )  # fmt: skip


def test_une_grille_de_plus_a_l_accueil_ne_coute_pas_une_requete(cheffe: Utilisateur) -> None:
    grappe = cheffe.affectations.get().grappe
    campagne = campagne_ouverte(grappe=grappe)

    def peupler(nombre: int) -> None:
        for _ in range(nombre):
            evaluation = Evaluation.objects.create(campagne=campagne, parcours=ParcoursFactory(grappe=grappe))
            grille_de(cheffe, evaluation, {"A1": 5})

    exiger_requetes_constantes(connecte(cheffe), reverse("programme:accueil"), peupler)


@pytest.mark.parametrize(("sur", "dit"), [("12.5", "9 sur 13"), ("13.5", "9 sur 14"), ("12.4", "9 sur 12")])
def test_le_document_arrondit_comme_les_notes(sur: str, dit: str) -> None:
    mesure: Any = SimpleNamespace(affiche=9, sur=Decimal(sur))
    assert valeur_sur(mesure) == dit
