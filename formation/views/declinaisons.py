"""Le plan de la grappe, décliné par un ESMS : une page, enregistrée d'un coup."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from formation.forms.plan import DeclinaisonsForm
from formation.permissions import peut_lire_formation, peut_saisir_formation
from formation.services import declinaisons as services
from programme.models import Parcours
from programme.socle.nombres import accorde
from programme.socle.versions import jeton
from programme.views.refus import exiger
from programme.views.requete import Requete
from programme.views.saisies import saisir

PAGE = "formation:parcours-formation-plan"


def _dire(touches: int) -> str:
    """Ce qui a changé, ou que rien n'a changé."""
    if not touches:
        return "Rien n’a changé : l’ESMS suit le plan comme avant."
    return f"{accorde(touches, 'module mis,modules mis')} à jour pour cet ESMS."


@require_http_methods(["GET", "POST"])
def parcours_formation_plan(request: Requete, pk: int) -> HttpResponse:
    """Pour chaque module : sans objet ici, autre modalité, date visée."""
    vus = Parcours.objects.visibles_par(request.user).select_related("esms__departement", "esms__og", "grappe")
    parcours = get_object_or_404(vus, pk=pk)
    exiger(peut_lire_formation(request.user, parcours))
    saisit = peut_saisir_formation(request.user, parcours)
    if request.method == "POST":
        exiger(saisit)
    histoire = services.histoire_de(parcours)
    modules, choix = services.modules_a_decliner(parcours), services.lire(parcours)
    formulaire = DeclinaisonsForm(request.POST or None, modules=modules, choix=choix, initial={"vu": jeton(histoire)})
    return saisir(
        request,
        formulaire,
        lambda: services.enregistrer(
            parcours=parcours, choix=formulaire.saisis(), par=request.user, vu=formulaire.version_vue()
        ),
        retour=reverse(PAGE, args=[pk]),
        succes=_dire,
        relire=lambda: jeton(histoire),
        gabarit="formation/plan_esms.html",
        parcours=parcours,
        saisit=bool(saisit),
    )
