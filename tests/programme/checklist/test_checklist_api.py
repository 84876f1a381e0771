"""L'API de la checklist : mêmes lectures, mêmes refus que la page."""

from typing import Any

import pytest
from django.urls import reverse

from programme.enums import Role
from programme.models import Parcours, ReponseChecklist
from tests.aides import connecte
from tests.fabriques import ParcoursFactory, affecter, directrice_de, modele_publie

pytestmark = pytest.mark.django_db


@pytest.fixture
def parcours() -> Parcours:
    modele_publie({"instances": "grappe", "cvs": "esms"}, source="ANAP 1")
    return ParcoursFactory()


def _patch(compte: Any, parcours: Parcours, code: str, **corps: Any) -> Any:
    adresse = reverse("api:parcours-checklist-action", args=[parcours.pk, code])
    return connecte(compte).patch(adresse, corps, content_type="application/json")


def test_chaque_ligne_dit_son_code_son_statut_et_d_ou_il_vient(parcours: Parcours) -> None:
    lignes = connecte(directrice_de(parcours)).get(reverse("api:parcours-checklist", args=[parcours.pk])).json()
    assert [x["code"] for x in lignes] == ["instances", "cvs"]
    assert {"code", "libelle", "niveau", "statut", "herite_de", "source"} <= lignes[0].keys()
    assert (lignes[0]["statut"], lignes[0]["herite_de"], lignes[0]["source"]) == ("a_faire", "", "ANAP 1")


def test_repondre_puis_relire(parcours: Parcours) -> None:
    reponse = _patch(directrice_de(parcours), parcours, "cvs", statut="fait", commentaire="Le 3 mars")
    assert reponse.status_code == 200 and reponse.json()["statut"] == "fait"
    assert ReponseChecklist.objects.get().commentaire == "Le 3 mars"


@pytest.mark.parametrize(
    ("corps", "champ"),
    [({"statut": "sans_objet"}, "motif"), ({"statut": "presque"}, "statut"), ({"status": "fait"}, "status")],
)
def test_un_champ_qui_ne_va_pas_est_nomme(parcours: Parcours, corps: dict[str, str], champ: str) -> None:
    reponse = _patch(directrice_de(parcours), parcours, "cvs", **corps)
    assert reponse.status_code == 400 and champ in reponse.json() and not ReponseChecklist.objects.exists()


def test_une_action_inconnue_est_introuvable_une_saisie_sans_droit_refusee(parcours: Parcours) -> None:
    assert _patch(directrice_de(parcours), parcours, "rien", statut="fait").status_code == 404
    membre = affecter(Role.MEMBRE, parcours.grappe)
    reponse = _patch(membre, parcours, "cvs", statut="fait")
    assert reponse.status_code == 403 and reponse.json()["motif"]
