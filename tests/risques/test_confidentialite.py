"""Qui lit quoi d'une évaluation : jamais avant d'avoir répondu, jamais de loin, jamais une personne seule."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from programme.enums import Role
from programme.models import Grappe, Parcours, Utilisateur
from programme.socle.erreurs import Refus
from programme.socle.porte import changer_etat
from risques.enums import NatureGrille, Regard
from risques.models import Evaluation, Grille
from risques.permissions import peut_conduire_evaluation, peut_lire_grille, peut_repondre_a
from risques.services import evaluations as services
from risques.services.chaleur import evaluations_lues
from risques.services.lecture_campagnes import population_de
from tests.aides import connecte
from tests.fabriques import GrappeFactory, ParcoursFactory, UtilisateurFactory, affecter, cheffe_de, directrice_de
from tests.risques.fabriques import GrilleFactory, PartageFactory, campagne_ouverte, grille_de

pytestmark = pytest.mark.django_db
AU = timezone.localdate()


@pytest.fixture
def grappe() -> Grappe:
    return GrappeFactory(nom="Rives de Garonne")


@pytest.fixture
def cheffe(grappe: Grappe) -> Utilisateur:
    return cheffe_de(grappe)


@pytest.fixture
def parcours(grappe: Grappe) -> Parcours:
    return ParcoursFactory(grappe=grappe)


@pytest.fixture
def evaluation(grappe: Grappe) -> Evaluation:
    return campagne_ouverte(grappe=grappe).evaluations.get()


def rendre(evaluation: Evaluation, qui: Utilisateur | None = None, notes: Any = None) -> Grille:
    qui = qui or affecter(Role.MEMBRE, evaluation.campagne.grappe)
    deja = evaluation.grilles.filter(evaluateur=qui).first()
    grille = deja or grille_de(qui, evaluation, notes or {"A1": 9, "A2": 2})
    changer_etat(grille, "transmettre", par=qui)
    return grille


def frais(qui: Utilisateur) -> Utilisateur:
    """Relu : son périmètre a changé."""
    return Utilisateur.objects.get(pk=qui.pk)


# --- qui n'en est plus ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("devient", ["financeur", "sans rôle"])
@pytest.mark.parametrize("nature", ["individuelle", "consensus"])
def test_qui_n_est_plus_de_la_grappe_ne_lit_ni_n_ecrit_plus_sa_grille(
    evaluation: Evaluation, grappe: Grappe, cheffe: Utilisateur, devient: str, nature: str
) -> None:
    changer_etat(grappe, "deposer", par=cheffe)
    membre = affecter(Role.MEMBRE, grappe)
    grille = GrilleFactory(evaluation=evaluation, evaluateur=membre, nature=nature, notes={"A1": 9})
    assert peut_repondre_a(membre, grille)
    membre.affectations.all().delete()
    if devient == "financeur":
        affecter(Role.ARS, grappe.region, utilisateur=membre)
        PartageFactory(grappe=grappe)
    membre = frais(membre)
    assert not peut_repondre_a(membre, grille) and not peut_lire_grille(membre, grille)
    client = connecte(membre)
    for nom in ("detail", "pdf", "ressaisir"):
        assert client.get(reverse(f"risques:grille-{nom}", args=[grille.pk])).status_code == 404
    repondre = reverse("risques:grille-repondre", args=[grille.pk, "A1"])
    assert client.post(repondre, {"valeur": "1", "vu": "1"}).status_code == 404
    with pytest.raises(Refus):
        changer_etat(grille, "transmettre", par=membre)


def test_on_ne_designe_sur_la_grappe_que_qui_en_est(
    evaluation: Evaluation, grappe: Grappe, cheffe: Utilisateur
) -> None:
    de_loin = affecter(Role.GRADES, grappe.region)
    assert de_loin not in services.comptes_a_designer(evaluation, AU)
    with pytest.raises(Refus) as refus:
        services.designer(evaluation=evaluation, evaluateur=de_loin, regard="autre", par=cheffe)
    assert "ne voit pas" in refus.value.champs["evaluateur"][0]


# --- se retirer, se redésigner ----------------------------------------------------------------------------------------


def test_on_ne_se_retire_pas_une_fois_qu_un_autre_a_transmis(evaluation: Evaluation, grappe: Grappe) -> None:
    une, autre = cheffe_de(grappe), cheffe_de(grappe)
    grille = services.designer(evaluation=evaluation, evaluateur=une, regard="projet", par=une)
    services.retirer(grille=grille, par=une)
    grille = services.designer(evaluation=evaluation, evaluateur=une, regard="projet", par=une)
    autre_grille = rendre(evaluation)
    with pytest.raises(Refus, match="vous ouvrirait leurs réponses"):
        services.retirer(grille=grille, par=une)
    changer_etat(autre_grille, "demander_precision", par=autre, motif="A1 ?")
    with pytest.raises(Refus, match="vous ouvrirait"):
        services.retirer(grille=grille, par=une)
    services.retirer(grille=grille, par=autre)
    assert not Grille.objects.filter(pk=grille.pk).exists()


def test_qui_lit_deja_les_autres_n_est_plus_designe_seul(
    grappe: Grappe, parcours: Parcours, evaluation: Evaluation, cheffe: Utilisateur
) -> None:
    assert cheffe in services.comptes_a_designer(evaluation, AU)
    rendre(evaluation)
    membre = affecter(Role.MEMBRE, grappe)
    proposes = services.comptes_a_designer(evaluation, AU)
    assert cheffe not in proposes and membre in proposes and cheffe in services.comptes_qui_voient(evaluation, AU)
    adresse = reverse("risques:evaluation-designer", args=[evaluation.pk])
    assert "qui peut les lire n’est plus proposé" in connecte(cheffe).get(adresse).content.decode()
    with pytest.raises(Refus) as refus:
        services.designer(evaluation=evaluation, evaluateur=cheffe, regard="projet", par=cheffe)
    assert "ouvrez une réunion" in refus.value.champs["evaluateur"][0]
    assert services.designer(evaluation=evaluation, evaluateur=membre, regard="terrain", par=cheffe).pk
    assert services.ouvrir_reunion(evaluation=evaluation, par=cheffe).evaluateur == cheffe
    d_esms = campagne_ouverte(grappe=grappe, portee="esms", population=[parcours]).evaluations.get()
    directrice, referente = directrice_de(parcours), affecter(Role.REFERENT, parcours.esms)
    rendre(d_esms, referente)
    assert directrice not in services.comptes_a_designer(d_esms, AU)
    with pytest.raises(Refus):
        services.designer(evaluation=d_esms, evaluateur=directrice, regard="direction", par=cheffe)


# --- la réunion attend aussi ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("nature", ["reunion", "consensus"])
def test_une_reponse_a_plusieurs_attend_la_sienne(evaluation: Evaluation, grappe: Grappe, nature: str) -> None:
    plume, une = affecter(Role.MEMBRE, grappe), cheffe_de(grappe)
    collective = GrilleFactory(evaluation=evaluation, evaluateur=plume, nature=nature, notes={"A1": 9})
    siennes = [grille_de(qui, evaluation, {"A1": 2}) for qui in (plume, une)]
    for qui in (plume, une):
        assert not peut_repondre_a(qui, collective) and not peut_lire_grille(qui, collective)
        assert not Grille.objects.lisibles_par(qui).filter(pk=collective.pk).exists()
        assert connecte(qui).get(reverse("risques:grille-detail", args=[collective.pk])).status_code == 403
    for grille in siennes:
        changer_etat(grille, "transmettre", par=grille.evaluateur)
        assert peut_repondre_a(grille.evaluateur, collective)


# --- une seule règle --------------------------------------------------------------------------------------------------


def test_clore_ne_leve_pas_l_embargo(evaluation: Evaluation, grappe: Grappe, cheffe: Utilisateur) -> None:
    for _ in range(2):
        rendre(evaluation)
    attendue = grille_de(cheffe, evaluation, {"A1": 5})
    changer_etat(evaluation.campagne, "clore", par=cheffe)
    assert not evaluations_lues(grappe, cheffe).exists()
    (ligne,) = population_de(evaluation.campagne, cheffe, AU)
    assert [d.se_lit for d in ligne.demandees] == [False, False, True] and attendue.pk
    assert "Vos réponses manquent" in _page(cheffe, evaluation)


def test_conduire_se_dit_pareil_en_base_et_a_la_porte(grappe: Grappe, parcours: Parcours) -> None:
    voisin = ParcoursFactory(grappe=grappe)
    campagne = campagne_ouverte(grappe=grappe, population=[None, parcours, voisin])
    comptes = [cheffe_de(grappe), directrice_de(parcours), cheffe_de(GrappeFactory()), UtilisateurFactory()]
    comptes += [affecter(role, grappe) for role in (Role.MEMBRE, Role.GRADES, Role.APPUI)]
    comptes += [affecter(Role.SIEGE, parcours.esms.og), affecter(Role.REFERENT, parcours.esms), affecter(Role.ADMIN)]
    for qui in comptes:
        detaillees = set(Evaluation.objects.detaillees_a(qui))
        assert detaillees == {e for e in campagne.evaluations.all() if peut_conduire_evaluation(qui, e)}, qui


# --- valider, demander une précision ----------------------------------------------------------------------------------


@pytest.mark.parametrize("transition", ["valider", "demander_precision"])
def test_on_ne_juge_ni_sa_reponse_ni_avant_d_avoir_repondu_ni_campagne_close(
    evaluation: Evaluation, cheffe: Utilisateur, transition: str
) -> None:
    grille, sienne = rendre(evaluation), grille_de(cheffe, evaluation, {"A1": 2})

    def gestes() -> dict[int, bool]:
        (ligne,) = population_de(evaluation.campagne, cheffe, AU)
        return {d.grille.pk: transition in d.gestes for d in ligne.demandees}

    with pytest.raises(Refus, match="Transmettez d'abord"):
        changer_etat(grille, transition, par=cheffe, motif="A1 ?")
    assert gestes() == {grille.pk: False, sienne.pk: False}
    changer_etat(sienne, "transmettre", par=cheffe)
    with pytest.raises(Refus, match="votre propre réponse"):
        changer_etat(sienne, transition, par=cheffe, motif="A1 ?")
    assert gestes() == {grille.pk: True, sienne.pk: False}
    page = connecte(cheffe).get(reverse("risques:campagne-detail", args=[evaluation.campagne_id])).content.decode()
    assert page.count(reverse("programme:passage", args=["grille", grille.pk, transition])) == 1
    assert reverse("programme:passage", args=["grille", sienne.pk, transition]) not in page
    changer_etat(evaluation.campagne, "clore", par=cheffe)
    evaluation.refresh_from_db()
    assert not any(gestes().values())
    with pytest.raises(Refus) as refus:
        changer_etat(grille, transition, par=cheffe, motif="A1 ?")
    assert [m.code for m in refus.value.manques] == ["campagne"]


def test_qui_tient_une_grille_collective_la_valide(evaluation: Evaluation, cheffe: Utilisateur) -> None:
    for nature in (NatureGrille.REUNION, NatureGrille.CONSENSUS):
        grille = GrilleFactory(evaluation=evaluation, evaluateur=cheffe, nature=nature)
        changer_etat(grille, "transmettre", par=cheffe)
        changer_etat(grille, "valider", par=cheffe)


# --- par un partage ---------------------------------------------------------------------------------------------------


@pytest.fixture
def ars(grappe: Grappe, parcours: Parcours, cheffe: Utilisateur) -> Utilisateur:
    changer_etat(grappe, "deposer", par=cheffe)
    PartageFactory(parcours=parcours, objet="risques")
    return affecter(Role.ARS, parcours.esms.departement.region)


def _page(qui: Utilisateur, evaluation: Evaluation) -> str:
    reponse = connecte(qui).get(reverse("risques:evaluation-detail", args=[evaluation.pk]))
    assert reponse.status_code == 200
    return reponse.content.decode()


def test_le_financeur_attend_deux_reponses_et_tout_le_monde(
    grappe: Grappe, parcours: Parcours, ars: Utilisateur
) -> None:
    evaluation = campagne_ouverte(grappe=grappe, portee="esms", population=[parcours]).evaluations.get()
    directrice = directrice_de(parcours)
    api = reverse("api:parcours-risques", args=[parcours.pk])

    def lit() -> bool:
        lue = "Lu par un partage" in _page(ars, evaluation) and "<figure" in _page(ars, evaluation)
        assert lue == evaluations_lues(grappe, ars).exists() == (connecte(ars).get(api).json()["total"] is not None)
        return lue

    rendre(evaluation, directrice)
    Grille.objects.filter(evaluateur=directrice).update(regard=Regard.DIRECTION)
    assert not lit(), "une seule réponse n'est pas une moyenne"
    en_plus = grille_de(affecter(Role.REFERENT, parcours.esms), evaluation, {"A1": 1, "A2": 1, "B1": 1, "B2": 1})
    rendre(evaluation, affecter(Role.APPUI, parcours.esms), {"A1": 5, "A2": 5, "B1": 5, "B2": 5})
    assert not lit(), "quelqu'un n'a pas transmis : sa réponse se lirait par différence"
    changer_etat(en_plus, "transmettre", par=en_plus.evaluateur)
    assert lit()


@pytest.mark.parametrize("nature", ["reunion", "consensus"])
def test_ce_qu_on_a_retenu_ensemble_lui_suffit(
    grappe: Grappe, parcours: Parcours, ars: Utilisateur, nature: str
) -> None:
    evaluation = campagne_ouverte(grappe=grappe, portee="esms", population=[parcours]).evaluations.get()
    grille_de(directrice_de(parcours), evaluation, {"A1": 9})
    collective = GrilleFactory(evaluation=evaluation, nature=nature, notes={"A1": 1, "A2": 1, "B1": 1, "B2": 1})
    assert "<figure" not in _page(ars, evaluation)
    changer_etat(collective, "transmettre", par=collective.evaluateur)
    assert "1 000" in _page(ars, evaluation).replace("\u202f", " ").replace("\xa0", " ")


def test_la_campagne_par_un_partage_ne_dit_ni_qui_ni_ou_l_on_en_est(
    grappe: Grappe, parcours: Parcours, ars: Utilisateur, cheffe: Utilisateur
) -> None:
    campagne = campagne_ouverte(grappe=grappe, portee="esms", population=[parcours])
    adresse = reverse("risques:campagne-detail", args=[campagne.pk])
    ouverte_par = campagne.evaluations.model.objects.get().campagne.creee_par
    page = connecte(ars).get(adresse).content.decode()
    assert "Lu par un partage" in page and str(parcours) in page
    traces = ("Personne n", "Désignez", "Histoire", "Où l’on en est", "Et maintenant", "Ouverte par", ouverte_par.nom)
    for trace in (*traces, *(u.nom for u in Utilisateur.objects.filter(affectations__role=Role.CHEF_PROJET))):
        assert trace not in page, trace
    siens = connecte(cheffe).get(adresse).content.decode()
    assert "Histoire" in siens and "Lu par un partage" not in siens
