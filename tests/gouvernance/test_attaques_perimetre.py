"""Lire ou tenir ce qu'on ne doit plus, ou pas : ancien chef, financeur d'ailleurs, siège fini, autre grappe."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from gouvernance.enums import TypeInstance
from gouvernance.models import Issue, Mandat, PartageSeance, Seance
from gouvernance.services import decisions, instances, tenue
from programme.enums import Role
from programme.models import Affectation
from programme.socle.erreurs import Refus
from programme.socle.porte import changer_etat
from tests.aides import connecte
from tests.fabriques import GrappeFactory, ParcoursFactory, RegionFactory, affecter, cheffe_de
from tests.gouvernance.fabriques import (
    DecisionFactory,
    InstanceFactory,
    PointFactory,
    SeanceFactory,
    mandater,
    seance_close,
    seance_ouverte,
)

pytestmark = pytest.mark.django_db


def dans(jours: int) -> Any:
    return timezone.localdate() + timedelta(days=jours)


def _partir(compte: Any) -> Any:
    """Toutes ses affectations finissent hier."""
    Affectation.objects.filter(utilisateur=compte).update(du=dans(-300), au=dans(-1))
    compte.__dict__.pop("perimetre", None)
    return type(compte).objects.get(pk=compte.pk)


def test_un_ancien_chef_ne_tient_plus_les_instances_d_usage() -> None:
    """Son siège de la conduite, qui anime, lui venait de ce qu'il conduisait."""
    grappe = GrappeFactory()
    chef = cheffe_de(grappe)
    comop = next(i for i in instances.creer_usuelles(grappe=grappe, par=chef) if i.type == TypeInstance.COMOP)
    seance = SeanceFactory(comite=comop)
    ancien = _partir(chef)
    client = connecte(ancien)
    assert client.get(reverse("gouvernance:seance-detail", args=[seance.pk])).status_code == 404
    with pytest.raises(Refus):
        changer_etat(seance, "ouvrir", par=ancien)
    assert not Seance.objects.visibles_par(ancien).exists()


def test_un_membre_dont_le_role_est_retire_ne_lit_plus() -> None:
    comop = InstanceFactory()
    membre = affecter(Role.MEMBRE, comop.grappe)
    mandater(comop, membre)
    seance = SeanceFactory(comite=comop)
    assert Seance.objects.visibles_par(membre).exists()
    ancien = _partir(membre)
    assert connecte(ancien).get(reverse("gouvernance:seance-detail", args=[seance.pk])).status_code == 404


@pytest.mark.parametrize("place", ["utilisateur", "suppleant"])
def test_un_siege_fini_ne_lit_plus(place: str) -> None:
    comop = InstanceFactory()
    membre = affecter(Role.MEMBRE, comop.grappe)
    m = mandater(comop, du=dans(-10), au=dans(-1))
    Mandat.objects.filter(pk=m.pk).update(**{place: membre})
    seance = SeanceFactory(comite=comop)
    client = connecte(membre)
    for nom in ("seance-detail", "seance-ics", "seance-dossier", "seance-compte-rendu-pdf"):
        assert client.get(reverse(f"gouvernance:{nom}", args=[seance.pk])).status_code == 404, nom


def test_un_partage_ne_s_ouvre_qu_au_financeur_de_la_grappe() -> None:
    """Financer ailleurs n'ouvre pas, dans la grappe où l'on dirige un ESMS, ce qui s'y partage au financeur."""
    comop = InstanceFactory(quorum=0)
    changer_etat(comop.grappe, "deposer", par=cheffe_de(comop.grappe))
    parcours = ParcoursFactory(grappe=comop.grappe)
    seance, cheffe = seance_close(comop), cheffe_de(comop.grappe)
    changer_etat(seance, "diffuser", par=cheffe)
    PartageSeance.objects.create(seance=seance, pourquoi="dialogue de gestion", ouvert_par=cheffe)
    ailleurs = GrappeFactory(region=RegionFactory(code="84"))
    compte = affecter(Role.DIRECTEUR, parcours.esms)
    affecter(Role.ARS, ailleurs.region, utilisateur=compte)
    compte = type(compte).objects.get(pk=compte.pk)
    assert ailleurs.region_id != comop.grappe.region_id
    assert not Seance.objects.visibles_par(compte).exists()
    financeur = affecter(Role.ARS, comop.grappe.region)
    assert Seance.objects.visibles_par(financeur).get() == seance


def test_une_action_de_seance_reste_dans_sa_grappe() -> None:
    comop = InstanceFactory(quorum=0)
    point = PointFactory(seance=seance_ouverte(comop))
    cheffe = cheffe_de(comop.grappe)
    autre = ParcoursFactory()
    affecter(Role.CHEF_PROJET, autre.grappe, utilisateur=cheffe)
    cheffe = type(cheffe).objects.get(pk=cheffe.pk)
    with pytest.raises(Refus):
        tenue.consigner_action(point=point, libelle="Tirer un câble", par=cheffe, cible=autre)
    assert not Issue.objects.exists()


def test_une_decision_ne_nomme_ni_ne_remplace_hors_de_sa_grappe() -> None:
    comop, autre = InstanceFactory(quorum=0), InstanceFactory(quorum=0)
    cheffe = cheffe_de(comop.grappe)
    affecter(Role.CHEF_PROJET, autre.grappe, utilisateur=cheffe)
    cheffe = type(cheffe).objects.get(pk=cheffe.pk)
    ancienne = DecisionFactory(comite=autre)
    changer_etat(ancienne, "arbitrer", par=cheffe)
    for valeurs in (
        {"parcours": [ParcoursFactory(grappe=autre.grappe)]},
        {"remplace": ancienne},
        {"seance": seance_ouverte(autre)},
    ):
        with pytest.raises(Refus):
            decisions.instruire(comite=comop, par=cheffe, intitule="X", **valeurs)


def test_une_issue_ne_s_ajoute_pas_au_compte_rendu_parti() -> None:
    """La page d'instruction garde le point lu avant la diffusion : il se relit sous verrou."""
    comop = InstanceFactory(quorum=0)
    cheffe = cheffe_de(comop.grappe)
    point = PointFactory(seance=seance_close(comop))
    lu = type(point).objects.select_related("seance__comite__grappe").get(pk=point.pk)
    changer_etat(type(point.seance).objects.get(pk=point.seance_id), "diffuser", par=cheffe)
    with suppress(Refus):
        decisions.instruire(comite=comop, par=cheffe, intitule="Trop tard", point=lu)
    assert not Issue.objects.exists()


def test_un_nom_sur_deux_lignes_n_arrete_pas_le_courriel(
    mailoutbox: Any, django_capture_on_commit_callbacks: Any, settings: Any
) -> None:
    settings.TREILLE_ADRESSE = "https://treille.test"
    grappe = GrappeFactory()
    cheffe = cheffe_de(grappe)
    comop = instances.creer(grappe=grappe, par=cheffe, type="comop", nom="COMOP\nBcc: x@y.z", quorum=50)
    membre = affecter(Role.MEMBRE, grappe)
    membre.courriel = "membre@example.org"
    membre.save()
    mandater(comop, membre)
    seance = seance_close(comop)
    with django_capture_on_commit_callbacks(execute=True):
        changer_etat(seance, "diffuser", par=cheffe)
    assert len(mailoutbox) == 1 and "\n" not in mailoutbox[0].subject
    ics = connecte(cheffe).get(reverse("gouvernance:seance-ics", args=[seance.pk])).content.decode()
    assert "\nBcc" not in ics
