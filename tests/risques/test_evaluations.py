"""Une évaluation : désigner, répondre à plusieurs sans s'influencer, lire les écarts avant la moyenne, s'accorder."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from programme.enums import Role
from programme.models import Grappe, Parcours, Utilisateur
from programme.socle.a_faire import Demande, a_faire, declarations
from programme.socle.erreurs import Refus
from programme.socle.porte import changer_etat
from risques.enums import EtatGrille, NatureGrille, Regard
from risques.models import Campagne, Evaluation, Grille, Question, Reponse, Section
from risques.services import evaluations as services
from risques.services.lecture_evaluations import notes_de_chacun, page_de
from tests.aides import connecte, exiger_requetes_constantes
from tests.fabriques import GrappeFactory, ParcoursFactory, UtilisateurFactory, affecter, cheffe_de, directrice_de
from tests.risques.fabriques import (
    CampagneFactory,
    PartageFactory,
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


def _repondre(
    evaluation: Evaluation, notes: dict[str, int | None], regard: str = Regard.TERRAIN, qui: Utilisateur | None = None
) -> Utilisateur:
    """Quelqu'un de la grappe répond, et transmet."""
    qui = qui or affecter(Role.MEMBRE, evaluation.campagne.grappe)
    changer_etat(grille_de(qui, evaluation, notes, regard=regard), "transmettre", par=qui)
    return qui


def _page(qui: Utilisateur, evaluation: Evaluation, suite: str = "") -> str:
    reponse = connecte(qui).get(reverse("risques:evaluation-detail", args=[evaluation.pk]) + suite)
    assert reponse.status_code == 200
    return reponse.content.decode()


# --- désigner --------------------------------------------------------------------------------------------------------


def test_designer_partage_les_sections_et_signale_celles_de_personne(
    evaluation: Evaluation, cheffe: Utilisateur, grappe: Grappe
) -> None:
    membre, a = affecter(Role.MEMBRE, grappe), Section.objects.get(version=evaluation.campagne.version_posee, code="A")
    adresse, client = reverse("risques:evaluation-designer", args=[evaluation.pk]), connecte(cheffe)
    envoi = {"geste": "designer", "evaluateur": membre.pk, "regard": "terrain", "sections": [a.pk]}
    page = client.post(adresse, envoi, follow=True).content.decode()
    assert "est désigné : équipe de terrain" in page and "ne sont confiées à personne" in page and "Section B" in page
    grille = Grille.objects.get()
    assert (grille.regard, list(grille.sections.all()), grille.designee_par) == ("terrain", [a], cheffe)
    assert client.post(adresse, envoi).status_code == 422, "déjà désigné : hors de la liste"
    services.designer(evaluation=evaluation, evaluateur=cheffe, regard="projet", par=cheffe)
    assert "ne sont confiées à personne" not in client.get(adresse).content.decode()


def test_on_ne_designe_que_qui_voit_l_objet(evaluation: Evaluation, cheffe: Utilisateur, grappe: Grappe) -> None:
    for ailleurs in (UtilisateurFactory(), affecter(Role.ARS, grappe.region), cheffe_de(GrappeFactory())):
        with pytest.raises(Refus) as refus:
            services.designer(evaluation=evaluation, evaluateur=ailleurs, regard="autre", par=cheffe)
        assert "ne voit pas" in refus.value.champs["evaluateur"][0]
    vus = services.comptes_a_designer(evaluation, AU)
    assert cheffe in vus and not any(c.perimetre.tient(Role.ARS) for c in vus)


def test_la_direction_designe_pour_son_esms_seulement(grappe: Grappe, parcours: Parcours, cheffe: Utilisateur) -> None:
    campagne = campagne_ouverte(grappe=grappe, population=[None, parcours])
    directrice, referente = directrice_de(parcours), affecter(Role.REFERENT, parcours.esms)
    sienne, commune = campagne.evaluations.get(parcours=parcours), campagne.evaluations.get(parcours=None)
    assert services.designer(evaluation=sienne, evaluateur=referente, regard="terrain", par=directrice).pk
    for par, visee in ((directrice, commune), (referente, sienne)):
        with pytest.raises(Refus, match="chef de projet"):
            services.designer(evaluation=visee, evaluateur=cheffe, regard="projet", par=par)


def test_retirer_qui_n_a_pas_commence_et_lui_seul(evaluation: Evaluation, cheffe: Utilisateur, grappe: Grappe) -> None:
    un, deux = affecter(Role.MEMBRE, grappe), affecter(Role.MEMBRE, grappe)
    vierge = services.designer(evaluation=evaluation, evaluateur=un, regard="terrain", par=cheffe)
    commencee = grille_de(deux, evaluation, {"A1": 2})
    adresse, client = reverse("risques:evaluation-designer", args=[evaluation.pk]), connecte(cheffe)
    page = client.post(adresse, {"geste": "retirer", "grille": vierge.pk}, follow=True).content.decode()
    assert "n&#x27;est plus sollicité" in page and not Grille.objects.filter(pk=vierge.pk).exists()
    page = client.post(adresse, {"geste": "retirer", "grille": commencee.pk}, follow=True).content.decode()
    assert "a déjà commencé" in page and Grille.objects.filter(pk=commencee.pk).exists()
    ailleurs = grille_de(un, campagne_ouverte(grappe=grappe).evaluations.get())
    assert client.post(adresse, {"geste": "retirer", "grille": ailleurs.pk}).status_code == 404


def test_une_reunion_par_evaluation(evaluation: Evaluation, cheffe: Utilisateur, grappe: Grappe) -> None:
    adresse, client = reverse("risques:evaluation-designer", args=[evaluation.pk]), connecte(cheffe)
    assert "tient la plume" in client.post(adresse, {"geste": "reunion"}, follow=True).content.decode()
    grille = Grille.objects.get()
    assert (grille.nature, grille.evaluateur) == (NatureGrille.REUNION, cheffe)
    with pytest.raises(Refus, match="déjà ouverte"):
        services.ouvrir_reunion(evaluation=evaluation, par=cheffe, evaluateur=affecter(Role.MEMBRE, grappe))


def test_close_on_ne_designe_plus(evaluation: Evaluation, cheffe: Utilisateur) -> None:
    changer_etat(evaluation.campagne, "clore", par=cheffe)
    with pytest.raises(Refus, match="rouvrez-la"):
        services.designer(evaluation=evaluation, evaluateur=cheffe, regard="projet", par=cheffe)


# --- trois évaluateurs, un objet -------------------------------------------------------------------------------------


def test_personne_ne_voit_la_reponse_d_un_autre_avant_d_avoir_transmis_la_sienne(
    evaluation: Evaluation, grappe: Grappe, cheffe: Utilisateur
) -> None:
    _repondre(evaluation, {"A1": 9, "A2": 9, "B1": 9, "B2": 9})
    _repondre(evaluation, {"A1": 1, "A2": 1, "B1": 1, "B2": 1}, Regard.NUMERIQUE)
    troisieme = affecter(Role.MEMBRE, grappe)
    grille = grille_de(troisieme, evaluation, {"A1": 5})
    for qui, siennes in ((troisieme, grille), (cheffe, grille_de(cheffe, evaluation, {"A1": 4}))):
        for suite in ("", "?toutes=1"):
            page = _page(qui, evaluation, suite)
            assert "Transmettez d’abord vos réponses" in page and "réponses transmises sur" in page
            for trace in ("opposés", "Énoncé A1", "Moyenne", "<figure", "médiane", "550"):
                assert trace not in page, f"{qui} lit déjà « {trace} »"
        changer_etat(siennes, "transmettre", par=qui)
        page = _page(qui, evaluation)
        assert "opposés" in page and "Énoncé A1" in page
        # Une précision demandée rouvre sa grille : elle redevient une réponse à donner, sans l'écho des autres.
    changer_etat(grille, "demander_precision", par=cheffe, motif="A1 ?")
    assert "opposés" not in _page(troisieme, evaluation)


def test_le_consensus_aussi_attend_ses_propres_reponses(evaluation: Evaluation, cheffe: Utilisateur) -> None:
    for _ in range(2):
        _repondre(evaluation, {"A1": 7})
    grille = grille_de(cheffe, evaluation, {"A1": 2})
    adresse, client = reverse("risques:evaluation-consensus", args=[evaluation.pk]), connecte(cheffe)
    page = client.get(adresse).content.decode()
    assert "Transmettez d’abord" in page and "d’accord sur" not in page
    envoi = {"tenue_le": AU.isoformat(), "participants": "Direction"}
    refuse = client.post(adresse, envoi)
    assert refuse.status_code == 422 and not Grille.objects.filter(nature="consensus").exists()
    changer_etat(grille, "transmettre", par=cheffe)
    assert client.post(adresse, envoi).status_code == 302


def test_les_ecarts_d_abord_puis_la_moyenne_puis_le_consensus_et_son_histoire(
    evaluation: Evaluation, cheffe: Utilisateur, grappe: Grappe
) -> None:
    notes = [{"A1": 9, "A2": 5, "B1": 2, "B2": 4}, {"A1": 2, "A2": 5, "B1": 3, "B2": 4}, {"A1": 4, "A2": 5, "B1": 2}]
    regards = (Regard.DIRECTION, Regard.TERRAIN, Regard.NUMERIQUE)
    gens = [_repondre(evaluation, n, r) for n, r in zip(notes, regards, strict=True)]
    avant = {g.pk: (g.etat, sorted(g.reponses.values_list("valeur", flat=True))) for g in Grille.objects.all()}
    grille = services.ouvrir_consensus(evaluation=evaluation, par=cheffe, tenue_le=AU, participants="Direction, équipe")
    assert not grille.reponses.exists() and grille.etat == EtatGrille.A_REPONDRE, "pré-rempli de rien"
    page = _page(cheffe, evaluation)
    assert "Consensus" in page and "pas encore transmis" in page
    # Deux questions d'accord : A2 chez les trois, rien d'autre (B2 : le troisième n'a pas répondu).
    ecrites = services.reprendre_notes_communes(grille=grille, par=cheffe)
    assert [(r.question.code, r.valeur, r.par) for r in ecrites] == [("A2", 5, cheffe)]
    assert "Note commune aux trois réponses, reprise le" in ecrites[0].mot
    grille.refresh_from_db()
    assert grille.etat == EtatGrille.COMMENCEE
    with pytest.raises(Refus, match="Aucune question de plus"):
        services.reprendre_notes_communes(grille=grille, par=cheffe)
    question = evaluation.campagne.version_posee.sections.get(code="A").questions.get(code="A1")
    Reponse.objects.create(grille=grille, question=question, valeur=7, par=cheffe)
    changer_etat(grille, "transmettre", par=cheffe)
    changer_etat(grille, "demander_precision", par=cheffe, motif="Revoir A1.")
    Reponse.objects.filter(grille=grille, question=question).update(valeur=3)
    changer_etat(grille, "transmettre", par=cheffe)
    # Chaque réponse individuelle reste ce qu'elle était, et l'histoire du consensus garde ses deux transmissions.
    assert {
        g.pk: (g.etat, sorted(g.reponses.values_list("valeur", flat=True)))
        for g in Grille.objects.exclude(pk=grille.pk)
    } == avant
    page = _page(cheffe, evaluation)
    ordre = [page.index(x) for x in ("D’abord, les écarts", "t-total", 't-consensus"', "Côte à côte")]
    assert ordre == sorted(ordre)
    assert page.index("opposés") < page.index("Moyenne des réponses</dt>")
    assert "Transmis de nouveau" in page and page.count(": 500") == 1 and ": 500" in page
    assert "Avec Direction, équipe." in page and all(q.nom in page for q in gens)


DE_CHACUN = ("opposés", "Énoncé", "Équipe de terrain", "Côte à côte", 'data-dessin="dispersion"', "D’abord, les écarts")


@pytest.mark.parametrize("suite", ["", "?toutes=1"])
def test_ce_que_chacun_a_repondu_ne_se_lit_que_par_qui_conduit_ou_repond(
    evaluation: Evaluation, grappe: Grappe, parcours: Parcours, cheffe: Utilisateur, suite: str
) -> None:
    un = _repondre(evaluation, {"A1": 9, "A2": 9}, Regard.DIRECTION)
    spectateurs = [
        affecter(Role.MEMBRE, grappe), affecter(Role.GRADES, grappe), directrice_de(parcours), affecter(Role.ADMIN),
    ]  # fmt: skip
    for qui in spectateurs:
        page = _page(qui, evaluation, suite)
        assert "Pas encore de résultat à lire" in page and "<figure" not in page, "une seule réponse est une personne"
    deux = _repondre(evaluation, {"A1": 1, "A2": 1}, Regard.TERRAIN)
    for qui in spectateurs:
        page = _page(qui, evaluation, suite)
        assert "Le résultat seul" in page and "600" in page
        for trace in (*DE_CHACUN, un.nom, deux.nom):
            assert trace not in page, f"{qui} lit « {trace} »"
    for qui in (un, cheffe):
        page = _page(qui, evaluation)
        assert un.nom in page and deux.nom in page


def test_deux_evaluateurs_du_meme_nom_se_distinguent(evaluation: Evaluation, grappe: Grappe) -> None:
    for note in (2, 8):
        _repondre(evaluation, {"A1": note})
    Utilisateur.objects.filter(grilles__isnull=False).update(nom="Camille Roux")
    noms = [v.nom for v in page_de(evaluation, cheffe_de(grappe), AU).vues]
    assert noms[0] != noms[1] and noms[0].endswith(" 1") and noms[1].endswith(" 2")


def test_une_seule_reponse_ne_se_disperse_pas_et_se_dit(evaluation: Evaluation, cheffe: Utilisateur) -> None:
    _repondre(evaluation, {"A1": 9, "B2": None})
    page = _page(cheffe, evaluation)
    assert "Une seule personne a transmis" in page and "Provisoire : 2 questions répondues sur 4" in page
    assert "1 question sans objet ne compte pas" in page and 'data-dessin="dispersion"' not in page


def test_rien_de_transmis_le_dit(evaluation: Evaluation, cheffe: Utilisateur, grappe: Grappe) -> None:
    grille_de(affecter(Role.MEMBRE, grappe), evaluation, {"A1": 9})
    assert "Rien de transmis pour l’instant" in _page(cheffe, evaluation)


# --- le consensus ----------------------------------------------------------------------------------------------------


def test_sans_deux_reponses_un_consensus_dit_pourquoi(evaluation: Evaluation, cheffe: Utilisateur) -> None:
    _repondre(evaluation, {"A1": 7})
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
        _repondre(evaluation, {"A1": note})
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
        _repondre(evaluation, {"A1": 7, "A2": 3, "B1": None})
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
    un = _repondre(evaluation, {"A1": 9, "A2": 5}, Regard.DIRECTION)
    _repondre(evaluation, {"A1": 2, "A2": 5, "B1": None})
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
        _repondre(evaluation, {"A1": 7}, qui=qui)
    grille = services.ouvrir_consensus(evaluation=evaluation, par=directrice, tenue_le=AU, participants="Direction")
    adresse = reverse("risques:grille-detail", args=[grille.pk])
    assert connecte(cheffe).get(adresse).status_code == 200
    sienne = grille_de(cheffe, evaluation, {"A1": 1})
    assert connecte(cheffe).get(adresse).status_code == 403 and notes_de_chacun(grille, cheffe) == {}
    changer_etat(sienne, "transmettre", par=cheffe)
    assert connecte(cheffe).get(adresse).status_code == 200


# --- comparer --------------------------------------------------------------------------------------------------------


def _autre(evaluation: Evaluation, **champs: Any) -> Evaluation:
    """Une autre campagne sur le même objet."""
    campagne = evaluation.campagne
    neuve = campagne_ouverte(
        **{"grappe": campagne.grappe, "version_posee": campagne.version_posee, "population": [evaluation.parcours]}
        | champs
    )
    return neuve.evaluations.get()


def test_comparer_deux_phases_sur_les_memes_questions_etoilees(evaluation: Evaluation, cheffe: Utilisateur) -> None:
    _repondre(evaluation, {"A1": 9, "A2": 1, "B1": 5, "B2": 1})
    fin = _autre(evaluation, etoilees=True, phase="fin_de_phase", nom="Fin de phase une")
    _repondre(fin, {"A1": 3, "B1": 5})
    page = page_de(fin, cheffe, AU)
    (vu,) = page.rapprochements
    assert vu.nb_questions == 2 and vu.comparaison and not vu.refus
    # A1 et B1 étoilées : (2 + 6)/20 puis (8 + 6)/20, sur 1000.
    assert (vu.comparaison.avant.affiche, vu.comparaison.apres.affiche) == (400, 700)
    assert page.tendance and "étoilées" in page.tendance.note
    html = _page(cheffe, fin)
    assert "Sur 2 questions répondues des deux côtés" in html and "+ 300" in html


def test_versions_pas_comparables_ou_de_sens_inconnu_la_raison_se_dit(
    evaluation: Evaluation, cheffe: Utilisateur, grappe: Grappe
) -> None:
    _repondre(evaluation, {"A1": 9, "A2": 4})
    une = evaluation.campagne.version_posee
    deux = version_publiee(grappe=grappe, questionnaire=une.questionnaire, numero=une.numero + 1)
    autre = _autre(evaluation, version_posee=deux)
    _repondre(autre, {"A1": 9, "A2": 4})
    assert "pas déclarée comparable" in _page(cheffe, autre)
    assert page_de(autre, cheffe, AU).tendance is None
    inconnue = version_publiee(
        grappe=grappe, questionnaire=une.questionnaire, numero=une.numero + 2, sens="inconnu", comparable_depuis=1
    )
    troisieme = _autre(evaluation, version_posee=inconnue)
    _repondre(troisieme, {"A1": 9, "A2": 4})
    page = _page(cheffe, troisieme)
    assert "Sens inconnu" in page and "n&#x27;est pas connu : dites ce que vaut" in page


def test_on_ne_compare_pas_a_celle_ou_l_on_doit_encore_repondre(evaluation: Evaluation, grappe: Grappe) -> None:
    qui = _repondre(evaluation, {"A1": 9, "A2": 4})
    suivante = _autre(evaluation, nom="La suivante")
    _repondre(suivante, {"A1": 2, "A2": 4})
    assert "La suivante" not in _page(qui, evaluation), "une seule réponse ne se lit pas comme une moyenne"
    _repondre(suivante, {"A1": 2, "A2": 4})
    assert "La suivante" in _page(qui, evaluation)
    grille_de(qui, suivante, {"A1": 5})
    assert "La suivante" not in _page(qui, evaluation)


def test_la_mediane_de_la_grappe_a_partir_de_cinq_esms(grappe: Grappe, cheffe: Utilisateur) -> None:
    campagne = campagne_ouverte(
        grappe=grappe, portee="esms", population=[ParcoursFactory(grappe=grappe) for _ in range(5)]
    )
    evaluations = list(campagne.evaluations.select_related("parcours__esms"))
    for note, e in zip((1, 2, 3, 4), evaluations, strict=False):
        _repondre(e, {"A1": note}, qui=directrice_de(e.parcours))
    directrice = Grille.objects.get(evaluation=evaluations[0]).evaluateur
    assert page_de(evaluations[0], cheffe, AU).mediane is None
    _repondre(evaluations[4], {"A1": 10}, qui=directrice_de(evaluations[4].parcours))
    mediane = page_de(evaluations[0], cheffe, AU).mediane
    assert mediane and (mediane.nb, mediane.total, mediane.sections) == (5, 800, (400, None))
    page = _page(cheffe, evaluations[0])
    assert "Médiane de la grappe" in page and "5 ESMS évalués" in page
    # À quatre inconnus, la médiane en désignerait : la directrice attend cinq ESMS en plus du sien.
    assert page_de(evaluations[0], directrice, AU).mediane is None
    sixieme = Evaluation.objects.create(campagne=campagne, parcours=ParcoursFactory(grappe=grappe))
    _repondre(sixieme, {"A1": 10}, qui=directrice_de(sixieme.parcours))
    assert (vue := page_de(evaluations[0], directrice, AU).mediane) and vue.nb == 6
    # Qui en dirige un second n'en ignore plus que quatre.
    affecter(Role.DIRECTEUR, sixieme.parcours.esms, utilisateur=directrice)
    directrice = Utilisateur.objects.get(pk=directrice.pk)
    assert page_de(evaluations[0], directrice, AU).mediane is None


# --- regards croisés -------------------------------------------------------------------------------------------------


def _questionnaire(grappe: Grappe, objet: str, **champs: Any) -> Evaluation:
    questionnaire = QuestionnaireFactory(code=objet, nom=f"Essai {objet}", objet=objet)
    version = version_publiee(grappe=grappe, questionnaire=questionnaire, **champs)
    return campagne_ouverte(grappe=grappe, version_posee=version).evaluations.get()


def test_le_pre_diagnostic_se_lit_en_ampleur_par_regards_puis_en_convergence(
    grappe: Grappe, cheffe: Utilisateur
) -> None:
    evaluation = _questionnaire(grappe, "prediagnostic")
    _repondre(evaluation, {"A1": 10, "A2": 9, "B1": 5, "B2": 5}, Regard.DIRECTION)
    _repondre(evaluation, {"A1": 2, "A2": 9, "B1": 5, "B2": 6}, Regard.CODIR)
    page = page_de(evaluation, cheffe, AU)
    croises = page.croises
    assert croises and croises.regards == ("Direction", "CODIR") and (croises.accords, croises.confrontees) == (3, 4)
    # Ampleur : la note brute, et non sa maîtrise. 1000 × 29/40 et 1000 × 22/40.
    assert croises.totaux == (("Direction", "725"), ("CODIR", "550"))
    (ecart,) = croises.questions
    assert (ecart.code, ecart.mot, ecart.entre) == ("A1", "opposés", "CODIR plus bas, direction plus haut")
    html = _page(cheffe, evaluation)
    assert "plus le changement est grand" in html and "Les regards se rejoignent sur 3 des 4 questions" in html
    assert html.index("Chaque regard, séparément") < html.index("Puis ensemble")
    propre = html[html.index("D’abord, les écarts") :]
    assert "risque" not in propre.lower().replace("/risques/", "").replace("css/risques.css", "")


def test_leviers_et_griefs_croisent_le_terrain_et_le_numerique(grappe: Grappe, cheffe: Utilisateur) -> None:
    evaluation = _questionnaire(grappe, "leviers", sens="favorable")
    for regard, note in ((Regard.DIRECTION, 5), (Regard.TERRAIN, 2), (Regard.NUMERIQUE, 9)):
        _repondre(evaluation, {"A1": note, "A2": 5}, regard)
    croises = page_de(evaluation, cheffe, AU).croises
    assert croises and croises.regards == ("Équipe de terrain", "Équipe numérique")
    assert croises.questions[0].valeurs == (("Équipe de terrain", "2"), ("Équipe numérique", "9"))


# --- le financeur ----------------------------------------------------------------------------------------------------


def test_le_financeur_ne_lit_que_le_resultat_et_par_un_partage_du_bon_objet(
    grappe: Grappe, parcours: Parcours, cheffe: Utilisateur
) -> None:
    changer_etat(grappe, "deposer", par=cheffe)
    campagne = campagne_ouverte(grappe=grappe, portee="esms", population=[parcours])
    evaluation = campagne.evaluations.get()
    directrice = directrice_de(parcours)
    _repondre(evaluation, {"A1": 9, "A2": 9}, Regard.DIRECTION, directrice)
    _repondre(evaluation, {"A1": 1, "A2": 1}, Regard.TERRAIN, affecter(Role.REFERENT, parcours.esms))
    consensus = services.ouvrir_consensus(
        evaluation=evaluation, par=directrice, tenue_le=AU, participants="Direction et veilleuse"
    )
    ars = affecter(Role.ARS, parcours.esms.departement.region)
    adresses = [
        reverse("risques:evaluation-detail", args=[evaluation.pk]),
        reverse("risques:campagne-detail", args=[campagne.pk]),
    ]
    assert {connecte(ars).get(a).status_code for a in adresses} == {404}
    PartageFactory(parcours=parcours, objet="leviers")
    assert {connecte(ars).get(a).status_code for a in adresses} == {404}, "un partage d'autre chose n'ouvre rien"
    partage = PartageFactory(parcours=parcours, objet="risques")
    pages = [connecte(ars).get(a, follow=True) for a in adresses]
    assert {p.status_code for p in pages} == {200}
    html = pages[0].content.decode()
    assert "600" in html and "Lu par un partage" in html
    for page in pages:
        lu = page.content.decode()
        for trace in (directrice.nom, "opposés", "Énoncé", "veilleuse", "Côte à côte", "Direction (", "Médiane"):
            assert trace not in lu, trace
    liste = connecte(ars).get(reverse("risques:campagne-liste")).content.decode()
    assert str(campagne) in liste and "transmise" not in liste
    for nom in ("evaluation-designer", "evaluation-consensus"):
        assert connecte(ars).get(reverse(f"risques:{nom}", args=[evaluation.pk])).status_code == 403
    assert consensus.pk
    partage.revoque_le, partage.revoque_par = timezone.now(), directrice
    partage.save()
    assert connecte(ars).get(adresses[0]).status_code == 404


def test_le_financeur_ne_lit_rien_de_ce_qui_n_est_pas_transmis(
    grappe: Grappe, parcours: Parcours, cheffe: Utilisateur
) -> None:
    changer_etat(grappe, "deposer", par=cheffe)
    evaluation = campagne_ouverte(grappe=grappe, portee="esms", population=[parcours]).evaluations.get()
    grille_de(directrice_de(parcours), evaluation, {"A1": 9})
    PartageFactory(parcours=parcours, objet="risques")
    ars = affecter(Role.ARS, parcours.esms.departement.region)
    assert "Pas encore de résultat" in _page(ars, evaluation)


# --- à faire ---------------------------------------------------------------------------------------------------------


def _lignes(qui: Utilisateur) -> dict[str, Any]:
    frais = Utilisateur.objects.get(pk=qui.pk)
    return {ligne.titre: ligne for ligne in a_faire(frais, AU)}


def test_a_faire_valider_puis_s_accorder(evaluation: Evaluation, cheffe: Utilisateur) -> None:
    _repondre(evaluation, {"A1": 9})
    assert "Lire et valider 1 grille transmise" in _lignes(cheffe) and "Tenir un consensus" not in _lignes(cheffe)
    _repondre(evaluation, {"A1": 9})
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
        _repondre(evaluation, {"A1": 4, "A2": note})
    assert "Tenir un consensus" not in _lignes(cheffe)
    posees.filter(code="A2").update(si_au_moins=4)
    assert "Tenir un consensus" in _lignes(cheffe)


def test_a_faire_ne_fait_pas_valider_a_qui_doit_encore_repondre(evaluation: Evaluation, cheffe: Utilisateur) -> None:
    _repondre(evaluation, {"A1": 9})
    grille_de(cheffe, evaluation, {"A1": 2})
    assert not [t for t in _lignes(cheffe) if "valider" in t]


def test_a_faire_une_echeance_qui_passe_avec_des_absents(grappe: Grappe, cheffe: Utilisateur) -> None:
    populations = [[ParcoursFactory(grappe=grappe) for _ in range(2)] for _ in range(3)]
    for population, jours in zip(populations, (3, 30, 3), strict=True):
        campagne = campagne_ouverte(
            grappe=grappe, portee="esms", population=population, echeance=AU + timedelta(days=jours)
        )
    for e in campagne.evaluations.select_related("parcours__esms"):
        _repondre(e, {"A1": 9}, qui=directrice_de(e.parcours))
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
                _repondre(campagne.evaluations.get(), {"A1": note})
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


# --- requêtes --------------------------------------------------------------------------------------------------------


def test_une_evaluation_demande_autant_de_requetes_a_deux_reponses_qu_a_cinquante(
    grappe: Grappe, cheffe: Utilisateur
) -> None:
    campagne = campagne_ouverte(
        grappe=grappe, portee="esms", population=[ParcoursFactory(grappe=grappe) for _ in range(5)]
    )
    evaluations = list(campagne.evaluations.select_related("parcours__esms"))
    for e in evaluations:
        _repondre(e, {"A1": 3, "A2": 6}, qui=directrice_de(e.parcours))
    visee = evaluations[0]

    def peupler(nombre: int) -> None:
        for n in range(nombre):
            _repondre(visee, {"A1": 1 + n % 10, "A2": 5}, qui=affecter(Role.APPUI, visee.parcours.esms))
            autre = Evaluation.objects.create(campagne=campagne, parcours=ParcoursFactory(grappe=grappe))
            _repondre(autre, {"A1": 1 + n % 10})

    exiger_requetes_constantes(connecte(cheffe), reverse("risques:evaluation-detail", args=[visee.pk]), peupler)


def test_le_consensus_et_la_designation_aussi(grappe: Grappe, cheffe: Utilisateur) -> None:
    evaluation = CampagneFactory(grappe=grappe).evaluations.get()
    changer_etat(evaluation.campagne, "ouvrir", par=cheffe)
    _repondre(evaluation, {"A1": 3})
    for nom in ("evaluation-consensus", "evaluation-designer"):
        exiger_requetes_constantes(
            connecte(cheffe),
            reverse(f"risques:{nom}", args=[evaluation.pk]),
            lambda nombre: [_repondre(evaluation, {"A1": 1 + n % 10}) for n in range(nombre)],
        )
