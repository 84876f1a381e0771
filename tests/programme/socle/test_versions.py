"""Deux personnes sur la même fiche : le jeton d'une version lue, d'une version dépassée, d'une qui n'existe pas."""

import pytest
from django.db.models import Max

from programme.models import Grappe
from programme.socle.erreurs import Refus
from programme.socle.versions import VERSION_INCONNUE, exiger_inchange, jeton
from tests.fabriques import GrappeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def grappe() -> Grappe:
    grappe = GrappeFactory()
    grappe.nom = "Rives"
    grappe.save()
    return grappe


def test_la_derniere_version_connue_passe_et_aucune_n_est_demandee(grappe: Grappe) -> None:
    for vu in (jeton(grappe.history), None):
        exiger_inchange(grappe.history, vu, ("nom",))


def test_une_version_depassee_dit_ce_qui_a_change(grappe: Grappe) -> None:
    with pytest.raises(Refus, match="a changé : nom") as refus:
        exiger_inchange(grappe.history, jeton(grappe.history) - 1, ("nom",))
    assert refus.value.code == "concurrence"


@pytest.mark.parametrize("avance", [1, 999_999])
def test_une_version_a_venir_n_a_pu_etre_lue_par_personne(grappe: Grappe, avance: int) -> None:
    """Même si une autre fiche l'a : un jeton ne vaut que pour la sienne."""
    GrappeFactory()
    assert (Grappe.history.aggregate(Max("history_id"))["history_id__max"] or 0) > jeton(grappe.history)
    with pytest.raises(Refus) as refus:
        exiger_inchange(grappe.history, jeton(grappe.history) + avance, ("nom",))
    assert (refus.value.code, refus.value.motif) == ("concurrence", VERSION_INCONNUE)


def test_sans_histoire_seul_zero_a_ete_lu(grappe: Grappe) -> None:
    grappe.history.all().delete()
    exiger_inchange(grappe.history, 0, ("nom",))
    with pytest.raises(Refus):
        exiger_inchange(grappe.history, 1, ("nom",))
