"""Ce que partagent les essais du dossier de séance : sa page, et une grappe où chaque chapitre a de quoi dire."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from gouvernance.models import Seance
from programme.models import Grappe
from tests.fabriques import ActionFactory, ParcoursFactory, VagueFactory
from tests.gouvernance.fabriques import AlerteFactory, DecisionFactory, InstanceFactory
from tests.risques.fabriques import RisqueFactory


def page_du_dossier(seance: Seance) -> str:
    """L'adresse du dernier dossier d'une séance."""
    return reverse("gouvernance:seance-dossier", args=[seance.pk])


def peupler(grappe: Grappe, nombre: int) -> None:
    """De quoi donner à chaque chapitre quelque chose à dire."""
    for rang in range(nombre):
        parcours = ParcoursFactory(grappe=grappe, vague=VagueFactory(grappe=grappe))
        parcours.etapes.create(etat="cadrage", reference=timezone.localdate() - timedelta(days=rang + 10))
        ActionFactory(parcours=parcours, echeance=timezone.localdate() - timedelta(days=2))
        RisqueFactory(parcours=parcours, probabilite=4, impact=4)
        AlerteFactory(grappe=grappe, parcours=parcours)
        comite = grappe.instances.first() or InstanceFactory(grappe=grappe, quorum=0)
        decision = DecisionFactory(comite=comite, seance=None, numero=grappe.decisions.count() + 1)
        decision.portees.create(parcours=parcours)
