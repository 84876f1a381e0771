"""Les demandes aux éditeurs : la liste, une demande, en envoyer une, la corriger."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from programme.enums import Role
from programme.forms.pieces import PieceForm
from programme.models import DemandeParametrage, Grappe
from programme.services.journal import passages_en_journal
from programme.socle.listes import VueListe
from programme.socle.pieces import pieces_de
from programme.socle.versions import jeton
from programme.views.grappes import grappe_visible
from programme.views.pieces import garnir
from programme.views.refus import exiger
from programme.views.requete import Requete
from programme.views.saisies import saisir
from usages.filters.demandes_editeurs import DemandeEditeurFilter
from usages.forms.demandes_editeurs import DemandeEditeurForm
from usages.models import DemandeEditeur, Irritant
from usages.permissions import peut_lire_usages, peut_suivre_les_editeurs
from usages.services.editeurs import demandes as services
from usages.services.editeurs.lecture_demandes import derniere_reponse, portee_de
from usages.services.retours.suites import retours_a_l_origine
from usages.tables.demandes_editeurs import DemandeEditeurTable

LISTE, DETAIL = "usages:demandeediteur-liste", "usages:demandeediteur-detail"
SAISIE = "usages/demandeediteur_saisie.html"


class DemandeEditeurListe(VueListe):
    """Les demandes que voit le lecteur : celles qui attendent l'éditeur depuis le plus longtemps d'abord."""

    request: Requete
    modele = DemandeEditeur
    table = DemandeEditeurTable
    filtre = DemandeEditeurFilter
    gabarit = "usages/demandeediteur_liste.html"
    titre = "Demandes aux éditeurs"
    chapeau = "Ce que vos grappes attendent de leurs éditeurs. Le délai va de l’envoi à la réponse."
    unite = "demande"
    recherche = "Mots de la demande"
    tri = "envoyee_le"
    nom_fichier = "demandes-aux-editeurs"
    redites = {"grappe": ("grappe",), "editeur": ("editeur",)}

    def requete(self) -> QuerySet:
        """Avec ce que cite une ligne, et sa durée à ce jour."""
        return DemandeEditeur.objects.visibles_par(self.request.user).pour_lecture().avec_duree(timezone.localdate())

    def contexte(self) -> dict[str, Any]:
        """La grappe, si l'on n'en lit qu'une ; où écrire, si le lecteur n'a qu'un endroit où le faire."""
        grappe = _grappe_filtree(self.request)
        if grappe and peut_suivre_les_editeurs(self.request.user, grappe):
            return {"grappe": grappe, "url_creer": reverse("usages:demandeediteur-creer", args=[grappe.pk])}
        return {"grappe": grappe, "url_creer": "" if grappe else _ou_ecrire(self.request)}

    def vide(self) -> dict[str, str]:
        """Rien qui attende : d'où elles viennent."""
        rendu = {"titre": "Aucune demande n’attend l’éditeur", "icone": "inbox"}
        if url := _ou_ecrire(self.request):
            texte = (
                "Un irritant que plusieurs ESMS connaissent, une évolution promise : consignez ce que vous demandez."
            )
            return rendu | {"texte": texte, "url": url, "libelle": "Consigner une demande"}
        if self.request.user.perimetre.tient(Role.ARS):
            texte = "Les demandes aux éditeurs restent à la grappe : le financeur lit les jalons et le calendrier."
            return rendu | {"texte": texte, "url": reverse("programme:jalon-liste"), "libelle": "Voir les jalons"}
        texte = "Le chef de projet et l’équipe d’appui les consignent pour leur grappe."
        return rendu | {"texte": texte, "url": reverse("programme:grappe-liste"), "libelle": "Voir les grappes"}


def _grappe_filtree(request: Requete) -> Grappe | None:
    """La grappe à laquelle l'adresse réduit la liste ; None si elle n'en dit pas, ou si l'on n'en est pas."""
    cles = request.GET.getlist("grappe")
    if len(cles) != 1 or not cles[0].isdecimal():
        return None
    grappe = Grappe.objects.visibles_par(request.user).filter(pk=int(cles[0][:18])).first()
    return grappe if grappe and peut_lire_usages(request.user, grappe) else None


def _ou_ecrire(request: Requete) -> str:
    """La seule grappe qu'il suit ; rien s'il faut choisir."""
    perimetre = request.user.perimetre
    suivies = perimetre.seul(Role.CHEF_PROJET).grappes | perimetre.seul(Role.APPUI).grappes
    return reverse("usages:demandeediteur-creer", args=[*suivies]) if len(suivies) == 1 else ""


def demande_visible(request: Requete, pk: int) -> DemandeEditeur:
    """La demande, ou 404 pour qui ne la voit pas."""
    vues = DemandeEditeur.objects.visibles_par(request.user).pour_lecture()
    return get_object_or_404(vues.select_related("parametrage__parcours__esms"), pk=pk)


@require_http_methods(["GET", "POST"])
def detail(request: Requete, pk: int) -> HttpResponse:
    """La demande, sa réponse, ses pièces, son histoire ; POST : joindre une pièce, en retirer une."""
    demande = demande_visible(request, pk)
    tient, formulaire = peut_suivre_les_editeurs(request.user, demande), PieceForm()
    if request.method == "POST":
        exiger(tient)
        fautif = garnir(
            request,
            demande,
            joindre=lambda fichier: services.joindre(demande=demande, fichier=fichier, par=request.user),
            retirer=lambda piece: services.retirer_piece(demande=demande, piece=piece, par=request.user),
        )
        if fautif is None:
            return redirect(DETAIL, pk=pk)
        formulaire = fautif
    contexte = {
        "demande": demande,
        "jours": demande.delai(timezone.localdate()),
        "reponse": derniere_reponse(demande),
        "portee": portee_de(demande, request.user),
        "retours": retours_a_l_origine(demande, request.user),
        "tient": bool(tient),
        "pieces": pieces_de(demande).select_related("deposee_par"),
        "formulaire": formulaire,
        "histoire": passages_en_journal(demande),
    }
    return render(request, "usages/demandeediteur_detail.html", contexte, status=422 if formulaire.errors else 200)


# --- écrire --------------------------------------------------------------------------------------------------------


def _depart(request: Requete, grappe: Grappe) -> Irritant | DemandeParametrage | None:
    """L'irritant, ou la demande de paramétrage, d'où part la demande ; 404 hors de la grappe."""
    irritant, parametrage = request.GET.get("irritant", ""), request.GET.get("parametrage", "")
    if irritant:
        siens = Irritant.objects.visibles_par(request.user).filter(grappe=grappe)
        return get_object_or_404(siens, pk=_cle(irritant))
    if parametrage:
        lues = DemandeParametrage.objects.visibles_par(request.user).filter(parcours__grappe=grappe)
        return get_object_or_404(lues.select_related("parcours__solution", "parcours__esms"), pk=_cle(parametrage))
    return None


def _cle(texte: str) -> int:
    return int(texte) if texte.isdecimal() and len(texte) < 19 else 0


@require_http_methods(["GET", "POST"])
def creer(request: Requete, pk: int) -> HttpResponse:
    """Consigner une demande partie chez l'éditeur ; `?irritant=`, `?parametrage=` : d'où elle vient."""
    grappe = grappe_visible(request, pk)
    exiger(peut_suivre_les_editeurs(request.user, grappe))
    depart = _depart(request, grappe)
    origine: dict[str, Any] = {"parametrage": depart} if isinstance(depart, DemandeParametrage) else {}
    formulaire = DemandeEditeurForm(request.POST or None, grappe=grappe, depart=depart)
    return saisir(
        request,
        formulaire,
        lambda: services.envoyer(grappe=grappe, par=request.user, **origine, **formulaire.champs()),
        retour=f"{reverse(LISTE)}?grappe={pk}",
        vers=lambda demande: reverse(DETAIL, args=[demande.pk]),
        succes=lambda demande: f"« {demande} » est consignée : son délai court depuis l'envoi.",
        gabarit=SAISIE,
        grappe=grappe,
        depart=depart,
        titre="Consigner une demande à l’éditeur",
        libelle="Consigner la demande",
    )


@require_http_methods(["GET", "POST"])
def modifier(request: Requete, pk: int) -> HttpResponse:
    """Corriger une demande ouverte."""
    demande = demande_visible(request, pk)
    exiger(peut_suivre_les_editeurs(request.user, demande))
    if not demande.est_ouverte:
        messages.warning(request, services.CLOSE)
        return redirect(DETAIL, pk=pk)
    histoire = DemandeEditeur.history.filter(id=pk)
    formulaire = DemandeEditeurForm(
        request.POST or None, grappe=demande.grappe, demande=demande, initial={"vu": jeton(histoire)}
    )
    return saisir(
        request,
        formulaire,
        lambda: services.corriger(
            demande=demande, par=request.user, vu=formulaire.version_vue(), **formulaire.champs()
        ),
        retour=reverse(DETAIL, args=[pk]),
        succes=lambda ecrite: f"« {ecrite} » est à jour.",
        relire=lambda: jeton(histoire),
        gabarit=SAISIE,
        grappe=demande.grappe,
        demande=demande,
        titre="Modifier la demande",
        libelle="Enregistrer la demande",
    )
