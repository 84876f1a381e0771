"""La checklist d'une grappe, étape par étape : ce qui s'ouvre, ce qui est en retard, combien de requêtes."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from programme.models import Etape, Grappe, Parcours
from programme.services.checklist.lecture import lignes_en_vigueur, lire_checklists
from programme.services.checklist.niveaux import EtapeDeChecklist, avancement_de, par_etape
from programme.services.checklist.reponses import repondre
from tests.aides import connecte, exiger_requetes_constantes
from tests.fabriques import GrappeFactory, ParcoursFactory, cheffe_de, modele_publie

pytestmark = pytest.mark.django_db
HIER = timezone.localdate() - timedelta(days=1)


@pytest.fixture
def grappe() -> Grappe:
    """Deux ESMS recensés ; des actions de trois étapes, celle du cadrage due à l'entrée en préparation."""
    modele_publie(
        dict.fromkeys(("annonce", "cvs", "kit", "bilan"), "esms"),
        propres={
            "cvs": {"phase": "cadrage", "echeance_etat": "preparation", "echeance_jours": 0},
            "kit": {"phase": "cadrage"},
            "bilan": {"phase": "routine"},
        },
    )
    grappe = GrappeFactory()
    for _ in range(2):
        ParcoursFactory(grappe=grappe)
    return grappe


def _etapes(grappe: Grappe, au: date | None = None) -> dict[str, EtapeDeChecklist]:
    parcours = list(Parcours.objects.filter(grappe=grappe).select_related("esms__og", "grappe"))
    lues = lire_checklists(parcours).values()
    avancements = avancement_de(lues, lignes_en_vigueur(grappe.pk)[1], au or timezone.localdate())
    return {e.phase: e for e in par_etape(avancements, parcours)}


def test_les_actions_se_rangent_par_etape_dans_l_ordre(grappe: Grappe) -> None:
    etapes = _etapes(grappe)
    assert list(etapes) == ["recense", "cadrage", "routine"], "une étape sans action ne se montre pas"
    assert [len(e.avancements) for e in etapes.values()] == [1, 2, 1]
    assert [e.nb_esms for e in etapes.values()] == [2, 0, 0]


def test_s_ouvre_l_etape_ou_sont_le_plus_d_esms(grappe: Grappe) -> None:
    assert [e.phase for e in _etapes(grappe).values() if e.est_ouverte] == ["recense"]


def test_s_ouvre_aussi_celle_qui_a_le_plus_de_retards(grappe: Grappe) -> None:
    for p in grappe.parcours.all():
        Etape.objects.create(parcours=p, etat="preparation", reference=HIER)
    etapes = _etapes(grappe)
    assert {e.phase for e in etapes.values() if e.est_ouverte} == {"recense", "cadrage"}
    assert etapes["cadrage"].nb_en_retard == 1 and etapes["cadrage"].avancements[0].nb_retards == 2
    assert _etapes(grappe, HIER)["cadrage"].nb_en_retard == 0, "due ce jour-là n'est pas en retard"


def test_une_action_reglee_n_est_plus_en_retard(grappe: Grappe) -> None:
    for p in grappe.parcours.all():
        Etape.objects.create(parcours=p, etat="preparation", reference=HIER)
        repondre(grappe=grappe, code="cvs", niveau="esms", cible=p, par=cheffe_de(grappe), statut="fait")
    cadrage = _etapes(grappe)["cadrage"]
    assert cadrage.nb_en_retard == 0 and cadrage.nb_reglees == 1


def test_la_page_replie_et_dit_les_comptes(grappe: Grappe) -> None:
    for p in grappe.parcours.all():
        Etape.objects.create(parcours=p, etat="preparation", reference=HIER)
    client, page = connecte(cheffe_de(grappe)), reverse("programme:grappe-checklist", args=[grappe.pk])
    corps = client.get(page).content.decode()
    assert corps.count("etape-repliee") == 3 and corps.count('etape-repliee" open') == 2
    assert "2 actions, <span" in corps and "1 en retard" in corps and "2 ESMS y sont" in corps
    assert client.get(page, {"tout": ""}).content.decode().count('etape-repliee" open') == 3


def test_autant_de_requetes_a_un_esms_qu_a_cinquante(grappe: Grappe) -> None:
    client, page = connecte(cheffe_de(grappe)), reverse("programme:grappe-checklist", args=[grappe.pk])
    exiger_requetes_constantes(
        client, page, lambda n: [ParcoursFactory(grappe=grappe, esms__og=None) for _ in range(n)]
    )
