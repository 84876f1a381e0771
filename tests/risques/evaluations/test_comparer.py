"""Comparer deux évaluations, croiser des regards."""

from typing import Any

import pytest

from programme.enums import Role
from programme.models import Grappe, Utilisateur
from risques.enums import Regard
from risques.models import Evaluation, Grille
from risques.services.lecture_evaluations import page_de
from tests.fabriques import ParcoursFactory, affecter, directrice_de
from tests.risques.evaluations.aides import AU, lire_page, repondre
from tests.risques.fabriques import (
    QuestionnaireFactory,
    campagne_ouverte,
    grille_de,
    version_publiee,
)

pytestmark = pytest.mark.django_db


def _autre(evaluation: Evaluation, **champs: Any) -> Evaluation:
    """Une autre campagne sur le même objet."""
    campagne = evaluation.campagne
    neuve = campagne_ouverte(
        **{"grappe": campagne.grappe, "version_posee": campagne.version_posee, "population": [evaluation.parcours]}
        | champs
    )
    return neuve.evaluations.get()


def test_comparer_deux_phases_sur_les_memes_questions_etoilees(evaluation: Evaluation, cheffe: Utilisateur) -> None:
    repondre(evaluation, {"A1": 9, "A2": 1, "B1": 5, "B2": 1})
    fin = _autre(evaluation, etoilees=True, phase="fin_de_phase", nom="Fin de phase une")
    repondre(fin, {"A1": 3, "B1": 5})
    page = page_de(fin, cheffe, AU)
    (vu,) = page.rapprochements
    assert vu.nb_questions == 2 and vu.comparaison and not vu.refus
    # A1 et B1 étoilées : (2 + 6)/20 puis (8 + 6)/20, sur 1000.
    assert (vu.comparaison.avant.affiche, vu.comparaison.apres.affiche) == (400, 700)
    assert page.tendance and "étoilées" in page.tendance.note
    html = lire_page(cheffe, fin)
    assert "Sur 2 questions répondues des deux côtés" in html and "+ 300" in html


def test_versions_pas_comparables_ou_de_sens_inconnu_la_raison_se_dit(
    evaluation: Evaluation, cheffe: Utilisateur, grappe: Grappe
) -> None:
    repondre(evaluation, {"A1": 9, "A2": 4})
    une = evaluation.campagne.version_posee
    deux = version_publiee(grappe=grappe, questionnaire=une.questionnaire, numero=une.numero + 1)
    autre = _autre(evaluation, version_posee=deux)
    repondre(autre, {"A1": 9, "A2": 4})
    assert "pas déclarée comparable" in lire_page(cheffe, autre)
    assert page_de(autre, cheffe, AU).tendance is None
    inconnue = version_publiee(
        grappe=grappe, questionnaire=une.questionnaire, numero=une.numero + 2, sens="inconnu", comparable_depuis=1
    )
    troisieme = _autre(evaluation, version_posee=inconnue)
    repondre(troisieme, {"A1": 9, "A2": 4})
    page = lire_page(cheffe, troisieme)
    assert "Sens inconnu" in page and "n&#x27;est pas connu : dites ce que vaut" in page


def test_on_ne_compare_pas_a_celle_ou_l_on_doit_encore_repondre(evaluation: Evaluation, grappe: Grappe) -> None:
    qui = repondre(evaluation, {"A1": 9, "A2": 4})
    suivante = _autre(evaluation, nom="La suivante")
    repondre(suivante, {"A1": 2, "A2": 4})
    assert "La suivante" not in lire_page(qui, evaluation), "une seule réponse ne se lit pas comme une moyenne"
    repondre(suivante, {"A1": 2, "A2": 4})
    assert "La suivante" in lire_page(qui, evaluation)
    grille_de(qui, suivante, {"A1": 5})
    assert "La suivante" not in lire_page(qui, evaluation)


def test_la_mediane_de_la_grappe_a_partir_de_cinq_esms(grappe: Grappe, cheffe: Utilisateur) -> None:
    campagne = campagne_ouverte(
        grappe=grappe, portee="esms", population=[ParcoursFactory(grappe=grappe) for _ in range(5)]
    )
    evaluations = list(campagne.evaluations.select_related("parcours__esms"))
    for note, e in zip((1, 2, 3, 4), evaluations, strict=False):
        repondre(e, {"A1": note}, qui=directrice_de(e.parcours))
    directrice = Grille.objects.get(evaluation=evaluations[0]).evaluateur
    assert page_de(evaluations[0], cheffe, AU).mediane is None
    repondre(evaluations[4], {"A1": 10}, qui=directrice_de(evaluations[4].parcours))
    mediane = page_de(evaluations[0], cheffe, AU).mediane
    assert mediane and (mediane.nb, mediane.total, mediane.sections) == (5, 800, (400, None))
    page = lire_page(cheffe, evaluations[0])
    assert "Médiane de la grappe" in page and "5 ESMS évalués" in page
    # À quatre inconnus, la médiane en désignerait : la directrice attend cinq ESMS en plus du sien.
    assert page_de(evaluations[0], directrice, AU).mediane is None
    sixieme = Evaluation.objects.create(campagne=campagne, parcours=ParcoursFactory(grappe=grappe))
    repondre(sixieme, {"A1": 10}, qui=directrice_de(sixieme.parcours))
    assert (vue := page_de(evaluations[0], directrice, AU).mediane) and vue.nb == 6
    # Qui en dirige un second n'en ignore plus que quatre.
    affecter(Role.DIRECTEUR, sixieme.parcours.esms, utilisateur=directrice)
    directrice = Utilisateur.objects.get(pk=directrice.pk)
    assert page_de(evaluations[0], directrice, AU).mediane is None


def _questionnaire(grappe: Grappe, objet: str, **champs: Any) -> Evaluation:
    questionnaire = QuestionnaireFactory(code=objet, nom=f"Essai {objet}", objet=objet)
    version = version_publiee(grappe=grappe, questionnaire=questionnaire, **champs)
    return campagne_ouverte(grappe=grappe, version_posee=version).evaluations.get()


def test_le_pre_diagnostic_se_lit_en_ampleur_par_regards_puis_en_convergence(
    grappe: Grappe, cheffe: Utilisateur
) -> None:
    evaluation = _questionnaire(grappe, "prediagnostic")
    repondre(evaluation, {"A1": 10, "A2": 9, "B1": 5, "B2": 5}, Regard.DIRECTION)
    repondre(evaluation, {"A1": 2, "A2": 9, "B1": 5, "B2": 6}, Regard.CODIR)
    page = page_de(evaluation, cheffe, AU)
    croises = page.croises
    assert croises and croises.regards == ("Direction", "CODIR") and (croises.accords, croises.confrontees) == (3, 4)
    # Ampleur : la note brute, et non sa maîtrise. 1000 × 29/40 et 1000 × 22/40.
    assert croises.totaux == (("Direction", "725"), ("CODIR", "550"))
    (ecart,) = croises.questions
    assert (ecart.code, ecart.mot, ecart.entre) == ("A1", "opposés", "CODIR plus bas, direction plus haut")
    html = lire_page(cheffe, evaluation)
    assert "plus le changement est grand" in html and "Les regards se rejoignent sur 3 des 4 questions" in html
    assert html.index("Chaque regard, séparément") < html.index("Puis ensemble")
    propre = html[html.index("D’abord, les écarts") :]
    assert "risque" not in propre.lower().replace("/risques/", "").replace("css/risques.css", "")


def test_leviers_et_griefs_croisent_le_terrain_et_le_numerique(grappe: Grappe, cheffe: Utilisateur) -> None:
    evaluation = _questionnaire(grappe, "leviers", sens="favorable")
    for regard, note in ((Regard.DIRECTION, 5), (Regard.TERRAIN, 2), (Regard.NUMERIQUE, 9)):
        repondre(evaluation, {"A1": note, "A2": 5}, regard)
    croises = page_de(evaluation, cheffe, AU).croises
    assert croises and croises.regards == ("Équipe de terrain", "Équipe numérique")
    assert croises.questions[0].valeurs == (("Équipe de terrain", "2"), ("Équipe numérique", "9"))
