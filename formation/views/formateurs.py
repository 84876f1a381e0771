"""Les formateurs d'une grappe : les ajouter, corriger leur temps, les retirer."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from formation.forms.plan import FormateurForm
from formation.models import Formateur
from formation.permissions import peut_tenir_le_plan
from formation.services import formateurs as services
from formation.views.plan import CONFIRMER, PAGE, SAISIE
from programme.socle.nombres import accorde
from programme.socle.versions import jeton
from programme.views.grappes import grappe_visible
from programme.views.refus import exiger
from programme.views.requete import Requete
from programme.views.saisies import saisir

CHAPEAU = "Une fonction suffit : Treille ne garde pas de nom ici. Le temps se compte en heures d’animation."


def _formateur_tenu(request: Requete, pk: int) -> Formateur:
    vus = Formateur.objects.visibles_par(request.user).select_related("grappe__region", "parcours__esms")
    formateur: Formateur = get_object_or_404(vus, pk=pk)
    exiger(peut_tenir_le_plan(request.user, formateur))
    return formateur


@require_http_methods(["GET", "POST"])
def formateur_creer(request: Requete, pk: int) -> HttpResponse:
    """Ajouter un formateur à une grappe."""
    grappe = grappe_visible(request, pk)
    exiger(peut_tenir_le_plan(request.user, grappe))
    formulaire = FormateurForm(request.POST or None, grappe=grappe, formateur=None)
    return saisir(
        request,
        formulaire,
        lambda: services.creer(grappe=grappe, par=request.user, **formulaire.champs()),
        retour=reverse(PAGE, args=[pk]),
        succes=lambda cree: f"« {cree} » est parmi les formateurs de la grappe.",
        gabarit=SAISIE,
        grappe=grappe,
        titre="Ajouter un formateur",
        chapeau=CHAPEAU,
        libelle="Ajouter le formateur",
    )


@require_http_methods(["GET", "POST"])
def formateur_modifier(request: Requete, pk: int) -> HttpResponse:
    """Corriger un formateur, ou son temps."""
    formateur = _formateur_tenu(request, pk)
    histoire = Formateur.history.filter(id=pk)
    formulaire = FormateurForm(
        request.POST or None, grappe=formateur.grappe, formateur=formateur, initial={"vu": jeton(histoire)}
    )
    return saisir(
        request,
        formulaire,
        lambda: services.modifier(
            formateur=formateur, par=request.user, vu=formulaire.version_vue(), **formulaire.champs()
        ),
        retour=reverse(PAGE, args=[formateur.grappe_id]),
        succes=lambda rendu: f"« {rendu} » est à jour.",
        relire=lambda: jeton(histoire),
        gabarit=SAISIE,
        grappe=formateur.grappe,
        titre=f"Modifier « {formateur} »",
        chapeau=CHAPEAU,
        libelle="Enregistrer",
    )


@require_http_methods(["GET", "POST"])
def formateur_retirer(request: Requete, pk: int) -> HttpResponse:
    """Retirer un formateur ; ses sessions restent, sans formateur."""
    formateur = _formateur_tenu(request, pk)
    retour = reverse(PAGE, args=[formateur.grappe_id])
    if request.method == "POST":
        services.retirer(formateur=formateur, par=request.user)
        messages.success(request, f"« {formateur} » n’est plus parmi les formateurs.")
        return redirect(retour)
    tenues, a_venir = services.sessions_de(formateur)
    contexte = {
        "grappe": formateur.grappe,
        "titre": f"Retirer « {formateur} »",
        "chapeau": "Les sessions restent ; elles n’auront plus de formateur.",
        "consequences": [
            f"{accorde(tenues, 'session tenue,sessions tenues')} : ses heures données ne se liront plus ici.",
            f"{accorde(a_venir, 'session à venir,sessions à venir')} à confier à quelqu’un d’autre.",
        ],
        "libelle": "Retirer le formateur",
        "annuler_url": retour,
    }
    return render(request, CONFIRMER, contexte)
