"""Importer le tableau de bord ESMS : déposer l'export, dire la colonne de chaque chiffre, aller à l'aperçu."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from programme.models import Parcours
from programme.socle.depots import envoi_trop_gros
from programme.socle.finess.refus import FichierRefuse
from programme.socle.imports import refaire
from programme.socle.models import Travail
from programme.socle.travaux import lancer
from programme.views.refus import exiger
from programme.views.requete import Requete
from usages.forms.import_tdb import DepotTdbForm, RelierTdbForm
from usages.permissions import peut_saisir_chiffres
from usages.resources.tableau_de_bord import DEPOT, adresse_pour_relier, lire_entetes
from usages.services import import_tdb as services
from usages.services.import_tdb import GENRE


def _parcours(request: Requete, pk: int) -> Parcours:
    """L'ESMS d'où l'on vient, pour qui en saisit les chiffres."""
    lus = Parcours.objects.visibles_par(request.user).select_related("esms__departement", "esms__og", "grappe")
    parcours = get_object_or_404(lus, pk=pk)
    exiger(peut_saisir_chiffres(request.user, parcours))
    return parcours


@require_http_methods(["GET", "POST"])
def importer(request: Requete, pk: int) -> HttpResponse:
    """Déposer l'export d'un exercice ; ses colonnes se relient à la page d'après."""
    parcours = _parcours(request, pk)
    envoi = (request.POST, request.FILES) if request.method == "POST" else ()
    formulaire = DepotTdbForm(*envoi, trop_gros=envoi_trop_gros(request))
    if formulaire.is_valid():
        annee = formulaire.cleaned_data["annee"]
        travail = lancer(
            DEPOT,
            par=request.user,
            objet=f"Tableau de bord ESMS {annee}",
            fichier=formulaire.cleaned_data["fichier"],
            parametres={"parcours": parcours.pk, "annee": annee},
            sur_place=True,
        )
        return redirect(adresse_pour_relier(travail))
    contexte = {
        "form": formulaire,
        "parcours": parcours,
        "esms": list(services.parcours_saisis(request.user).order_by("esms__tri", "pk")),
        "indicateurs": services.indicateurs_annuels(),
    }
    return render(request, "usages/tdb_deposer.html", contexte, status=422 if formulaire.errors else 200)


@require_http_methods(["GET", "POST"])
def relier(request: Requete, pk: int, travail: int) -> HttpResponse:
    """Dire la colonne de chaque chiffre ; l'enregistrer mène à l'aperçu."""
    parcours = _parcours(request, pk)
    siens = Travail.objects.filter(genre__in=[GENRE, DEPOT], par=request.user, parametres__parcours=pk)
    depot = get_object_or_404(siens, pk=travail)
    contexte = {"parcours": parcours, "depot": depot, "annee": depot.parametres["annee"]}
    try:
        with depot.fichier.open("rb") as fichier:
            entetes = lire_entetes(fichier)
    except (FichierRefuse, OSError, ValueError):
        return render(request, "usages/tdb_relier.html", contexte, status=422 if request.POST else 200)
    correspondance = services.correspondance_de(request.user, parcours.esms.og)
    formulaire = RelierTdbForm(
        request.POST or None,
        entetes=entetes,
        indicateurs=services.indicateurs_annuels(),
        retenues=correspondance.colonnes,
    )
    if formulaire.is_valid():
        services.retenir(correspondance, formulaire.a_retenir())
        return _voir_l_apercu(request, depot, formulaire)
    contexte |= {"form": formulaire}
    return render(request, "usages/tdb_relier.html", contexte, status=422 if formulaire.errors else 200)


def _voir_l_apercu(request: Requete, depot: Travail, formulaire: RelierTdbForm) -> HttpResponse:
    parametres = {nom: depot.parametres[nom] for nom in ("parcours", "annee")} | {"colonnes": formulaire.rangs}
    suite = refaire(
        depot,
        par=request.user,
        code=GENRE,
        objet=f"Tableau de bord ESMS {depot.parametres['annee']}",
        parametres=parametres,
    )
    messages.success(request, "Les colonnes sont retenues : l’export de l’an prochain se reliera seul.")
    return redirect("programme:travail-detail", pk=suite.pk)
