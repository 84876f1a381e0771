"""Les pages de campagnes et de grilles, telles qu'on s'en sert : ce qui se lit, où l'on va, ce qui se dit."""

import re
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from programme.enums import Role
from programme.models import Grappe, Parcours, Utilisateur
from programme.socle.porte import changer_etat
from risques.documents.grilles import document_de
from risques.models import Evaluation, Grille
from risques.services.grilles import detailler
from risques.services.lecture_evaluations import page_de
from tests.aides import connecte
from tests.fabriques import GrappeFactory, ParcoursFactory, affecter, cheffe_de
from tests.risques.fabriques import (
    CampagneFactory,
    QuestionnaireFactory,
    campagne_ouverte,
    grille_de,
    version_publiee,
)

pytestmark = pytest.mark.django_db

AU = timezone.localdate()


@pytest.fixture
def grappe() -> Grappe:
    return GrappeFactory(nom="Rives de Garonne")


@pytest.fixture
def parcours(grappe: Grappe) -> Parcours:
    return ParcoursFactory(grappe=grappe, esms__nom="IME Les Acacias")


@pytest.fixture
def cheffe(grappe: Grappe) -> Utilisateur:
    return cheffe_de(grappe)


@pytest.fixture
def evaluation(grappe: Grappe) -> Evaluation:
    return campagne_ouverte(grappe=grappe).evaluations.get()


def lire(qui: Utilisateur, nom: str, *cles: Any, suite: str = "") -> str:
    """La page, en mots : sans balises ni espaces de trop."""
    return en_mots(brute(qui, nom, *cles, suite=suite))


def brute(qui: Utilisateur, nom: str, *cles: Any, suite: str = "") -> str:
    reponse = connecte(qui).get(reverse(nom, args=cles) + suite)
    assert reponse.status_code == 200, reponse.status_code
    return reponse.content.decode()


def en_mots(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).replace("\u00a0", " ").replace("&nbsp;", " ")


NOTES = {"A1": 10, "A2": 9, "B1": 5, "B2": 5}


def _prediagnostic(grappe: Grappe) -> Evaluation:
    questionnaire = QuestionnaireFactory(code="prediagnostic", nom="Pré-diagnostic", objet="prediagnostic")
    version = version_publiee(grappe=grappe, questionnaire=questionnaire)
    return campagne_ouverte(grappe=grappe, version_posee=version).evaluations.get()


def transmise(evaluation: Evaluation, qui: Utilisateur, notes: dict[str, int | None] = NOTES, **champs: Any) -> Grille:
    grille = grille_de(qui, evaluation, notes, **champs)
    changer_etat(grille, "transmettre", par=qui)
    return grille


# --- lire ce qui est transmis --------------------------------------------------------------------------------------


def test_le_pre_diagnostic_se_lit_pareil_dans_la_grille_et_dans_les_resultats(
    grappe: Grappe, cheffe: Utilisateur
) -> None:
    evaluation = _prediagnostic(grappe)
    grille = transmise(evaluation, cheffe)
    # 29 sur 40, ramenés à 1 000 : la note brute, pas sa maîtrise (1 000 × 15/40).
    resultat = page_de(evaluation, cheffe, AU).resultat
    assert resultat and resultat.affiche == 725
    detail = detailler(grille)
    assert (detail.resultat.affiche, detail.lecture) == (725, "Ampleur du changement")
    lue = lire(cheffe, "risques:grille-detail", grille.pk)
    assert "Ampleur du changement : 725 sur 1" in lue and "Plus c'est haut, plus le changement est grand" in lue.replace(
        "’", "'"
    ).replace("&#x27;", "'")
    assert "maîtrise" not in lue.lower()
    donnees = document_de(detail).donnees
    assert donnees["lecture"] == "Ampleur du changement" and donnees["total"].startswith("725")


def test_ce_qui_fut_transmis_se_lit_du_meme_cote(grappe: Grappe, cheffe: Utilisateur) -> None:
    evaluation = _prediagnostic(grappe)
    grille = transmise(evaluation, cheffe)
    changer_etat(grille, "demander_precision", par=cheffe, motif="Pourquoi si haut ?")
    grille.reponses.filter(question__code="A1").update(valeur=6)
    changer_etat(grille, "transmettre", par=cheffe)
    lue = lire(cheffe, "risques:grille-detail", grille.pk)
    assert "ampleur du changement 725" in lue and "ampleur du changement 625" in lue
    ancienne = lire(cheffe, "risques:grille-detail", grille.pk, suite="?transmission=1")
    assert "Ampleur du changement : 725 ; plus c" in ancienne and "maîtrise" not in ancienne.lower()


def test_la_maitrise_s_explique_ou_elle_parait(evaluation: Evaluation, cheffe: Utilisateur) -> None:
    lue = lire(cheffe, "risques:grille-detail", transmise(evaluation, cheffe).pk)
    assert "Maîtrise : 375 sur 1" in lue and "mieux les risques sont maîtrisés" in lue
