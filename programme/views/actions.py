"""Les actions : la liste, une action, en écrire une, la corriger."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from programme.enums import Role
from programme.filters.actions import ActionFilter
from programme.forms.actions import ActionForm
from programme.models import Action, Parcours
from programme.permissions import peut_creer_action_quelque_part, peut_tenir_action
from programme.services import actions as services
from programme.services import lecture_actions as lecture
from programme.services.gestes_actions import GESTES
from programme.socle.listes import VueListe
from programme.socle.nombres import accorde
from programme.socle.versions import jeton
from programme.tables.actions import ActionTable
from programme.views.cibles import demander_la_cible, lire_cible
from programme.views.parcours_liste import EMPORTER
from programme.views.refus import exiger
from programme.views.requete import Requete
from programme.views.saisies import saisir


class ActionListe(VueListe):
    """Les actions que voit le lecteur, ouvertes d'abord."""

    request: Requete
    gabarit = "programme/action_liste.html"
    modele = Action
    table = ActionTable
    filtre = ActionFilter
    titre = "Actions"
    chapeau = "Qui fait quoi, pour quand. Les actions closes se retrouvent par le filtre « État »."
    unite = "action"
    recherche = "Mots de l’action"
    tri = "echeance"
    nom_fichier = "actions"
    redites = {"grappe": ("grappe",), "parcours": ("grappe",)}

    def requete(self) -> QuerySet:
        """Avec ce que cite une ligne."""
        return Action.objects.visibles_par(self.request.user).pour_lecture().avec_rang()

    def detailler(self) -> str:
        """Ce qui est en retard, parmi les lignes montrées."""
        ensemble: Any = self.ensemble
        retards = ensemble.order_by().en_retard(timezone.localdate()).count()
        return f"dont {accorde(retards, 'en retard,en retard')}" if retards else ""

    def actions(self) -> list[dict[str, str]]:
        """Ce que le lecteur peut faire quelque part ; emporter est à tous."""
        gestes = [{"valeur": g.code, "libelle": g.libelle} for g in GESTES.values() if g.peut(self.request.user)]
        return [*gestes, {"valeur": EMPORTER, "libelle": "Emporter la sélection"}]

    def url_actions(self) -> str:
        """La page des gestes groupés."""
        return reverse("programme:action-lot")

    def contexte(self) -> dict[str, Any]:
        """Où écrire une action : déjà pour la grappe ou l'ESMS que dit le filtre."""
        if not peut_creer_action_quelque_part(self.request.user):
            return {}
        vise = next((f"?cible={nom}-{cle}" for nom in ("parcours", "grappe") if (cle := self.parametres.get(nom))), "")
        return {"url_creer": reverse("programme:action-creer") + vise}

    def vide(self) -> dict[str, str]:
        """Rien d'ouvert : d'où viennent les actions."""
        if peut_creer_action_quelque_part(self.request.user):
            texte = "Une action dit qui fait quoi, pour quand : pour un ESMS, ou pour toute une grappe."
            geste = {"url": reverse("programme:action-creer"), "libelle": "Écrire une action"}
        elif self.request.user.perimetre.tient(Role.ARS):
            texte = "Les actions restent à l’ESMS et à sa grappe : le financeur lit les jalons et le calendrier."
            geste = {"url": reverse("programme:jalon-liste"), "libelle": "Voir les jalons"}
        else:
            texte = "La direction, le référent, le siège ou le chef de projet les écrivent ; les vôtres viendront ici."
            geste = {"url": reverse("programme:accueil"), "libelle": "Revenir à l’accueil"}
        return {"titre": "Aucune action ouverte", "texte": texte, "icone": "inbox"} | geste


def _action(request: Requete, pk: int) -> Action:
    visibles = Action.objects.visibles_par(request.user).select_related(
        "grappe__region", "parcours__esms__departement", "responsable", "creee_par"
    )
    return get_object_or_404(visibles, pk=pk)


@require_safe
def detail(request: Requete, pk: int) -> HttpResponse:
    """Une action : qui, pour quand, d'où elle vient, ce qui lui est arrivé, et les gestes permis."""
    action, au = _action(request, pk), timezone.localdate()
    contexte = {
        "action": action,
        "ton": lecture.ton_de(action, au),
        "en_retard": action.est_en_retard(au),
        "tient": bool(peut_tenir_action(request.user, action)),
        "source": lecture.source_de(action, request.user),
        "alerte": lecture.alerte_de(action, request.user),
        "histoire": lecture.histoire_de(action),
    }
    return render(request, "programme/action_detail.html", contexte)


# --- écrire --------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def creer(request: Requete) -> HttpResponse:
    """Écrire une action ; `?cible=` dit pour quoi, sinon on le demande d'abord, s'il y a de quoi choisir."""
    exiger(peut_creer_action_quelque_part(request.user))
    choix = [] if "cible" in request.GET else services.cibles_ou_ecrire(request.user)
    cles = [cle for _, options in choix for cle, _ in options]
    designee = request.GET.get("cible") or (cles[0] if len(cles) == 1 else "")
    if not designee:
        return demander_la_cible(
            request,
            choix,
            creer="programme:action-creer",
            liste="programme:action-liste",
            gabarit="programme/action_cible.html",
        )
    cible = lire_cible(request, designee)
    exiger(peut_tenir_action(request.user, cible))
    comptes = services.comptes_proposes([cible], timezone.localdate())
    formulaire = ActionForm(request.POST or None, action=None, comptes=comptes)
    return saisir(
        request,
        formulaire,
        lambda: services.creer_action(cible=cible, par=request.user, **formulaire.champs()),
        retour=_liste_de(cible),
        succes=lambda action: f"L’action « {action} » est écrite, pour {cible}.",
        gabarit="programme/action_saisie.html",
        cible=cible,
        envoi=f"?cible={designee}",
        titre="Écrire une action",
        libelle="Écrire l’action",
    )


def _liste_de(cible: services.Cible) -> str:
    nom = "parcours" if isinstance(cible, Parcours) else "grappe"
    return f"{reverse('programme:action-liste')}?{nom}={cible.pk}"


@require_http_methods(["GET", "POST"])
def modifier(request: Requete, pk: int) -> HttpResponse:
    """Corriger une action ouverte : quoi, qui, pour quand."""
    action = _action(request, pk)
    exiger(peut_tenir_action(request.user, action))
    if not action.est_ouverte:
        messages.warning(request, services.CLOSE)
        return redirect("programme:action-detail", pk=pk)
    histoire = Action.history.filter(id=pk)
    comptes = services.comptes_proposes([action.cible], timezone.localdate())
    formulaire = ActionForm(request.POST or None, action=action, comptes=comptes, initial={"vu": jeton(histoire)})
    return saisir(
        request,
        formulaire,
        lambda: services.modifier_action(
            action=action, par=request.user, vu=formulaire.version_vue(), **formulaire.champs()
        ),
        retour=reverse("programme:action-detail", args=[pk]),
        succes=lambda ecrite: f"L’action « {ecrite} » est à jour.",
        relire=lambda: jeton(histoire),
        gabarit="programme/action_saisie.html",
        action=action,
        cible=action.cible,
        titre=f"Modifier « {action} »",
        libelle="Enregistrer l’action",
    )
