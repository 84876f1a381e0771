"""Le financeur lit les jalons et le calendrier, jamais ce qui se prépare : ni sur une page, ni dans un export."""

import pytest
from django.test import Client
from django.urls import reverse

from programme.enums import Role
from programme.models import Grappe, Ouverture, Parcours
from programme.permissions import PREPARATION_RESERVEE
from programme.services.tableau import lire_parcours
from programme.socle.porte import changer_etat
from tests.acces.monde import Monde, batir
from tests.fabriques import GrappeFactory, OuvertureFactory, ParcoursFactory, affecter, cheffe_de

pytestmark = pytest.mark.django_db


@pytest.fixture
def monde() -> Monde:
    return batir()


def _lire(monde: Monde, role: str, nom: str, **arguments: int) -> str:
    client = Client()
    client.force_login(monde.comptes[role])
    return client.get(reverse(nom, kwargs=arguments or None)).content.decode()


@pytest.mark.parametrize(("role", "lit"), [("ars", False), ("grades", True), ("chef_projet", True)])
def test_ce_qui_reste_a_reunir_se_tait_pour_le_financeur(monde: Monde, role: str, lit: bool) -> None:
    lecteur, grappe = monde.comptes[role], monde.dedans.grappe
    lecture = lire_parcours(Parcours.objects.visibles_par(lecteur).filter(grappe=grappe), lecteur)
    assert len(lecture.parcours) == 2 and bool(lecture.constats) is lit
    assert ("avertissent" in _lire(monde, role, "programme:grappe-detail", pk=grappe.pk)) is lit
    assert ("avertissent" in _lire(monde, role, "programme:parcours-liste")) is lit


def test_le_financeur_ne_lit_pas_ce_qui_se_prepare_dans_la_grappe(monde: Monde) -> None:
    grappe = monde.dedans.grappe
    page = _lire(monde, "ars", "programme:grappe-detail", pk=grappe.pk)
    assert "Vous lisez 2 ESMS" in page and "En service régulier ou en routine" in page
    for mot in ("Temps d’écriture", "Anciens supports", "En attente d’une décision", "pas de direction", "vos ESMS"):
        assert mot not in page, mot
    assert "Anciens supports" in _lire(monde, "grades", "programme:grappe-detail", pk=grappe.pk)
    assert "La décision" not in _lire(monde, "ars", "programme:parcours-detail", pk=monde.dedans.parcours.pk)
    assert "La décision" in _lire(monde, "grades", "programme:parcours-detail", pk=monde.dedans.parcours.pk)
    assert "n’a pas de direction" not in _lire(monde, "ars", "programme:affectation-liste")


@pytest.mark.parametrize("adresse", ["programme:parcours-liste", "programme:region-detail"])
def test_reste_a_reunir_n_est_pas_meme_offert_au_financeur(monde: Monde, adresse: str) -> None:
    arguments = {"code": monde.dedans.region.pk} if "region" in adresse else {}
    page = _lire(monde, "ars", adresse, **arguments)
    assert "reste à réunir" not in page.lower() and "Où en est chaque ESMS" in page
    assert "reste à réunir" in _lire(monde, "grades", adresse, **arguments).lower()


@pytest.mark.parametrize("national", [False, True])
def test_une_grappe_en_montage_n_existe_pas_pour_le_financeur(monde: Monde, national: bool) -> None:
    region = monde.dedans.region
    grappe = GrappeFactory(region=region)
    parcours = ParcoursFactory(grappe=grappe, esms=monde.dedans.esms, solution=None)
    ars = affecter(Role.ARS, None if national else region)

    def vus() -> tuple[bool, bool, bool]:
        return (
            Grappe.objects.visibles_par(ars).filter(pk=grappe.pk).exists(),
            Parcours.objects.visibles_par(ars).filter(pk=parcours.pk).exists(),
            Ouverture.objects.visibles_par(ars).filter(unite__parcours=parcours).exists(),
        )

    OuvertureFactory(unite__parcours=parcours)
    assert vus() == (False, False, False)
    cheffe = cheffe_de(grappe)
    changer_etat(grappe, "suspendre", par=cheffe, motif="Attente d'un OG")
    assert vus() == (False, False, False), "suspendue pendant son montage, elle s'y prépare encore"
    changer_etat(grappe, "reprendre", par=cheffe)
    changer_etat(grappe, "deposer", par=cheffe)
    assert vus() == (True, True, True)


def test_le_refus_dit_pourquoi(monde: Monde) -> None:
    page = _lire(monde, "ars", "programme:grappe-preparation", pk=monde.dedans.grappe.pk)
    assert PREPARATION_RESERVEE in page


# --- le financement ------------------------------------------------------------------------------------------------


def test_le_financeur_lit_l_echange_du_jalon_mais_ni_conditions_ni_constats(monde: Monde) -> None:
    jalon, cheffe, ars = monde.dedans.jalon, monde.comptes["chef_projet"], monde.comptes["ars"]
    jalon.piece_attendue = "PV de VA"
    jalon.save()
    assert cheffe and ars
    changer_etat(jalon, "transmettre", par=cheffe, motif="Voici le procès-verbal.")
    changer_etat(jalon, "demander_precision", par=ars, motif="Quelle date ?")
    page = _lire(monde, "ars", "programme:jalon-detail", pk=jalon.pk)
    assert "Voici le procès-verbal." in page and "Quelle date ?" in page, "ces motifs lui sont destinés"
    for mot in ("Pièce attendue jointe", "Constats", "Reste à réunir", "réunie", "avertit"):
        assert mot not in page, mot


def test_le_financement_ne_dit_rien_au_financeur_de_ce_qui_se_prepare(monde: Monde) -> None:
    parcours = monde.dedans.parcours
    changer_etat(parcours, "engager", par=monde.comptes["directeur"], motif="raison tue au financeur")
    changer_etat(parcours, "sortir", par=monde.comptes["chef_projet"], motif="motif tu aussi", raison="avenant")
    monde.dedans.avenant.parcours.add(parcours)
    for nom, cle in (
        ("programme:grappe-financement", monde.dedans.grappe.pk),
        ("programme:avenant-detail", monde.dedans.avenant.pk),
        ("api:grappe-financement", monde.dedans.grappe.pk),
    ):
        page = _lire(monde, "ars", nom, pk=cle)
        for mot in ("raison tue", "motif tu", "Ce qui reste à faire", "avertissent"):
            assert mot not in page, (nom, mot)
