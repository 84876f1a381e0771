"""Importer les tickets d'une grappe : déposer l'export, relier ses colonnes et ses mots, aller à l'aperçu."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from programme.services.correspondances import Chez
from programme.views.grappes import grappe_visible
from programme.views.refus import exiger
from programme.views.relier import Lieu, PagesARelier
from programme.views.requete import Requete
from usages.forms.import_tickets import DepotTicketsForm, RelierTicketsForm
from usages.permissions import peut_suivre_les_editeurs
from usages.services.tickets.correspondances import GENRE
from usages.services.tickets.importation import lire_portee

PAGES = PagesARelier(
    code=GENRE,
    depot=DepotTicketsForm,
    liaison=RelierTicketsForm,
    titre="Importer des tickets",
    lu="usages/fragments/tickets_lu.html",
    exemples_de_mots="« haute », « 1 »",
    note_esms="Ceux que le fichier peut désigner, par leur numéro FINESS ou leur nom.",
)
CHAPEAU = (
    "Grappe {} · l’export de l’outil d’assistance tel qu’il est, tous les ESMS à la fois. Vous le reliez une fois."
)


def _lieu(request: Requete, pk: int) -> Lieu:
    grappe = grappe_visible(request, pk)
    exiger(peut_suivre_les_editeurs(request.user, grappe))
    portee, retour = lire_portee(grappe), reverse("usages:grappe-tickets", args=[pk])
    return Lieu(
        chez=Chez(GENRE, grappe=grappe),
        objet=f"Tickets de la grappe {grappe.nom}",
        sujet=grappe.nom,
        chapeau=CHAPEAU.format(grappe),
        fil=[(grappe.nom, reverse("programme:grappe-detail", args=[pk])), ("Tickets", retour)],
        url_deposer=reverse("usages:ticket-import", args=[pk]),
        retour=retour,
        parametres={"grappe": pk},
        portee=portee,
        esms=portee.parcours,
    )


@require_http_methods(["GET", "POST"])
def importer(request: Requete, pk: int) -> HttpResponse:
    """Déposer l'export : avec une correspondance connue, l'aperçu suit ; sinon, Treille devine et l'on relit."""
    return PAGES.deposer(request, _lieu(request, pk))


@require_http_methods(["GET", "POST"])
def relier(request: Requete, pk: int, correspondance: int) -> HttpResponse:
    """Dire ce que vaut chaque colonne et chaque mot de l'export ; l'enregistrer mène à l'aperçu."""
    lieu = _lieu(request, pk)
    relue = get_object_or_404(lieu.chez.lisibles(request.user), pk=correspondance)
    return PAGES.relier(request, lieu, relue, PAGES.trouver_depot(request, relue))
