"""Les irritants : la liste, un irritant et ses tickets, en nommer un, le redire, l'oublier."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from formation.forms.profils import SansChamp
from programme.socle.listes import VueListe
from programme.socle.nombres import accorde
from programme.views.grappes import grappe_visible
from programme.views.refus import exiger
from programme.views.requete import Requete
from programme.views.saisies import saisir
from usages.filters.tickets import IrritantFilter
from usages.forms.irritants import IrritantForm
from usages.models import DemandeEditeur, Irritant, Ticket
from usages.permissions import peut_suivre_les_editeurs
from usages.services.tickets import irritants as services
from usages.services.tickets.lecture import lire_ensemble
from usages.tables.tickets import IrritantTable

DEMANDES_GARDEES = "Les demandes faites à l'éditeur à son sujet restent aussi."
DETAIL, SAISIE = "usages:irritant-detail", "usages/irritant_saisie.html"


class IrritantListe(VueListe):
    """Les irritants que voit le lecteur : ceux que le plus d'ESMS ont d'abord."""

    request: Requete
    modele = Irritant
    table = IrritantTable
    filtre = IrritantFilter
    titre = "Irritants"
    chapeau = "Ce qui gêne de la même façon dans plusieurs ESMS : de quoi parler à l’éditeur d’une seule voix."
    unite = "irritant"
    recherche = "Mots de l’irritant"
    tri = "-esms"
    nom_fichier = "irritants"
    redites = {"grappe": ("grappe",), "editeur": ("editeur",)}

    def requete(self) -> QuerySet:
        """Avec ce que cite une ligne, et combien d'ESMS et de tickets."""
        lus = Irritant.objects.visibles_par(self.request.user).pour_lecture()
        return lus.avec_ampleur(self.request.user, timezone.localdate())

    def vide(self) -> dict[str, str]:
        """Aucun irritant : comment il en naît."""
        texte = (
            "Un irritant se nomme depuis la liste des tickets : cochez ceux qui disent la même chose, rapprochez-les."
        )
        geste = {"url": reverse("usages:ticket-liste"), "libelle": "Voir les tickets"}
        return {"titre": "Aucun irritant nommé", "texte": texte, "icone": "inbox"} | geste


def _irritant(request: Requete, pk: int) -> Irritant:
    """L'irritant, ou 404 pour qui ne le voit pas."""
    lus = Irritant.objects.visibles_par(request.user).pour_lecture()
    return get_object_or_404(lus.avec_ampleur(request.user, timezone.localdate()), pk=pk)


@require_safe
def detail(request: Requete, pk: int) -> HttpResponse:
    """Un irritant : combien d'ESMS l'ont, ses tickets ouverts, ses délais, ce qu'on en a demandé."""
    irritant, au = _irritant(request, pk), timezone.localdate()
    tickets: Any = Ticket.objects.visibles_par(request.user).filter(irritant=irritant)
    demandes = list(DemandeEditeur.objects.visibles_par(request.user).filter(irritant=irritant).order_by("-envoyee_le"))
    contexte = {
        "irritant": irritant,
        "demandes": demandes,
        "attend": any(d.est_ouverte for d in demandes),
        "ensemble": lire_ensemble(tickets, au),
        "suit": bool(peut_suivre_les_editeurs(request.user, irritant)),
    }
    return render(request, "usages/irritant_detail.html", contexte)


@require_http_methods(["GET", "POST"])
def creer(request: Requete, pk: int) -> HttpResponse:
    """Nommer un irritant dans une grappe."""
    grappe = grappe_visible(request, pk)
    exiger(peut_suivre_les_editeurs(request.user, grappe))
    formulaire = IrritantForm(request.POST or None, grappe=grappe)
    return saisir(
        request,
        formulaire,
        lambda: services.creer_irritant(grappe=grappe, par=request.user, **formulaire.cleaned_data),
        retour=reverse("usages:grappe-tickets", args=[pk]),
        vers=lambda irritant: reverse(DETAIL, args=[irritant.pk]),
        succes=lambda irritant: f"L'irritant « {irritant} » est nommé : rapprochez-en les tickets depuis leur liste.",
        gabarit=SAISIE,
        grappe=grappe,
        titre="Nommer un irritant",
        libelle="Nommer l’irritant",
    )


@require_http_methods(["GET", "POST"])
def modifier(request: Requete, pk: int) -> HttpResponse:
    """Redire un irritant."""
    irritant = _irritant(request, pk)
    exiger(peut_suivre_les_editeurs(request.user, irritant))
    formulaire = IrritantForm(request.POST or None, grappe=irritant.grappe, irritant=irritant)
    return saisir(
        request,
        formulaire,
        lambda: services.corriger_irritant(irritant=irritant, par=request.user, **formulaire.cleaned_data),
        retour=reverse(DETAIL, args=[pk]),
        succes=lambda redit: f"L'irritant se dit maintenant « {redit} ».",
        gabarit=SAISIE,
        grappe=irritant.grappe,
        irritant=irritant,
        titre=f"Modifier « {irritant} »",
        libelle="Enregistrer",
    )


@require_http_methods(["GET", "POST"])
def supprimer(request: Requete, pk: int) -> HttpResponse:
    """Oublier un irritant : ses tickets restent, sans irritant."""
    irritant = _irritant(request, pk)
    exiger(peut_suivre_les_editeurs(request.user, irritant))
    nombre = accorde(irritant.nb_tickets, "ticket le perd,tickets le perdent")
    return saisir(
        request,
        SansChamp(request.POST if request.method == "POST" else None),
        lambda: services.supprimer_irritant(irritant=irritant, par=request.user),
        retour=reverse("usages:grappe-tickets", args=[irritant.grappe_id]),
        succes=f"L'irritant « {irritant} » est retiré ; ses tickets restent.",
        gabarit="usages/irritant_supprimer.html",
        grappe=irritant.grappe,
        titre=f"Retirer « {irritant} »",
        consequences=[
            f"{nombre} ; ils restent dans la liste.",
            DEMANDES_GARDEES,
        ],
        libelle="Retirer l’irritant",
        annuler_url=reverse(DETAIL, args=[pk]),
    )
