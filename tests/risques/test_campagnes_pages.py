"""Les pages de campagnes et de grilles, telles qu'on s'en sert : ce qui se lit, où l'on va, ce qui se dit."""

import re
from typing import Any

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from programme.enums import Role
from programme.models import Grappe, Parcours, Utilisateur
from programme.socle.porte import changer_etat
from risques.documents.grilles import document_de
from risques.models import Evaluation, Grille
from risques.services.grilles import detailler
from risques.services.lecture_evaluations import page_de
from risques.services.questionnaires_esms import questionnaires_de
from tests.aides import connecte
from tests.fabriques import GrappeFactory, ParcoursFactory, affecter, cheffe_de, directrice_de
from tests.risques.fabriques import (
    CampagneFactory,
    GrilleFactory,
    QuestionnaireFactory,
    RisqueFactory,
    campagne_ouverte,
    grille_de,
    version_publiee,
)

pytestmark = pytest.mark.django_db

AU = timezone.localdate()
FRAGMENT = "risques/fragments/questionnaires_esms.html"


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
    assert "Ampleur du changement : 725 sur 1" in lue and "plus le changement est grand" in lue
    assert "maîtrise" not in lue.lower()
    donnees = document_de(detail).donnees
    assert donnees["lecture"] == "Ampleur du changement" and donnees["total"].startswith("725")


def test_ce_qui_fut_transmis_se_lit_du_meme_cote(grappe: Grappe, cheffe: Utilisateur) -> None:
    evaluation = _prediagnostic(grappe)
    grille = transmise(evaluation, cheffe)
    autre = affecter(Role.CHEF_PROJET, grappe)
    changer_etat(grille, "demander_precision", par=autre, motif="Pourquoi si haut ?")
    grille.reponses.filter(question__code="A1").update(valeur=6)
    changer_etat(grille, "transmettre", par=cheffe)
    lue = lire(cheffe, "risques:grille-detail", grille.pk)
    assert "ampleur du changement 725" in lue and "ampleur du changement 625" in lue
    ancienne = lire(cheffe, "risques:grille-detail", grille.pk, suite="?transmission=1")
    assert "Ampleur du changement : 725 ; plus c" in ancienne and "maîtrise" not in ancienne.lower()


def test_la_maitrise_s_explique_ou_elle_parait(evaluation: Evaluation, cheffe: Utilisateur) -> None:
    lue = lire(cheffe, "risques:grille-detail", transmise(evaluation, cheffe).pk)
    assert "Maîtrise : 375 sur 1" in lue and "mieux les risques sont maîtrisés" in lue


# --- d'une page à l'autre ------------------------------------------------------------------------------------------


def test_une_reunion_ouverte_mene_a_sa_grille(evaluation: Evaluation, cheffe: Utilisateur) -> None:
    client = connecte(cheffe)
    adresse = reverse("risques:evaluation-designer", args=[evaluation.pk])
    html = client.post(adresse, {"geste": "reunion"}, follow=True).content.decode()
    page = reverse("risques:grille-detail", args=[Grille.objects.get().pk])
    # Dans le message, puis dans la ligne.
    assert len(re.findall(rf'href="{page}"[^>]*>\s*Répondre maintenant', html)) == 2
    for nom, cle in (("risques:evaluation-detail", evaluation.pk), ("risques:campagne-detail", evaluation.campagne_id)):
        assert re.search(rf'href="{page}"[^>]*>\s*Répondre maintenant', brute(cheffe, nom, cle))


def test_qui_ne_tient_pas_la_plume_n_y_est_pas_envoye(
    evaluation: Evaluation, cheffe: Utilisateur, grappe: Grappe
) -> None:
    membre = affecter(Role.MEMBRE, grappe)
    adresse = reverse("risques:evaluation-designer", args=[evaluation.pk])
    donnees = {"geste": "reunion", "reunion-evaluateur": membre.pk}
    html = connecte(cheffe).post(adresse, donnees, follow=True).content.decode()
    assert "tient la plume" in html and "Répondre maintenant" not in html


def test_sans_personne_on_designe_avant_d_ouvrir(grappe: Grappe, cheffe: Utilisateur) -> None:
    campagne = CampagneFactory(grappe=grappe)
    evaluation = campagne.evaluations.get()
    designer = reverse("risques:evaluation-designer", args=[evaluation.pk])
    ouvrir = reverse("programme:passage", args=["campagne", campagne.pk, "ouvrir"])
    html = brute(cheffe, "risques:campagne-detail", campagne.pk)
    assert f'class="btn btn-primary" href="{designer}"' in html
    assert f'class="btn btn-outline-primary" href="{ouvrir}"' in html
    assert "Personne n’est désigné" in html
    dit = connecte(cheffe).get(ouvrir).content.decode()
    assert "ne demande rien à personne" in dit and "Chaque évaluateur" not in dit
    grille_de(cheffe, evaluation, {})
    html = brute(cheffe, "risques:campagne-detail", campagne.pk)
    assert "Personne n’est désigné" not in html and f'class="btn btn-primary" href="{ouvrir}"' in html
    assert "ne demande rien à personne" not in connecte(cheffe).get(ouvrir).content.decode()


def test_sans_personne_rien_ne_se_dit_des_relances(evaluation: Evaluation, cheffe: Utilisateur) -> None:
    lue = lire(cheffe, "risques:campagne-detail", evaluation.campagne_id)
    assert "relancer" not in lue and "Désigner qui répond" in lue
    grille_de(cheffe, evaluation, {})
    assert "1 réponse manque encore" in lire(cheffe, "risques:campagne-detail", evaluation.campagne_id)


def test_chaque_esms_designe_sa_direction_sauf_poste_vacant(
    grappe: Grappe, parcours: Parcours, cheffe: Utilisateur
) -> None:
    campagne = CampagneFactory(grappe=grappe, portee="esms", population=[parcours])
    assert "Désigner qui répond" in lire(cheffe, "risques:campagne-detail", campagne.pk)
    directrice_de(parcours)
    assert "Désigner qui répond" not in lire(cheffe, "risques:campagne-detail", campagne.pk)


def _fil(html: str) -> list[tuple[str, str]]:
    fil = re.search(r'<nav class="fil-ariane".*?</nav>', html, re.S)
    assert fil
    liens = re.findall(r"<li[^>]*>(.*?)</li>", fil[0], re.S)
    return [(en_mots(li).strip(), (re.findall(r'href="([^"]+)"', li) or [""])[0]) for li in liens]


def test_un_seul_fil_de_la_grappe_a_la_grille(grappe: Grappe, parcours: Parcours, cheffe: Utilisateur) -> None:
    campagne = campagne_ouverte(grappe=grappe, portee="esms", population=[parcours])
    evaluation = campagne.evaluations.get()
    grille = transmise(evaluation, cheffe)
    resultats = _fil(brute(cheffe, "risques:evaluation-detail", evaluation.pk))
    fil = _fil(brute(cheffe, "risques:grille-detail", grille.pk))
    assert [mot for mot, _ in fil] == [grappe.nom, "Campagnes", campagne.nom, str(parcours), "Résultats", "Réponses"]
    assert fil[3][1] == reverse("programme:parcours-detail", args=[parcours.pk])
    assert fil[:4] == resultats[:4] and resultats[4] == ("Résultats", "")


# --- transmettre ---------------------------------------------------------------------------------------------------


def test_on_relit_avant_de_transmettre(evaluation: Evaluation, cheffe: Utilisateur) -> None:
    grille = grille_de(cheffe, evaluation, {"A1": 7, "B1": None})
    page = reverse("risques:grille-detail", args=[grille.pk])
    assert f'href="{page}?relire=1">Relire et transmettre' in brute(cheffe, "risques:grille-detail", grille.pk)
    html = brute(cheffe, "risques:grille-detail", grille.pk, suite="?relire=1")
    sans, dites = html.split('id="t-dites"')
    assert f'{page}?section=A#q-A2"' in sans and f'{page}?section=B#q-B2"' in sans and "#q-A1" not in sans
    assert "<strong>7</strong>" in dites and "<strong>sans objet</strong>" in dites
    assert reverse("programme:passage", args=["grille", grille.pk, "transmettre"]) in dites
    vide = grille_de(affecter(Role.MEMBRE, evaluation.campagne.grappe), evaluation, {})
    html = brute(vide.evaluateur, "risques:grille-detail", vide.pk, suite="?relire=1")
    transmettre = reverse("programme:passage", args=["grille", vide.pk, "transmettre"])
    assert "au moins une réponse" in html and transmettre not in html and "on peut transmettre" not in html


def test_transmettre_ne_demande_ni_date_ni_motif_et_le_dit_simplement(
    evaluation: Evaluation, cheffe: Utilisateur
) -> None:
    grille = grille_de(cheffe, evaluation, NOTES)
    adresse = reverse("programme:passage", args=["grille", grille.pk, "transmettre"])
    client = connecte(cheffe)
    html = client.get(adresse).content.decode()
    assert "date_effet" not in html and 'name="motif"' not in html
    html = client.post(adresse, {"version": grille.version}, follow=True).content.decode()
    assert "Vos réponses sont transmises." in html and "→" not in html.split("<h1")[0]
    grille.refresh_from_db()
    assert grille.etat == "transmise"


def test_une_precision_se_demande_par_une_question(evaluation: Evaluation, cheffe: Utilisateur, grappe: Grappe) -> None:
    membre = affecter(Role.MEMBRE, grappe)
    grille = transmise(evaluation, membre)
    adresse = reverse("programme:passage", args=["grille", grille.pk, "demander_precision"])
    client = connecte(cheffe)
    html = client.get(adresse).content.decode()
    assert "Votre question" in html and ">Motif<" not in html and "date_effet" not in html
    rejet = client.post(adresse, {"version": grille.version, "motif": ""})
    assert rejet.status_code == 422 and "Écrivez votre question" in rejet.content.decode()
    html = client.post(adresse, {"version": grille.version, "motif": "Quel étage ?"}, follow=True).content.decode()
    assert "Votre question est posée" in html
    grille.refresh_from_db()
    assert grille.etat == "precision"


# --- préparer ------------------------------------------------------------------------------------------------------


def test_preparer_pose_a_la_grappe_par_defaut_et_replie_les_esms(
    grappe: Grappe, parcours: Parcours, cheffe: Utilisateur
) -> None:
    version_publiee(grappe=grappe, duree_minutes=150)
    html = brute(cheffe, "risques:campagne-creer", grappe.pk)
    assert re.search(r'<input[^>]*value="grappe"[^>]*checked', html)
    assert "environ 2\u00a0h\u00a030" in html and "150 min" not in html
    replie = re.search(r'<details class="replie">(.*?)</details>', html, re.S)
    assert replie and "IME Les Acacias" in replie[1]
    adresse = reverse("risques:campagne-creer", args=[grappe.pk])
    fautif = connecte(cheffe).post(adresse, {"portee": "esms"}).content.decode()
    assert '<details class="replie" open>' in fautif


def test_la_liste_dit_que_les_closes_se_retrouvent(grappe: Grappe, cheffe: Utilisateur) -> None:
    assert "closes se retrouvent par « État »" in lire(cheffe, "risques:campagne-liste")


# --- les résultats, la grappe ---------------------------------------------------------------------------------------


def test_les_ecarts_ne_se_disent_qu_une_fois(grappe: Grappe, cheffe: Utilisateur) -> None:
    evaluation = _prediagnostic(grappe)
    transmise(evaluation, cheffe, regard="direction")
    membre = affecter(Role.MEMBRE, grappe)
    transmise(evaluation, membre, {"A1": 6, "A2": 9, "B1": 5, "B2": 5}, regard="codir")
    html = brute(cheffe, "risques:evaluation-detail", evaluation.pk)
    ensemble = html[html.index("Puis ensemble") : html.index('id="t-total"')]
    assert ensemble.index("<details") < ensemble.index("Là où l’on s’écarte") < ensemble.index("</details>")
    assert "divisés" in html and "partagés" not in html and "étendue" not in en_mots(html).lower()
    assert "Celles qui divisent" in html and "du plus bas au plus haut" in html


def test_sans_reponse_individuelle_le_bloc_des_ecarts_se_tait(evaluation: Evaluation, cheffe: Utilisateur) -> None:
    changer_etat(GrilleFactory(evaluation=evaluation, evaluateur=cheffe), "transmettre", par=cheffe)
    html = brute(cheffe, "risques:evaluation-detail", evaluation.pk)
    assert "D’abord, les écarts" not in html and "Réponse en réunion" in html


def test_ce_qui_revient_par_categorie_et_qui_n_a_rien_transmis_sont_replies(
    grappe: Grappe, parcours: Parcours, cheffe: Utilisateur
) -> None:
    autre = ParcoursFactory(grappe=grappe, esms__nom="Foyer du Lac")
    for p in (parcours, autre):
        RisqueFactory(parcours=p, libelle="Retour au papier", categorie="juridique", probabilite=4, impact=3)
    html = brute(cheffe, "risques:grappe-risques", grappe.pk)
    assert '<details class="donnees mt-3">' in html and "n’ont rien transmis" in html
    revient = html[html.index('id="t-recurrents"') :]
    assert revient.index("Retour au papier") < revient.index("<details") < revient.index("Juridique")
    assert "carte-tient" in html


def test_un_seul_risque_inacceptable_mene_a_lui(grappe: Grappe, parcours: Parcours, cheffe: Utilisateur) -> None:
    risque = RisqueFactory(parcours=parcours, probabilite=4, impact=4)
    html = brute(cheffe, "risques:grappe-risques", grappe.pk)
    assert f'href="{reverse("risques:risque-detail", args=[risque.pk])}">1 risque inacceptable</a>' in html


# --- les questionnaires d'un ESMS -----------------------------------------------------------------------------------


def test_ce_que_l_esms_a_transmis_se_retrouve_depuis_lui_campagnes_closes_comprises(
    grappe: Grappe, parcours: Parcours, cheffe: Utilisateur
) -> None:
    directrice = directrice_de(parcours)
    close = campagne_ouverte(grappe=grappe, portee="esms", population=[parcours])
    sienne = Grille.objects.get(evaluateur=directrice)
    sienne.reponses.create(question=close.version_posee.sections.first().questions.first(), valeur=4, par=directrice)
    changer_etat(sienne, "transmettre", par=directrice)
    changer_etat(close, "clore", par=cheffe)
    ouverte = campagne_ouverte(grappe=grappe, portee="esms", population=[parcours])
    campagne_ouverte(grappe=grappe, portee="esms", population=[ParcoursFactory(grappe=grappe)])
    a_dire, transmis = questionnaires_de(parcours, directrice)
    assert (a_dire.campagne, a_dire.a_repondre) == (ouverte, True)
    assert (transmis.campagne, transmis.sienne, transmis.transmise_le) == (close, sienne, AU)
    html = render_to_string(FRAGMENT, {"questionnaires": [a_dire, transmis]})
    assert reverse("risques:grille-detail", args=[sienne.pk]) in html and "close" in html
    assert "Répondre" in html and reverse("risques:evaluation-detail", args=[transmis.evaluation.pk]) in html


def test_hors_de_son_perimetre_l_esms_n_a_pas_de_questionnaires(grappe: Grappe, parcours: Parcours) -> None:
    campagne_ouverte(grappe=grappe, portee="esms", population=[parcours])
    assert questionnaires_de(parcours, directrice_de(ParcoursFactory(grappe=grappe))) == []


def test_dix_questionnaires_ne_coutent_pas_plus_qu_un(grappe: Grappe, parcours: Parcours) -> None:
    directrice = directrice_de(parcours)

    def compter() -> int:
        with CaptureQueriesContext(connection) as lues:
            render_to_string(FRAGMENT, {"questionnaires": questionnaires_de(parcours, directrice)})
        return len(lues)

    courte = version_publiee(grappe=grappe, duree_minutes=1)
    campagne_ouverte(grappe=grappe, portee="esms", population=[parcours], version_posee=courte)
    compter()  # lit aussi son périmètre, une fois pour toutes
    une = compter()
    for _ in range(3):
        campagne_ouverte(grappe=grappe, portee="esms", population=[parcours], version_posee=courte)
    assert compter() == une == 2
