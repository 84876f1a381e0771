"""Le plan de changement d'un ESMS et d'une grappe : quatre leviers, leurs actions ; l'annonce aux équipes."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from formation.calculs.gestes_types import Geste, geste_au_rang
from formation.forms.changement import AnnonceForm, MesureForm
from formation.models import MesureChangement
from formation.permissions import peut_lire_formation, peut_saisir_formation
from formation.services import annonces, bilans
from formation.services import changement as services
from gouvernance.permissions import peut_lire_gouvernance
from gouvernance.services.pages_ouvertes import page_de
from gouvernance.views.journal import parcours_visible
from programme.enums import NatureFait
from programme.models import Action, Parcours
from programme.services.actions import CLOSE, Cible, comptes_proposes
from programme.socle.versions import jeton
from programme.views.grappes import grappe_visible
from programme.views.refus import exiger
from programme.views.requete import Requete
from programme.views.saisies import saisir


def page_du_plan(cible: Cible) -> str:
    """L'adresse du plan de changement d'un ESMS ou d'une grappe."""
    nom = "parcours" if isinstance(cible, Parcours) else "grappe"
    return reverse(f"formation:{nom}-changement", args=[cible.pk])


def parcours_a_lire(request: Requete, pk: int) -> Parcours:
    """L'ESMS : 404 pour qui ne le voit pas, 403 pour qui n'en lit pas la formation."""
    parcours = parcours_visible(request, pk)
    exiger(peut_lire_formation(request.user, parcours))
    return parcours


def cible_a_ecrire(request: Requete, parcours: int | None, grappe: int | None) -> Cible:
    """L'ESMS ou la grappe que nomme l'adresse, pour qui peut y écrire ; sinon 404 ou 403."""
    cible: Cible = parcours_a_lire(request, parcours) if parcours else grappe_visible(request, grappe or 0)
    exiger(peut_saisir_formation(request.user, cible))
    return cible


# --- le plan -------------------------------------------------------------------------------------------------------


def _plan(request: Requete, cible: Cible) -> dict[str, Any]:
    """Ce que montrent les deux pages du plan."""
    plan = services.lire_plan(cible, request.user, timezone.localdate())
    return {
        "cible": cible,
        "plan": plan,
        "personnes": services.pour_les_personnes(plan),
        "objectifs": bilans.objectifs_de(cible, request.user),
        "page_ouverte": page_de(cible),
        "saisit": bool(peut_saisir_formation(request.user, cible)),
    }


@require_safe
def parcours_changement(request: Requete, pk: int) -> HttpResponse:
    """Le plan d'un ESMS : l'annonce, les quatre leviers, les personnes accompagnées, les objectifs de départ."""
    parcours = parcours_a_lire(request, pk)
    contexte = _plan(request, parcours) | {
        "parcours": parcours,
        "annonce": annonces.annonce_de(parcours),
        "faits": {f.nature: f for f in parcours.faits.filter(nature__in=(NatureFait.ANNONCE, NatureFait.INFORMATION))},
        "bilans": bilans.bilans_de(parcours),
    }
    return render(request, "formation/parcours_changement.html", contexte)


@require_safe
def grappe_changement(request: Requete, pk: int) -> HttpResponse:
    """Le plan d'une grappe : ce qui vaut pour tous ses ESMS, et où ils en sont."""
    grappe = grappe_visible(request, pk)
    exiger(peut_lire_formation(request.user, grappe))
    contexte = _plan(request, grappe) | {
        "grappe": grappe,
        "avancee": bilans.avancee_de(grappe, request.user),
        "suit": bool(peut_lire_gouvernance(request.user, grappe)),
    }
    return render(request, "formation/grappe_changement.html", contexte)


# --- une action du plan --------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def mesure_creer(request: Requete, parcours: int | None = None, grappe: int | None = None) -> HttpResponse:
    """Écrire une action du plan ; `?geste=` part d'un geste type, `?levier=` d'un levier."""
    cible = cible_a_ecrire(request, parcours, grappe)
    geste = geste_au_rang(request.GET.get("geste", ""))
    comptes = comptes_proposes([cible], timezone.localdate())
    donnes = {nom: request.GET[nom] for nom in ("levier", "public") if nom in request.GET}
    formulaire = MesureForm(request.POST or None, geste=geste, comptes=comptes, initial=donnes)
    return saisir(
        request,
        formulaire,
        lambda: services.creer_mesure(cible=cible, par=request.user, **formulaire.champs()),
        retour=page_du_plan(cible),
        succes=lambda mesure: f"L’action « {mesure} » est au plan de changement, pour {cible}.",
        **saisie_du_plan(cible, "Écrire une action du plan", "Écrire l’action", geste),
    )


def saisie_du_plan(cible: Cible, titre: str, libelle: str, geste: Geste | None = None) -> dict[str, Any]:
    """Ce que lit la page de saisie commune à l'action, à l'objectif."""
    return {
        "gabarit": "formation/changement_saisie.html",
        "cible": cible,
        "titre": titre,
        "libelle": libelle,
        "depart": geste,
        "plan_url": page_du_plan(cible),
    }


@require_http_methods(["GET", "POST"])
def mesure_modifier(request: Requete, pk: int) -> HttpResponse:
    """Corriger une action ouverte du plan ; son état se change sur la page de l'action."""
    lues = MesureChangement.objects.visibles_par(request.user).pour_lecture()
    mesure = get_object_or_404(lues.select_related("action__parcours__esms__departement"), pk=pk)
    exiger(peut_saisir_formation(request.user, mesure))
    if not mesure.action.est_ouverte:
        messages.warning(request, CLOSE)
        return redirect("programme:action-detail", pk=mesure.action_id)
    histoire, cible = Action.history.filter(id=mesure.action_id), mesure.rattache_a
    comptes = comptes_proposes([cible], timezone.localdate())
    formulaire = MesureForm(request.POST or None, mesure=mesure, comptes=comptes, initial={"vu": jeton(histoire)})
    return saisir(
        request,
        formulaire,
        lambda: services.modifier_mesure(
            mesure=mesure, par=request.user, vu=formulaire.version_vue(), **formulaire.champs()
        ),
        retour=page_du_plan(cible),
        succes=lambda ecrite: f"L’action « {ecrite} » est à jour.",
        relire=lambda: jeton(histoire),
        **saisie_du_plan(cible, f"Modifier « {mesure} »", "Enregistrer l’action"),
    )


# --- l'annonce -----------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def parcours_annonce(request: Requete, pk: int) -> HttpResponse:
    """L'annonce en trois temps : la lire, l'imprimer, l'écrire à plusieurs."""
    parcours = parcours_a_lire(request, pk)
    droit = peut_saisir_formation(request.user, parcours)
    if request.method == "POST":
        exiger(droit)
    annonce, fait = annonces.annonce_de(parcours), annonces.fait_de(parcours)
    vu = {"vu": annonces.version_de(parcours)}
    formulaire = AnnonceForm(request.POST or None, annonce=annonce, fait=fait, initial=vu)
    return saisir(
        request,
        formulaire,
        lambda: annonces.enregistrer(
            parcours=parcours, par=request.user, vu=formulaire.version_vue(), **formulaire.champs()
        ),
        retour=reverse("formation:parcours-annonce", args=[pk]),
        succes=lambda ecrite: f"L’annonce est enregistrée, {parcours}{_dite(ecrite)}.",
        relire=lambda: annonces.version_de(parcours),
        gabarit="formation/parcours_annonce.html",
        parcours=parcours,
        annonce=annonce,
        fait=fait,
        droit=droit,
        plan_url=page_du_plan(parcours),
    )


def _dite(annonce: Any) -> str:
    """« : tenue le 12/11/2026, le cadrage en tient compte », une fois la date donnée."""
    return f" : tenue le {annonce.date_tenue:%d/%m/%Y}, le cadrage en tient compte" if annonce.date_tenue else ""
