"""Les personnes sur qui l'ESMS compte, et le temps d'écrire et de lire, métier par métier."""

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from programme.enums import TempsEcriture
from programme.permissions import peut_saisir
from programme.services.ressources import heures_de
from programme.views.genres import RESSOURCE, TEMPS
from programme.views.lignes import page_de_blocs, parcours_a_preparer
from programme.views.requete import Requete


@require_http_methods(["GET", "POST"])
def parcours_ressources(request: Requete, pk: int) -> HttpResponse:
    """Heures demandées, accordées, réellement dégagées ; temps décidé, non décidé ou refusé, et par qui."""
    parcours = parcours_a_preparer(request, pk)
    return page_de_blocs(
        request,
        parcours,
        (RESSOURCE, TEMPS),
        "programme/parcours_ressources.html",
        ici="ressources",
        heures=heures_de(parcours),
        detaille=parcours.temps_par_metier.exists(),
        refuse=parcours.temps_ecriture == TempsEcriture.REFUSE,
        saisit=bool(peut_saisir(request.user, parcours)),
    )
