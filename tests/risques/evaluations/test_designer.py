"""Désigner qui évalue."""

import pytest
from django.urls import reverse

from programme.enums import Role
from programme.models import Grappe, Parcours, Utilisateur
from programme.socle.erreurs import Refus
from programme.socle.porte import changer_etat
from risques.enums import NatureGrille
from risques.models import Evaluation, Grille, Section
from risques.services import evaluations as services
from tests.aides import connecte
from tests.fabriques import GrappeFactory, UtilisateurFactory, affecter, cheffe_de, directrice_de
from tests.risques.evaluations.aides import AU
from tests.risques.fabriques import (
    campagne_ouverte,
    grille_de,
)

pytestmark = pytest.mark.django_db


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
