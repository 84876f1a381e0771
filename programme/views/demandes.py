"""Les demandes de paramétrage : la liste, une demande, en écrire une, la corriger."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from programme.enums import IssueDemande, Role
from programme.filters.demandes import DemandeFilter
from programme.forms.demandes import DemandeForm
from programme.models import DemandeParametrage, Parcours
from programme.permissions import peut_demander, peut_demander_quelque_part
from programme.services import demandes as services
from programme.services import lecture_demandes as lecture
from programme.services.journal import passages_en_journal
from programme.socle.listes import VueListe
from programme.socle.versions import jeton
from programme.tables.demandes import DemandeTable
from programme.views.refus import exiger
from programme.views.requete import Requete
from programme.views.saisies import saisir

LISTE = "programme:demandeparametrage-liste"
CREER = "programme:demandeparametrage-creer"


class DemandeListe(VueListe):
    """Les demandes que voit le lecteur : celles qui attendent une suite d'abord."""

    request: Requete
    gabarit = "programme/demande_liste.html"
    modele = DemandeParametrage
    table = DemandeTable
    filtre = DemandeFilter
    titre = "Demandes de paramétrage"
    chapeau = (
        "Ce que les équipes demandent au DUI, à toute étape. La réponse n’est pas toujours un réglage : souvent, c’est "
        "la pratique qui change."
    )
    unite = "demande"
    recherche = "Mots de la demande"
    tri = "ouverte_le"
    nom_fichier = "demandes-de-parametrage"
    redites = {"grappe": ("grappe",), "parcours": ("grappe", "esms")}

    def requete(self) -> QuerySet:
        """Avec ce que cite une ligne, et sa durée à ce jour."""
        vues = DemandeParametrage.objects.visibles_par(self.request.user).pour_lecture().avec_rang()
        return vues.avec_duree(timezone.localdate())

    def contexte(self) -> dict[str, Any]:
        """Ce que disent ensemble les demandes de la grappe ou de l'ESMS choisi, closes comprises ; où en écrire une."""
        toutes = DemandeParametrage.objects.visibles_par(self.request.user)
        criteres: Any = self.criteres
        poses = criteres.form.cleaned_data if criteres.est_pose and criteres.is_valid() else {}
        for nom, chemin in (("grappe", "parcours__grappe"), ("parcours", "parcours")):
            if poses.get(nom):
                toutes = toutes.filter(**{chemin: poses[nom]})
        contexte: dict[str, Any] = {"synthese": lecture.synthese_de(toutes), "issues": IssueDemande.labels}
        if peut_demander_quelque_part(self.request.user):
            vise = self.parametres.get("parcours")
            contexte["url_creer"] = reverse(CREER) + (f"?parcours={vise}" if vise else "")
        return contexte

    def vide(self) -> dict[str, str]:
        """Rien qui attende : d'où viennent les demandes."""
        if peut_demander_quelque_part(self.request.user):
            texte = "Un champ qui manque, un mot qui ne parle à personne, une règle à revoir : une ligne suffit."
            geste = {"url": reverse(CREER), "libelle": "Écrire une demande"}
        elif self.request.user.perimetre.tient(Role.ARS):
            texte = "Les demandes restent à l’ESMS et à sa grappe : le financeur lit les jalons et le calendrier."
            geste = {"url": reverse("programme:jalon-liste"), "libelle": "Voir les jalons"}
        else:
            texte = "La direction, le référent, le siège ou le chef de projet les écrivent pour leurs ESMS."
            geste = {"url": reverse("programme:accueil"), "libelle": "Revenir à l’accueil"}
        return {"titre": "Aucune demande n’attend de suite", "texte": texte, "icone": "inbox"} | geste


def _demande(request: Requete, pk: int) -> DemandeParametrage:
    vues = DemandeParametrage.objects.visibles_par(request.user).select_related(
        "parcours__esms__departement", "parcours__grappe", "module", "creee_par"
    )
    return get_object_or_404(vues, pk=pk)


@require_safe
def detail(request: Requete, pk: int) -> HttpResponse:
    """Une demande : qui, quand, ce qui est décidé, ce que d'autres demandent au même module, et les gestes permis."""
    demande = _demande(request, pk)
    contexte = {
        "demande": demande,
        "delai": demande.delai(timezone.localdate()),
        "tient": bool(peut_demander(request.user, demande)),
        "reponse": lecture.reponse_a(demande),
        "voisines": lecture.voisines_de(demande, par=request.user),
        "histoire": passages_en_journal(demande),
    }
    return render(request, "programme/demande_detail.html", contexte)


# --- écrire --------------------------------------------------------------------------------------------------------


def _parcours_vise(request: Requete, cle: str) -> Parcours:
    """L'ESMS que désigne l'adresse ou le formulaire ; 404 hors de ce que le lecteur lit."""
    lisibles = Parcours.objects.lisibles_par(request.user).select_related("esms__departement", "grappe")
    return get_object_or_404(lisibles, pk=int(cle) if cle.isdecimal() and len(cle) < 19 else 0)


def _demander(request: Requete, fixe: Parcours | None, valeurs: dict[str, Any]) -> DemandeParametrage:
    vise = fixe or _parcours_vise(request, valeurs.pop("parcours"))
    return services.demander(parcours=vise, par=request.user, **valeurs)


@require_http_methods(["GET", "POST"])
def creer(request: Requete) -> HttpResponse:
    """Écrire une demande ; `?parcours=` dit pour quel ESMS, sinon on le choisit avec le reste."""
    exiger(peut_demander_quelque_part(request.user))
    fixe = _parcours_vise(request, request.GET["parcours"]) if request.GET.get("parcours") else None
    if fixe:
        exiger(peut_demander(request.user, fixe))
    choix = [] if fixe else services.esms_ou_demander(request.user)
    formulaire = DemandeForm(request.POST or None, parcours=fixe, choix=choix)
    return saisir(
        request,
        formulaire,
        lambda: _demander(request, fixe, formulaire.champs()),
        retour=reverse("programme:parcours-preparation", args=[fixe.pk]) if fixe else reverse(LISTE),
        succes=lambda demande: f"La demande « {demande} » est écrite, pour {demande.parcours}.",
        gabarit="programme/demande_saisie.html",
        parcours=fixe,
        rien=not fixe and not choix,
        envoi=f"?parcours={fixe.pk}" if fixe else "",
        titre="Écrire une demande de paramétrage",
        libelle="Écrire la demande",
    )


@require_http_methods(["GET", "POST"])
def modifier(request: Requete, pk: int) -> HttpResponse:
    """Corriger une demande qui n'est pas close."""
    demande = _demande(request, pk)
    exiger(peut_demander(request.user, demande))
    if not demande.est_ouverte:
        messages.warning(request, services.CLOSE)
        return redirect("programme:demandeparametrage-detail", pk=pk)
    histoire = DemandeParametrage.history.filter(id=pk)
    formulaire = DemandeForm(
        request.POST or None, demande=demande, parcours=demande.parcours, initial={"vu": jeton(histoire)}
    )
    return saisir(
        request,
        formulaire,
        lambda: services.corriger(
            demande=demande, par=request.user, vu=formulaire.version_vue(), **formulaire.champs()
        ),
        retour=reverse("programme:demandeparametrage-detail", args=[pk]),
        succes=lambda ecrite: f"La demande « {ecrite} » est à jour.",
        relire=lambda: jeton(histoire),
        gabarit="programme/demande_saisie.html",
        demande=demande,
        parcours=demande.parcours,
        titre=f"Modifier « {demande} »",
        libelle="Enregistrer la demande",
    )
