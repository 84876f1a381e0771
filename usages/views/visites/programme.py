"""Le programme d'une visite : ses temps, les rencontres, le document à emporter."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from formation.forms.profils import SansChamp
from programme.documents.rendu import TYPE_PDF
from programme.socle.nombres import accorde
from programme.views.requete import Requete
from programme.views.saisies import saisir
from usages.documents import visites as documents
from usages.forms.visites import ROLES_COURANTS, ProgrammeTypeForm, RencontresForm, TempsForm
from usages.models import TempsDeVisite, Visite
from usages.permissions import peut_lire_l_etude
from usages.services.visites import programme as services
from usages.views.visites.commun import DETAIL, ligne_ecrite, visite_ecrite, visite_vue

SAISIE = "usages/visite_saisie.html"


def _programme(visite: Visite) -> str:
    return f"{reverse(DETAIL, args=[visite.pk])}#programme"


def _dire(temps: TempsDeVisite) -> str:
    heurts = services.chevauchements(temps.visite.temps.all()).get(temps.pk, [])
    if not heurts:
        return "Le programme est à jour."
    autres = ", ".join(f"{h.debut:%H:%M} à {h.fin:%H:%M}" for h in heurts)
    return f"Le programme est à jour. Ce temps en chevauche un autre ({autres}) : vérifiez que vous êtes deux."


@require_http_methods(["GET", "POST"])
def ajouter(request: Requete, pk: int) -> HttpResponse:
    """Ajouter un temps ; POST de `type` : poser le programme de deux jours."""
    visite = visite_ecrite(request, pk)
    if request.method == "POST" and "premier" in request.POST:
        return _poser(request, visite)
    dernier = visite.temps.order_by("-jour", "-fin").first()
    depart = {"jour": dernier.jour, "debut": dernier.fin} if dernier else {}
    formulaire = TempsForm(request.POST or None, initial=depart)
    return saisir(
        request,
        formulaire,
        lambda: services.ajouter_temps(visite=visite, par=request.user, **formulaire.cleaned_data),
        retour=_programme(visite),
        succes=_dire,
        gabarit=SAISIE,
        visite=visite,
        titre="Ajouter un temps",
        libelle="Ajouter au programme",
    )


def _poser(request: Requete, visite: Visite) -> HttpResponse:
    formulaire = ProgrammeTypeForm(request.POST)
    return saisir(
        request,
        formulaire,
        lambda: services.poser_le_programme_type(visite=visite, par=request.user, **formulaire.cleaned_data),
        retour=_programme(visite),
        succes=lambda nombre: f"{accorde(nombre, 'temps,temps')} posés : adaptez-les à cet ESMS.",
        gabarit=SAISIE,
        visite=visite,
        titre="Poser un programme de deux jours",
        libelle="Poser le programme",
    )


@require_http_methods(["GET", "POST"])
def modifier(request: Requete, pk: int) -> HttpResponse:
    """Changer un temps ; ses notes le suivent."""
    temps = ligne_ecrite(request, TempsDeVisite, pk)
    formulaire = TempsForm(request.POST or None, initial={nom: getattr(temps, nom) for nom in services.CHAMPS})
    return saisir(
        request,
        formulaire,
        lambda: services.modifier_temps(temps=temps, par=request.user, **formulaire.cleaned_data),
        retour=_programme(temps.visite),
        succes=_dire,
        gabarit=SAISIE,
        visite=temps.visite,
        titre="Modifier ce temps",
        libelle="Enregistrer",
        retirer_url=reverse("usages:temps-retirer", args=[pk]),
    )


@require_http_methods(["GET", "POST"])
def retirer(request: Requete, pk: int) -> HttpResponse:
    """Retirer un temps, une fois confirmé."""
    temps = ligne_ecrite(request, TempsDeVisite, pk)
    notes = temps.notes.count()
    gardees = accorde(notes, "note prise à ce moment reste,notes prises à ce moment restent")
    return saisir(
        request,
        SansChamp(request.POST if request.method == "POST" else None),
        lambda: services.retirer_temps(temps=temps, par=request.user),
        retour=_programme(temps.visite),
        succes="Le temps est retiré du programme.",
        gabarit="usages/visite_retirer.html",
        visite=temps.visite,
        titre="Retirer ce temps du programme",
        chapeau=str(temps),
        consequences=[f"{gardees} à la visite, hors programme." if notes else "Aucune note n'y a été prise."],
        libelle="Retirer",
        annuler_url=_programme(temps.visite),
    )


@require_http_methods(["GET", "POST"])
def rencontres(request: Requete, pk: int) -> HttpResponse:
    """Toutes les personnes rencontrées, en une page : un rôle, un nombre, jamais un nom."""
    visite = visite_ecrite(request, pk)
    formulaire = RencontresForm(request.POST or None, rencontres=list(visite.rencontres.all()))
    return saisir(
        request,
        formulaire,
        lambda: services.ecrire_les_rencontres(visite=visite, lignes=formulaire.rencontres(), par=request.user),
        retour=f"{reverse(DETAIL, args=[pk])}#rencontres",
        succes=lambda nombre: f"{accorde(nombre, 'personne rencontrée,personnes rencontrées')} : c'est noté.",
        gabarit="usages/visite_rencontres.html",
        visite=visite,
        roles=ROLES_COURANTS,
    )


@require_safe
def en_pdf(request: Requete, pk: int) -> HttpResponse:
    """Le programme à emporter ; avec ses trames pour l'équipe, sans elles pour l'ESMS."""
    visite = visite_vue(request, pk)
    document = documents.programme_de(visite, avec_trames=bool(peut_lire_l_etude(request.user, visite)))
    entete: dict[str, Any] = {"Content-Disposition": f'inline; filename="{document.nom}"'}
    return HttpResponse(document.en_pdf(), content_type=TYPE_PDF, headers=entete)
