"""Les besoins en places d'une grappe, face aux sessions à venir."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from formation.dessins.besoins import Mesure, barres
from formation.permissions import peut_lire_formation, peut_organiser, peut_tenir_le_plan
from formation.services import besoins as services
from formation.services import formateurs
from programme.views.grappes import grappe_visible
from programme.views.refus import exiger
from programme.views.requete import Requete


@require_safe
def grappe_formation_besoins(request: Requete, pk: int) -> HttpResponse:
    """Ce qui reste à former, ce qui s'offre, ce qui manque : par module, par ESMS, par métier."""
    grappe = grappe_visible(request, pk)
    exiger(peut_lire_formation(request.user, grappe))
    lus = services.lire(grappe, request.user, timezone.localdate())
    mesures = [Mesure(str(m.module), m.compte.reste, m.compte.inscrits, m.a_placer, m.manque) for m in lus.connus]
    contexte = {
        "grappe": grappe,
        "lus": lus,
        "barres": barres(mesures),
        "heures_libres": formateurs.heures_disponibles(formateurs.lire(grappe, request.user)),
        "tient": bool(peut_tenir_le_plan(request.user, grappe)),
        "organise": bool(peut_organiser(request.user, grappe)),
    }
    return render(request, "formation/besoins_grappe.html", contexte)
