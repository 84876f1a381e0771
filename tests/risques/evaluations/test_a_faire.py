"""Ce que les évaluations mettent à l'accueil."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from programme.enums import Role
from programme.models import Grappe, Utilisateur
from programme.socle.a_faire import Demande, a_faire, declarations
from programme.socle.porte import changer_etat
from risques.models import Campagne, Evaluation, Question
from risques.services import evaluations as services
from tests.fabriques import ParcoursFactory, affecter, directrice_de
from tests.risques.evaluations.aides import AU, repondre
from tests.risques.fabriques import (
    campagne_ouverte,
    grille_de,
    version_publiee,
)

pytestmark = pytest.mark.django_db


def _lignes(qui: Utilisateur) -> dict[str, Any]:
    frais = Utilisateur.objects.get(pk=qui.pk)
    return {ligne.titre: ligne for ligne in a_faire(frais, AU)}


def test_a_faire_valider_puis_s_accorder(evaluation: Evaluation, cheffe: Utilisateur) -> None:
    repondre(evaluation, {"A1": 9})
    assert "Lire et valider 1 grille transmise" in _lignes(cheffe) and "Tenir un consensus" not in _lignes(cheffe)
    repondre(evaluation, {"A1": 9})
    assert "Tenir un consensus" not in _lignes(cheffe), "tous d'accord : rien à débattre"
    attend = grille_de(affecter(Role.MEMBRE, evaluation.campagne.grappe), evaluation, {"A1": 2})
    assert "Tenir un consensus" not in _lignes(cheffe), "quelqu'un n'a pas transmis"
    changer_etat(attend, "transmettre", par=attend.evaluateur)
    lignes = _lignes(cheffe)
    assert "Lire et valider 3 grilles transmises" in lignes
    assert lignes["Tenir un consensus"].liens[0].url == reverse("risques:evaluation-consensus", args=[evaluation.pk])
    de_plus = grille_de(affecter(Role.MEMBRE, evaluation.campagne.grappe), evaluation)
    assert "Tenir un consensus" not in _lignes(cheffe), "les réponses s'écartent, mais il en manque une"
    services.retirer(grille=de_plus, par=cheffe)
    services.ouvrir_consensus(evaluation=evaluation, par=cheffe, tenue_le=AU, participants="Direction")
    assert "Tenir un consensus" not in _lignes(cheffe)
    changer_etat(evaluation.campagne, "clore", par=cheffe)
    assert not [t for t in _lignes(cheffe) if "grille" in t]


def test_a_faire_un_ecart_sur_ce_qui_n_est_plus_pose_n_appelle_pas_de_consensus(
    evaluation: Evaluation, cheffe: Utilisateur
) -> None:
    posees = Question.objects.filter(section__version=evaluation.campagne.version_posee)
    posees.filter(code="A2").update(si_question="A1", si_au_moins=5)
    for note in (9, 2):
        repondre(evaluation, {"A1": 4, "A2": note})
    assert "Tenir un consensus" not in _lignes(cheffe)
    posees.filter(code="A2").update(si_au_moins=4)
    assert "Tenir un consensus" in _lignes(cheffe)


def test_a_faire_ne_fait_pas_valider_a_qui_doit_encore_repondre(evaluation: Evaluation, cheffe: Utilisateur) -> None:
    repondre(evaluation, {"A1": 9})
    grille_de(cheffe, evaluation, {"A1": 2})
    assert not [t for t in _lignes(cheffe) if "valider" in t]


def test_a_faire_une_echeance_qui_passe_avec_des_absents(grappe: Grappe, cheffe: Utilisateur) -> None:
    populations = [[ParcoursFactory(grappe=grappe) for _ in range(2)] for _ in range(3)]
    for population, jours in zip(populations, (3, 30, 3), strict=True):
        campagne = campagne_ouverte(
            grappe=grappe, portee="esms", population=population, echeance=AU + timedelta(days=jours)
        )
    for e in campagne.evaluations.select_related("parcours__esms"):
        repondre(e, {"A1": 9}, qui=directrice_de(e.parcours))
    proche = _lignes(cheffe)["Une campagne attend 2 évaluations"]
    assert proche.echeance == AU + timedelta(days=3)
    Campagne.objects.filter(echeance=AU + timedelta(days=30)).update(echeance=AU - timedelta(days=2))
    en_retard = [x for x in a_faire(Utilisateur.objects.get(pk=cheffe.pk), AU) if x.titre.startswith("Une campagne")]
    assert [x.echeance for x in en_retard] == [AU - timedelta(days=2), AU + timedelta(days=3)]
    assert "passée" in en_retard[0].detail


def test_l_accueil_demande_autant_de_requetes_a_une_campagne_qu_a_cinquante(
    grappe: Grappe, cheffe: Utilisateur
) -> None:
    version = version_publiee(grappe=grappe)

    def peupler(nombre: int) -> None:
        for _ in range(nombre):
            campagne = campagne_ouverte(grappe=grappe, version_posee=version, echeance=AU + timedelta(days=2))
            for note in (1, 9):
                repondre(campagne.evaluations.get(), {"A1": note})
            Evaluation.objects.create(campagne=campagne, parcours=ParcoursFactory(grappe=campagne.grappe))
        Campagne.objects.update(echeance=AU)

    peupler(1)

    def compter() -> int:
        frais = Utilisateur.objects.get(pk=cheffe.pk)
        with CaptureQueriesContext(connection) as captees:
            codes = ("campagnes-a-valider", "campagnes-consensus", "campagnes-echeance")
            demande = Demande(frais, AU)
            lignes = [ligne for code in codes for ligne in declarations[code](demande)]
        assert len(lignes) >= 3
        return len(captees)

    a_une = compter()
    peupler(9)
    assert compter() == a_une
