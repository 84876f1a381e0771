"""Les tickets : la liste, un ticket, ceux d'un ESMS, ceux d'une grappe ; les gestes groupés."""

from typing import Any

from django.db.models import F, QuerySet, Value
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from programme.enums import Role
from programme.models import Parcours
from programme.models.actions import TOUTE_LA_GRAPPE
from programme.socle.listes import VueListe
from programme.views.grappes import grappe_visible
from programme.views.lot import Famille, mener
from programme.views.parcours_liste import EMPORTER
from programme.views.refus import exiger
from programme.views.requete import Requete
from usages.filters.tickets import TicketFilter
from usages.forms.irritants import FORMULAIRES
from usages.models import Ticket
from usages.permissions import peut_lire_usages, peut_suivre_les_editeurs
from usages.services.tickets.gestes import GESTES
from usages.services.tickets.lecture import irritants_de, lire_ensemble
from usages.tables.tickets import TicketTable

LISTE = "usages:ticket-liste"


class TicketListe(VueListe):
    """Les tickets que voit le lecteur, le plus récent d'abord."""

    request: Requete
    modele = Ticket
    table = TicketTable
    filtre = TicketFilter
    titre = "Tickets d’assistance"
    chapeau = "Un numéro, des dates, ce qui bloque. Leur nombre n’est ni un besoin, ni un mérite."
    unite = "ticket"
    recherche = "Numéro du ticket"
    tri = "-cree_le"
    nom_fichier = "tickets"
    redites = {"grappe": ("grappe",), "parcours": ("grappe", "esms"), "irritant": ("irritant",)}

    def requete(self) -> QuerySet:
        """Avec ce que cite une ligne, et son délai à ce jour."""
        lus = Ticket.objects.visibles_par(self.request.user).pour_lecture().avec_duree(timezone.localdate())
        return lus.annotate(pour=Coalesce(F("parcours__esms__nom"), Value(TOUTE_LA_GRAPPE)))

    def actions(self) -> list[dict[str, str]]:
        """Ce que le lecteur peut faire quelque part ; emporter est à tous."""
        gestes = [{"valeur": g.code, "libelle": g.libelle} for g in GESTES.values() if g.peut(self.request.user)]
        return [*gestes, {"valeur": EMPORTER, "libelle": "Emporter la sélection"}]

    def url_actions(self) -> str:
        """La page des gestes groupés."""
        return reverse("usages:ticket-lot")

    def vide(self) -> dict[str, str]:
        """Aucun ticket : d'où ils viennent."""
        perimetre = self.request.user.perimetre
        if perimetre.tient(Role.ARS) and not perimetre.sauf(Role.ARS).affectes:
            texte = "Les tickets restent à l’ESMS et à sa grappe : le financeur lit les chiffres transmis."
        else:
            texte = "Le chef de projet, ou l’équipe d’appui, importe l’export de l’outil d’assistance depuis la grappe."
        geste = {"url": reverse("programme:grappe-liste"), "libelle": "Voir les grappes"}
        return {"titre": "Aucun ticket", "texte": texte, "icone": "inbox"} | geste


FAMILLE = Famille(
    liste=TicketListe,
    route=LISTE,
    gestes=GESTES,
    formulaires=FORMULAIRES,
    unite="ticket",
    choisis="ticket choisi,tickets choisis",
    nom="Ticket",
    lieu="Pour",
    personne="Cochez au moins un ticket, puis choisissez le geste.",
)


@require_http_methods(["GET", "POST"])
def lot(request: Requete) -> HttpResponse:
    """Un geste sur les tickets choisis."""
    return mener(request, FAMILLE)


@require_safe
def detail(request: Requete, pk: int) -> HttpResponse:
    """Un ticket : ses dates, s'il bloque, de quel irritant il est."""
    ticket = get_object_or_404(Ticket.objects.visibles_par(request.user).pour_lecture(), pk=pk)
    contexte = {
        "ticket": ticket,
        "delai": ticket.delai(timezone.localdate()),
        "suit": bool(peut_suivre_les_editeurs(request.user, ticket)),
    }
    return render(request, "usages/ticket_detail.html", contexte)


@require_safe
def parcours_tickets(request: Requete, pk: int) -> HttpResponse:
    """Les tickets d'un ESMS : ce qui bloque d'abord, puis les mois et les délais."""
    lus = Parcours.objects.visibles_par(request.user).select_related("esms__departement", "grappe")
    parcours = get_object_or_404(lus, pk=pk)
    exiger(peut_lire_usages(request.user, parcours))
    tickets: Any = Ticket.objects.visibles_par(request.user).filter(parcours=parcours)
    au = timezone.localdate()
    siens = tickets.order_by().exclude(irritant=None).values("irritant")
    contexte = {
        "parcours": parcours,
        "ensemble": lire_ensemble(tickets, au),
        "irritants": irritants_de(request.user, au, pk__in=siens),
        "suit": bool(peut_suivre_les_editeurs(request.user, parcours.grappe)),
    }
    return render(request, "usages/parcours_tickets.html", contexte)


@require_safe
def grappe_tickets(request: Requete, pk: int) -> HttpResponse:
    """Les tickets d'une grappe que voit le lecteur, et les irritants qu'on y a nommés."""
    grappe = grappe_visible(request, pk)
    exiger(peut_lire_usages(request.user, grappe))
    tickets, au = Ticket.objects.visibles_par(request.user).filter(grappe=grappe), timezone.localdate()
    contexte = {
        "grappe": grappe,
        "ensemble": lire_ensemble(tickets, au),
        "irritants": irritants_de(request.user, au, grappe=grappe),
        "suit": bool(peut_suivre_les_editeurs(request.user, grappe)),
    }
    return render(request, "usages/grappe_tickets.html", contexte)
