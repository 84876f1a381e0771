"""Le consensus, à part de chaque réponse."""

from datetime import timedelta

import pytest
from django.urls import reverse

from programme.enums import Role
from programme.models import Grappe, Parcours, Utilisateur
from programme.socle.erreurs import Refus
from programme.socle.porte import changer_etat
from risques.enums import Regard
from risques.models import Evaluation, Grille, Reponse
from risques.services import evaluations as services
from risques.services.lecture_evaluations import notes_de_chacun
from tests.aides import connecte
from tests.fabriques import affecter, directrice_de
from tests.risques.evaluations.aides import AU, repondre
from tests.risques.fabriques import (
    campagne_ouverte,
    grille_de,
)

pytestmark = pytest.mark.django_db


def test_sans_deux_reponses_un_consensus_dit_pourquoi(evaluation: Evaluation, cheffe: Utilisateur) -> None:
    repondre(evaluation, {"A1": 7})
    adresse, client = reverse("risques:evaluation-consensus", args=[evaluation.pk]), connecte(cheffe)
    envoi = {"tenue_le": AU.isoformat(), "participants": "Direction, référente"}
    assert client.post(adresse, envoi).status_code == 422
    with pytest.raises(Refus) as refus:
        services.ouvrir_consensus(evaluation=evaluation, par=cheffe, tenue_le=AU, participants="Direction")
    assert "pourquoi" in refus.value.champs
    page = client.post(adresse, envoi | {"pourquoi": "Une seule personne connaît le sujet."}, follow=True)
    grille = Grille.objects.get(nature="consensus")
    assert grille.pourquoi in page.content.decode() and grille.participants == "Direction, référente"
    with pytest.raises(Refus, match="déjà ouvert"):
        services.ouvrir_consensus(evaluation=evaluation, par=cheffe, tenue_le=AU, participants="x", pourquoi="y")


@pytest.mark.parametrize("cas", ["a venir", "close", "pas à soi"])
def test_ce_qui_empeche_un_consensus(evaluation: Evaluation, cheffe: Utilisateur, grappe: Grappe, cas: str) -> None:
    for note in (2, 8):
        repondre(evaluation, {"A1": note})
    jour, par = AU, cheffe
    if cas == "a venir":
        jour = AU + timedelta(days=1)
    elif cas == "close":
        changer_etat(evaluation.campagne, "clore", par=cheffe)
    else:
        par = affecter(Role.MEMBRE, grappe)
    with pytest.raises(Refus):
        services.ouvrir_consensus(evaluation=evaluation, par=par, tenue_le=jour, participants="Direction")
    assert not Grille.objects.filter(nature="consensus").exists()


def test_le_bouton_reprend_ce_que_tous_ont_dit_sans_toucher_ce_qui_est_consigne(
    evaluation: Evaluation, cheffe: Utilisateur
) -> None:
    for _ in range(2):
        repondre(evaluation, {"A1": 7, "A2": 3, "B1": None})
    grille = services.ouvrir_consensus(evaluation=evaluation, par=cheffe, tenue_le=AU, participants="Direction")
    a1 = evaluation.campagne.version_posee.sections.get(code="A").questions.get(code="A1")
    Reponse.objects.create(grille=grille, question=a1, valeur=2, par=cheffe)
    adresse, client = reverse("risques:evaluation-consensus", args=[evaluation.pk]), connecte(cheffe)
    assert "Reprendre 2 réponses communes" in client.get(adresse).content.decode()
    assert "2 réponses communes reprises" in client.post(adresse, {"geste": "reprendre"}, follow=True).content.decode()
    dites = {r.question.code: (r.valeur, r.sans_objet) for r in grille.reponses.select_related("question")}
    assert dites == {"A1": (2, False), "A2": (3, False), "B1": (None, True)}
    changer_etat(grille, "transmettre", par=cheffe)
    assert "demandez une précision" in client.post(adresse, {"geste": "reprendre"}, follow=True).content.decode()


def test_la_saisie_du_consensus_montre_les_notes_de_chacun_a_cote(evaluation: Evaluation, cheffe: Utilisateur) -> None:
    un = repondre(evaluation, {"A1": 9, "A2": 5}, Regard.DIRECTION)
    repondre(evaluation, {"A1": 2, "A2": 5, "B1": None})
    grille = services.ouvrir_consensus(evaluation=evaluation, par=cheffe, tenue_le=AU, participants="Direction")
    notes = notes_de_chacun(grille, cheffe)
    assert notes["A1"].notes[0] == (f"Direction ({un.nom})", "9") and notes["A1"].etendue == "opposés, de 2 à 9"
    assert notes["A2"].etendue == "d'accord, à 5"
    assert [n for _, n in notes["B1"].notes] == ["sans objet"] and notes["B1"].etendue == ""
    page = connecte(cheffe).get(reverse("risques:grille-detail", args=[grille.pk])).content.decode()
    assert "opposés, de 2 à 9" in page and un.nom in page
    assert notes_de_chacun(grille, un) == {}, "qui a répondu sans conduire ne tient pas le consensus"


def test_qui_conduit_sans_avoir_repondu_n_entre_pas_au_consensus(
    grappe: Grappe, parcours: Parcours, cheffe: Utilisateur
) -> None:
    evaluation = campagne_ouverte(grappe=grappe, portee="esms", population=[parcours]).evaluations.get()
    directrice = directrice_de(parcours)
    for qui in (directrice, affecter(Role.REFERENT, parcours.esms)):
        repondre(evaluation, {"A1": 7}, qui=qui)
    grille = services.ouvrir_consensus(evaluation=evaluation, par=directrice, tenue_le=AU, participants="Direction")
    adresse = reverse("risques:grille-detail", args=[grille.pk])
    assert connecte(cheffe).get(adresse).status_code == 200
    sienne = grille_de(cheffe, evaluation, {"A1": 1})
    assert connecte(cheffe).get(adresse).status_code == 403 and notes_de_chacun(grille, cheffe) == {}
    changer_etat(sienne, "transmettre", par=cheffe)
    assert connecte(cheffe).get(adresse).status_code == 200
