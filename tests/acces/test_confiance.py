"""Le financeur lit les jalons et le calendrier, jamais ce qui se prépare : ni sur une page, ni dans un export."""

import pytest
from django.test import Client
from django.urls import reverse

from programme.models import Parcours
from programme.permissions import PREPARATION_RESERVEE
from programme.services.tableau import lire_parcours
from tests.acces.monde import Monde, batir

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


def test_le_refus_dit_pourquoi(monde: Monde) -> None:
    page = _lire(monde, "ars", "programme:grappe-preparation", pk=monde.dedans.grappe.pk)
    assert PREPARATION_RESERVEE in page
