"""Le registre des décisions : la liste, une décision, en instruire une, la corriger, ce qui en naît."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from gouvernance.enums import EffetDecision
from gouvernance.filters.decisions import DecisionFilter
from gouvernance.forms.decisions import DecisionForm
from gouvernance.models import Decision, Point, Seance
from gouvernance.permissions import peut_instruire_une_decision, peut_tenir_decision
from gouvernance.services import decisions as services
from gouvernance.services.choix_decision import grappes_ou_instruire, instances_tenues, mots_de, offre_de
from gouvernance.services.lecture_decisions import decisions_touchant, moments_a_trancher, remplacantes_de
from gouvernance.tables.decisions import DecisionTable
from gouvernance.views.listes import VUES
from programme.enums import Role
from programme.forms.actions import ActionForm
from programme.models import Grappe, Parcours
from programme.permissions import peut_lire_preparation, peut_tenir_action
from programme.services.actions import comptes_proposes
from programme.socle.conditions import conditions
from programme.socle.listes import VueListe
from programme.socle.versions import jeton
from programme.views.refus import exiger
from programme.views.requete import Requete
from programme.views.saisies import saisir

LISTE, PAGE = "gouvernance:decision-liste", "gouvernance:decision-detail"


class DecisionListe(VueListe):
    """Les décisions que voit le lecteur, les dernières d'abord."""

    request: Requete
    gabarit = "gouvernance/decision_liste.html"
    modele = Decision
    table = DecisionTable
    filtre = DecisionFilter
    titre = "Registre des décisions"
    chapeau = "Ce que les instances ont tranché, pour qui, ce que cela change, et jusqu’à quand."
    vues = VUES
    unite = "décision"
    recherche = "Mots de la décision"
    tri = "-creee_le"
    nom_fichier = "decisions"
    redites = {"grappe": ("grappe",), "parcours": ("grappe",)}

    def requete(self) -> QuerySet:
        """Avec ce que cite une ligne."""
        return Decision.objects.visibles_par(self.request.user).pour_lecture().avec_rang_etat()

    def enrichir(self, objets: list[Any], colonnes: list[str]) -> None:
        """Qui chaque décision touche, selon ce que voit le lecteur."""
        if "portee" not in colonnes:
            return
        lues = services.portees_lues(objets, self.request.user)
        for decision in objets:
            decision.portee_lue = lues[decision.pk].en_mots

    def contexte(self) -> dict[str, Any]:
        """Où en instruire une : la grappe que dit le filtre, à défaut la seule où l'on consigne des décisions."""
        return {"url_creer": self._ou_instruire} if self._ou_instruire else {}

    @cached_property
    def _ou_instruire(self) -> str:
        siennes = grappes_ou_instruire(self.request.user)
        if dite := self.parametres.get("grappe", ""):
            siennes = {cle for cle in siennes if str(cle) == dite}
        return reverse("gouvernance:decision-creer", args=[*siennes]) if len(siennes) == 1 else ""

    def vide(self) -> dict[str, str]:
        """Rien encore : d'où viennent les décisions, et le premier geste."""
        if self._ou_instruire:
            texte = "Une décision s’instruit, puis s’arbitre en séance, avec le quorum."
            geste = {"url": self._ou_instruire, "libelle": "Instruire une décision"}
        elif self.request.user.perimetre.tient(Role.ARS):
            texte = "Les décisions restent à la grappe et à ses ESMS : le financeur lit les jalons et le calendrier."
            geste = {"url": reverse("programme:jalon-liste"), "libelle": "Voir les jalons"}
        else:
            texte = "Vous lirez ici ce que vos instances tranchent, et ce qui touche vos ESMS."
            geste = {"url": reverse("programme:accueil"), "libelle": "Revenir à l’accueil"}
        return {"titre": "Aucune décision", "texte": texte, "icone": "inbox"} | geste


def _decision(request: Requete, pk: int) -> Decision:
    vues = Decision.objects.visibles_par(request.user).pour_lecture().select_related("creee_par")
    return get_object_or_404(vues, pk=pk)


@require_safe
def detail(request: Requete, pk: int) -> HttpResponse:
    """Une décision : ce qu'elle dit, pour qui, ce qu'elle change, ce qu'elle remplace, ce qui en naît."""
    decision, au = _decision(request, pk), timezone.localdate()
    condition = conditions.get(decision.condition)
    tient = bool(peut_tenir_decision(request.user, decision))
    seances = Seance.objects.visibles_par(request.user)
    contexte: dict[str, Any] = {
        "decision": decision,
        "aujourdhui": au,
        "portee": services.portees_lues([decision], request.user)[pk],
        "condition": mots_de(condition) if condition else decision.condition,
        "leve": decision.leve_au(au),
        "tient": tient,
        "agit": tient and _agit(request, decision),
        "voit_la_seance": seances.filter(pk=decision.seance_id).exists(),
        "voit_l_ancienne": Decision.objects.visibles_par(request.user).filter(pk=decision.remplace_id).exists(),
        "remplacantes": remplacantes_de(decision, request.user),
        "moments": moments_a_trancher(decision, request.user) if tient else [],
        "revue_passee": decision.est_en_vigueur and decision.revue_le is not None and decision.revue_le <= au,
        "actions": [(a, a.est_en_retard(au)) for a in services.actions_de(decision, par=request.user)],
        "histoire": services.histoire_de(decision),
    }
    return render(request, "gouvernance/decision_detail.html", contexte)


def _agit(request: Requete, decision: Decision) -> bool:
    """Vrai s'il peut en faire naître une action."""
    vaut = decision.est_instruite or decision.est_en_vigueur
    return vaut and bool(peut_tenir_action(request.user, services.cible_de(decision)))


# --- écrire --------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Depart:
    """D'où l'on vient : ce que la saisie reprend, le point de l'ordre du jour, la séance où revenir."""

    initial: dict[str, Any] = field(default_factory=dict)
    point: Point | None = None
    seance: Seance | None = None


def _cle(request: Requete, nom: str) -> int | None:
    brut = request.GET.get(nom, "")
    return int(brut) if brut.isdecimal() and len(brut) < 19 else None


def _depart_de(request: Requete, grappe: Grappe) -> _Depart:
    """Ce que dit l'adresse (`seance`, `point`, `parcours`, `condition`, `remplace`) ; ce qu'on ne voit pas se tait."""
    depart = _Depart()
    points = Point.objects.visibles_par(request.user).select_related("seance__comite__grappe")
    depart.point = points.filter(pk=_cle(request, "point"), seance__comite__grappe=grappe).first()
    seances = Seance.objects.visibles_par(request.user).filter(comite__grappe=grappe).pour_lecture()
    depart.seance = depart.point.seance if depart.point else seances.filter(pk=_cle(request, "seance")).first()
    if depart.seance:
        depart.initial |= {"seance": depart.seance.pk, "comite": depart.seance.comite_id}
    if depart.point:
        depart.initial |= {"intitule": depart.point.titre, "pourquoi": depart.point.expose}
    if parcours := _cle(request, "parcours"):
        depart.initial |= {"parcours": [parcours]}
    if (code := request.GET.get("condition", "")) in conditions:
        depart.initial |= {"effet": EffetDecision.LEVEE, "condition": code}
    if remplace := _cle(request, "remplace"):
        depart.initial |= {"remplace": remplace}
    return depart


@require_http_methods(["GET", "POST"])
def creer(request: Requete, pk: int) -> HttpResponse:
    """Instruire une décision dans cette grappe ; `?seance=`, `?point=`, `?parcours=`… disent d'où l'on part."""
    grappe = get_object_or_404(Grappe.objects.visibles_par(request.user), pk=pk)
    exiger(peut_instruire_une_decision(request.user, grappe))
    if not instances_tenues(grappe, request.user):
        return render(request, "gouvernance/decision_sans_instance.html", {"grappe": grappe})
    depart = _depart_de(request, grappe)
    offre = offre_de(grappe, par=request.user)
    formulaire = DecisionForm(request.POST or None, offre=offre, initial=depart.initial)
    return saisir(
        request,
        formulaire,
        lambda: services.instruire(par=request.user, point=depart.point, **formulaire.champs()),
        retour=f"{reverse(LISTE)}?grappe={pk}",
        vers=lambda decision: reverse(PAGE, args=[decision.pk]),
        succes=lambda decision: f"Décision n° {decision.numero}, « {decision} » : instruite, à arbitrer en séance.",
        gabarit="gouvernance/decision_saisie.html",
        grappe=grappe,
        seance=depart.seance,
        titre="Instruire une décision",
        libelle="Instruire la décision",
    )


@require_http_methods(["GET", "POST"])
def modifier(request: Requete, pk: int) -> HttpResponse:
    """Corriger une décision tant qu'elle n'est pas arbitrée."""
    decision = _decision(request, pk)
    exiger(peut_tenir_decision(request.user, decision))
    if not decision.est_instruite:
        messages.warning(request, services.ARBITREE)
        return redirect(PAGE, pk=pk)
    historique, offre = Decision.history.filter(id=pk), offre_de(decision.grappe, par=request.user, decision=decision)
    depart = {"vu": jeton(historique)}
    formulaire = DecisionForm(request.POST or None, offre=offre, decision=decision, initial=depart)
    return saisir(
        request,
        formulaire,
        lambda: services.modifier(
            decision=decision, par=request.user, vu=formulaire.version_vue(), **formulaire.champs()
        ),
        retour=reverse(PAGE, args=[pk]),
        succes=lambda ecrite: f"La décision n° {ecrite.numero}, « {ecrite} », est à jour.",
        relire=lambda: jeton(historique),
        gabarit="gouvernance/decision_saisie.html",
        grappe=decision.grappe,
        decision=decision,
        titre=f"Corriger la décision n° {decision.numero}",
        libelle="Enregistrer la décision",
    )


@require_http_methods(["GET", "POST"])
def ajouter_action(request: Requete, pk: int) -> HttpResponse:
    """Une action qui applique cette décision."""
    decision = _decision(request, pk)
    exiger(peut_tenir_decision(request.user, decision))
    cible = services.cible_de(decision)
    exiger(peut_tenir_action(request.user, cible))
    if not (decision.est_instruite or decision.est_en_vigueur):
        messages.warning(request, services.SANS_EFFET)
        return redirect(PAGE, pk=pk)
    comptes = comptes_proposes([cible], timezone.localdate())
    formulaire = ActionForm(request.POST or None, action=None, comptes=comptes)
    return saisir(
        request,
        formulaire,
        lambda: services.ajouter_une_action(decision=decision, par=request.user, **formulaire.champs()),
        retour=reverse(PAGE, args=[pk]),
        succes=lambda action: f"L’action « {action} » est écrite, pour {cible}.",
        gabarit="gouvernance/decision_action.html",
        decision=decision,
        cible=cible,
        titre="Ajouter une action",
        libelle="Écrire l’action",
    )


# --- la page d'un ESMS ---------------------------------------------------------------------------------------------


@require_safe
def parcours_decisions(request: Requete, pk: int) -> HttpResponse:
    """Les décisions qui touchent cet ESMS : un fragment de sa page, une page à qui n'a pas de script."""
    vus = Parcours.objects.visibles_par(request.user).select_related("esms__departement", "esms__og", "grappe")
    parcours = get_object_or_404(vus, pk=pk)
    exiger(peut_lire_preparation(request.user, parcours))
    contexte = {
        "parcours": parcours,
        "decisions": decisions_touchant(parcours, request.user),
        "instruit": bool(peut_instruire_une_decision(request.user, parcours.grappe)),
    }
    gabarit = "fragments/decisions_encart.html" if getattr(request, "htmx", None) else "parcours_decisions.html"
    return render(request, f"gouvernance/{gabarit}", contexte)
