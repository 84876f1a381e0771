"""Ce que disent des évaluations : consensus, réunion ou moyenne ; ce que fige une transmission."""

from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from programme.enums import Role
from programme.socle.porte import changer_etat
from risques.models import Evaluation, Reponse, Section
from risques.services.resultats import MOYENNE, resultat_de, resultats_des
from tests.fabriques import ParcoursFactory, UtilisateurFactory, affecter
from tests.risques.fabriques import GrilleFactory, campagne_ouverte, grille_de, peupler, version_publiee

pytestmark = pytest.mark.django_db

NOTES = {"A1": 9, "A2": 7, "B1": 3, "B2": None}


def _evaluation() -> Evaluation:
    return campagne_ouverte().evaluations.get()


def _transmise(evaluation: Evaluation, notes: dict[str, int | None]) -> None:
    compte = affecter(Role.MEMBRE, evaluation.campagne.grappe)
    changer_etat(grille_de(compte, evaluation, notes), "transmettre", par=compte)


def test_rien_de_transmis_rien_a_dire() -> None:
    evaluation = _evaluation()
    grille_de(UtilisateurFactory(), evaluation, NOTES)
    lu = resultat_de(evaluation)
    assert (lu.nature, lu.resultat, lu.nb_transmises, len(lu.grilles)) == ("", None, 0, 1)


def test_une_seule_grille_se_lit_telle_quelle() -> None:
    evaluation = _evaluation()
    _transmise(evaluation, NOTES)
    lu = resultat_de(evaluation)
    # Trois questions applicables, somme brute 19, inverse 33 − 19 = 14 : 1000 × 14 / 30.
    assert lu.nature == MOYENNE and lu.resultat and lu.resultat.affiche == 467
    assert [s.n for s in lu.resultat.sections] == [2, 1]


def test_la_moyenne_se_fait_question_par_question() -> None:
    evaluation = _evaluation()
    _transmise(evaluation, NOTES)
    _transmise(evaluation, {"A1": 2, "B2": None})
    lu = resultat_de(evaluation)
    assert lu.reponses["A1"].valeur == Fraction(11, 2) and lu.reponses["A2"].valeur == 7
    assert lu.reponses["B2"].sans_objet, "personne ne l'a notée"
    assert lu.resultat and lu.resultat.affiche == 583, "1000 × (5,5 + 4 + 8) / 30"


def test_la_reunion_puis_le_consensus_l_emportent() -> None:
    evaluation = _evaluation()
    _transmise(evaluation, NOTES)
    reunion = GrilleFactory(evaluation=evaluation, notes={"A1": 4})
    changer_etat(reunion, "transmettre", par=reunion.evaluateur)
    assert resultat_de(evaluation).nature == "reunion"
    consensus = GrilleFactory(evaluation=evaluation, notes={"A1": 6}, nature="consensus")
    assert resultat_de(evaluation).nature == "reunion", "un consensus pas encore transmis ne dit rien"
    changer_etat(consensus, "transmettre", par=consensus.evaluateur)
    lu = resultat_de(evaluation)
    assert lu.nature == "consensus" and lu.reponses["A1"].valeur == 6 and len(lu.individuelles) == 1


def test_une_grille_aux_sections_confiees_ne_parle_que_d_elles() -> None:
    evaluation = _evaluation()
    compte = affecter(Role.MEMBRE, evaluation.campagne.grappe)
    grille = grille_de(compte, evaluation, NOTES)
    grille.sections.set(Section.objects.filter(version=evaluation.campagne.version_posee, code="A"))
    changer_etat(grille, "transmettre", par=compte)
    assert set(resultat_de(evaluation).reponses) == {"A1", "A2"}
    fige = grille.instantanes.get()
    assert fige.total is None and {r["code"] for r in fige.contenu["reponses"]} == {"A1", "A2"}


def test_transmettre_fige_et_transmettre_encore_garde_l_histoire() -> None:
    evaluation = _evaluation()
    grille = GrilleFactory(evaluation=evaluation, notes=NOTES)
    changer_etat(grille, "transmettre", par=grille.evaluateur)
    cheffe = affecter(Role.CHEF_PROJET, evaluation.campagne.grappe)
    changer_etat(grille, "demander_precision", par=cheffe, motif="A1 : vraiment 9 ?")
    Reponse.objects.filter(grille=grille, question__code="A1").update(valeur=1)
    changer_etat(grille, "transmettre", par=grille.evaluateur)
    premier, second = grille.instantanes.all()
    assert (premier.rang, second.rang) == (1, 2)
    notes = [next(r["valeur"] for r in i.contenu["reponses"] if r["code"] == "A1") for i in (premier, second)]
    assert notes == [9, 1] and second.total > premier.total
    assert premier.contenu["sections"][0]["nom"] == "Section A" and premier.contenu["reponses"][0]["enonce"]
    premier.total = 0
    with pytest.raises(ValueError, match="ne se réécrit pas"):
        premier.save()


def test_autant_de_requetes_pour_une_que_pour_cinquante() -> None:
    parcours = ParcoursFactory()
    campagne = campagne_ouverte(grappe=parcours.grappe, population=[parcours])

    def compter() -> int:
        with CaptureQueriesContext(connection) as captees:
            resultats_des(campagne.evaluations.all())
        return len(captees)

    _transmise(campagne.evaluations.get(), NOTES)
    a_une = compter()
    for _ in range(49):
        _transmise(
            Evaluation.objects.create(campagne=campagne, parcours=ParcoursFactory(grappe=campagne.grappe)), NOTES
        )
    assert compter() == a_une
    assert len(resultats_des(campagne.evaluations.all())) == 50


def test_une_version_publiee_ne_change_plus() -> None:
    from risques.models.questionnaires import VersionPubliee

    version = version_publiee()
    question = version.sections.first().questions.first()
    question.enonce = "Autre chose"
    for geste in (question.save, question.delete, question.section.save, lambda: peupler(version)):
        with pytest.raises(VersionPubliee):
            geste()
