"""Trois évaluateurs, un objet ; ce que le financeur en lit."""

import pytest
from django.urls import reverse
from django.utils import timezone

from programme.enums import Role
from programme.models import Grappe, Parcours, Utilisateur
from programme.socle.erreurs import Refus
from programme.socle.porte import changer_etat
from risques.enums import EtatGrille, Regard
from risques.models import Evaluation, Grille, Reponse
from risques.services import evaluations as services
from risques.services.lecture_evaluations import page_de
from tests.aides import connecte, exiger_requetes_constantes
from tests.fabriques import ParcoursFactory, affecter, cheffe_de, directrice_de
from tests.risques.evaluations.aides import AU, lire_page, repondre
from tests.risques.fabriques import (
    CampagneFactory,
    PartageFactory,
    campagne_ouverte,
    grille_de,
)

pytestmark = pytest.mark.django_db


def test_personne_ne_voit_la_reponse_d_un_autre_avant_d_avoir_transmis_la_sienne(
    evaluation: Evaluation, grappe: Grappe, cheffe: Utilisateur
) -> None:
    repondre(evaluation, {"A1": 9, "A2": 9, "B1": 9, "B2": 9})
    repondre(evaluation, {"A1": 1, "A2": 1, "B1": 1, "B2": 1}, Regard.NUMERIQUE)
    troisieme = affecter(Role.MEMBRE, grappe)
    grille = grille_de(troisieme, evaluation, {"A1": 5})
    for qui, siennes in ((troisieme, grille), (cheffe, grille_de(cheffe, evaluation, {"A1": 4}))):
        for suite in ("", "?toutes=1"):
            page = lire_page(qui, evaluation, suite)
            assert "Transmettez d’abord vos réponses" in page and "réponses transmises sur" in page
            for trace in ("opposés", "Énoncé A1", "Moyenne", "<figure", "médiane", ">550<"):
                assert trace not in page, f"{qui} lit déjà « {trace} »"
        changer_etat(siennes, "transmettre", par=qui)
        page = lire_page(qui, evaluation)
        assert "opposés" in page and "Énoncé A1" in page
        # Une précision demandée rouvre sa grille : elle redevient une réponse à donner, sans l'écho des autres.
    changer_etat(grille, "demander_precision", par=cheffe, motif="A1 ?")
    assert "opposés" not in lire_page(troisieme, evaluation)


def test_le_consensus_aussi_attend_ses_propres_reponses(evaluation: Evaluation, cheffe: Utilisateur) -> None:
    for _ in range(2):
        repondre(evaluation, {"A1": 7})
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
    gens = [repondre(evaluation, n, r) for n, r in zip(notes, regards, strict=True)]
    avant = {g.pk: (g.etat, sorted(g.reponses.values_list("valeur", flat=True))) for g in Grille.objects.all()}
    grille = services.ouvrir_consensus(evaluation=evaluation, par=cheffe, tenue_le=AU, participants="Direction, équipe")
    assert not grille.reponses.exists() and grille.etat == EtatGrille.A_REPONDRE, "pré-rempli de rien"
    page = lire_page(cheffe, evaluation)
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
    page = lire_page(cheffe, evaluation)
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
    un = repondre(evaluation, {"A1": 9, "A2": 9}, Regard.DIRECTION)
    spectateurs = [
        affecter(Role.MEMBRE, grappe), affecter(Role.GRADES, grappe), directrice_de(parcours), affecter(Role.ADMIN),
    ]  # fmt: skip
    for qui in spectateurs:
        page = lire_page(qui, evaluation, suite)
        assert "Pas encore de résultat à lire" in page and "<figure" not in page, "une seule réponse est une personne"
    deux = repondre(evaluation, {"A1": 1, "A2": 1}, Regard.TERRAIN)
    for qui in spectateurs:
        page = lire_page(qui, evaluation, suite)
        assert "Le résultat seul" in page and "600" in page
        for trace in (*DE_CHACUN, un.nom, deux.nom):
            assert trace not in page, f"{qui} lit « {trace} »"
    for qui in (un, cheffe):
        page = lire_page(qui, evaluation)
        assert un.nom in page and deux.nom in page


def test_deux_evaluateurs_du_meme_nom_se_distinguent(evaluation: Evaluation, grappe: Grappe) -> None:
    for note in (2, 8):
        repondre(evaluation, {"A1": note})
    Utilisateur.objects.filter(grilles__isnull=False).update(nom="Camille Roux")
    noms = [v.nom for v in page_de(evaluation, cheffe_de(grappe), AU).vues]
    assert noms[0] != noms[1] and noms[0].endswith(" 1") and noms[1].endswith(" 2")


def test_une_seule_reponse_ne_se_disperse_pas_et_se_dit(evaluation: Evaluation, cheffe: Utilisateur) -> None:
    repondre(evaluation, {"A1": 9, "B2": None})
    page = lire_page(cheffe, evaluation)
    assert "Une seule personne a transmis" in page and "Provisoire : 2 questions répondues sur 4" in page
    assert "1 question sans objet ne compte pas" in page and 'data-dessin="dispersion"' not in page


def test_rien_de_transmis_le_dit(evaluation: Evaluation, cheffe: Utilisateur, grappe: Grappe) -> None:
    grille_de(affecter(Role.MEMBRE, grappe), evaluation, {"A1": 9})
    assert "Rien de transmis pour l’instant" in lire_page(cheffe, evaluation)


def test_le_financeur_ne_lit_que_le_resultat_et_par_un_partage_du_bon_objet(
    grappe: Grappe, parcours: Parcours, cheffe: Utilisateur
) -> None:
    changer_etat(grappe, "deposer", par=cheffe)
    campagne = campagne_ouverte(grappe=grappe, portee="esms", population=[parcours])
    evaluation = campagne.evaluations.get()
    directrice = directrice_de(parcours)
    repondre(evaluation, {"A1": 9, "A2": 9}, Regard.DIRECTION, directrice)
    repondre(evaluation, {"A1": 1, "A2": 1}, Regard.TERRAIN, affecter(Role.REFERENT, parcours.esms))
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
    assert "Pas encore de résultat" in lire_page(ars, evaluation)


def test_une_evaluation_demande_autant_de_requetes_a_deux_reponses_qu_a_cinquante(
    grappe: Grappe, cheffe: Utilisateur
) -> None:
    campagne = campagne_ouverte(
        grappe=grappe, portee="esms", population=[ParcoursFactory(grappe=grappe) for _ in range(5)]
    )
    evaluations = list(campagne.evaluations.select_related("parcours__esms"))
    for e in evaluations:
        repondre(e, {"A1": 3, "A2": 6}, qui=directrice_de(e.parcours))
    visee = evaluations[0]

    def peupler(nombre: int) -> None:
        for n in range(nombre):
            repondre(visee, {"A1": 1 + n % 10, "A2": 5}, qui=affecter(Role.APPUI, visee.parcours.esms))
            autre = Evaluation.objects.create(campagne=campagne, parcours=ParcoursFactory(grappe=grappe))
            repondre(autre, {"A1": 1 + n % 10})

    exiger_requetes_constantes(connecte(cheffe), reverse("risques:evaluation-detail", args=[visee.pk]), peupler)


def test_le_consensus_et_la_designation_aussi(grappe: Grappe, cheffe: Utilisateur) -> None:
    evaluation = CampagneFactory(grappe=grappe).evaluations.get()
    changer_etat(evaluation.campagne, "ouvrir", par=cheffe)
    repondre(evaluation, {"A1": 3})
    for nom in ("evaluation-consensus", "evaluation-designer"):
        exiger_requetes_constantes(
            connecte(cheffe),
            reverse(f"risques:{nom}", args=[evaluation.pk]),
            lambda nombre: [repondre(evaluation, {"A1": 1 + n % 10}) for n in range(nombre)],
        )
