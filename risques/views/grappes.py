"""Les risques d'une grappe, et son barème."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from programme.permissions import peut_conduire, voit_toute_la_grappe
from programme.socle.versions import jeton
from programme.views.grappes import grappe_visible
from programme.views.refus import exiger
from programme.views.requete import Requete
from programme.views.saisies import saisir
from risques.calculs.criticite import Bornes
from risques.forms.bareme import BaremeForm
from risques.models import BaremeRisques
from risques.permissions import peut_lire_les_risques, peut_regler_bareme
from risques.services import chaleur
from risques.services import grappes as lecture
from risques.services import reglage_bareme as services

AXES = ((chaleur.CATEGORIES, "Six catégories"), (chaleur.SECTIONS, "Sections du questionnaire"))


def _choix(request: Requete) -> chaleur.Choix:
    lu = request.GET
    axe, tri = lu.get("axe", ""), lu.get("tri", "")
    return chaleur.Choix(
        axe if axe == chaleur.SECTIONS else chaleur.CATEGORIES,
        lu.get("og", ""),
        lu.get("vague", ""),
        tri if tri in dict(chaleur.TRIS) else chaleur.NOM,
    )


def _commandes(request: Requete, lue: lecture.LectureRisques) -> dict[str, Any]:
    """De quoi changer d'axe, filtrer, trier."""
    parcours = [e.parcours for e in lue.lus]

    def adresse(axe: str) -> str:
        criteres = request.GET.copy()
        criteres["axe"] = axe
        return f"?{criteres.urlencode()}"

    return {
        "axes": [(mot, adresse(axe), axe == lue.choix.axe) for axe, mot in AXES],
        "ogs": chaleur.choix_d_og(parcours),
        "vagues": chaleur.choix_de_vague(parcours),
        "tris": chaleur.TRIS,
    }


@require_safe
def grappe_risques(request: Requete, pk: int) -> HttpResponse:
    """Ce qui attend, la carte de chaleur, la dernière évaluation, le registre consolidé, ce qui revient."""
    grappe = grappe_visible(request, pk)
    exiger(peut_lire_les_risques(request.user, grappe))
    lue = lecture.lire(grappe, request.user, timezone.localdate(), _choix(request))
    contexte = {
        "grappe": grappe,
        "lue": lue,
        "entiere": voit_toute_la_grappe(request.user, grappe),
        "conduit": bool(peut_conduire(request.user, grappe)),
        "confie": lue.confie,
        "autres": lecture.repartition_en_lignes(lue.autres) if lue.autres else [],
    }
    return render(request, "risques/grappe_risques.html", contexte | _commandes(request, lue))


@require_http_methods(["GET", "POST"])
def bareme(request: Requete, pk: int) -> HttpResponse:
    """Les trois bornes et le seuil ; « voir » dit ce que cela change sans rien écrire."""
    grappe = grappe_visible(request, pk)
    exiger(peut_regler_bareme(request.user, grappe))
    histoire, regle = BaremeRisques.history.filter(grappe=grappe), services.regle_de(grappe)
    formulaire = BaremeForm(request.POST or None, bareme=regle, vu=jeton(histoire))
    bornes = regle.bornes
    contexte: dict[str, Any] = {"grappe": grappe, "passe": services.histoire_de(grappe)}
    if request.method == "POST" and formulaire.is_valid():
        bornes = Bornes(*(formulaire.cleaned_data[nom] for nom in services.BORNES))
        contexte["effet"] = services.ce_que_cela_change(grappe, bornes)
    risques = lecture.ouverts(grappe, request.user)
    contexte["matrice"] = lecture.matrice_de(risques, bornes, "La matrice, avec ces bornes")
    if request.method == "POST" and request.POST.get("geste") == "voir":
        statut = 200 if formulaire.is_valid() else 422
        return render(request, "risques/grappe_bareme.html", contexte | {"formulaire": formulaire}, status=statut)
    return saisir(
        request,
        formulaire,
        lambda: services.regler(grappe=grappe, par=request.user, vu=formulaire.version_vue(), **formulaire.champs()),
        relire=lambda: jeton(histoire),
        retour=reverse("risques:grappe-risques", args=[pk]),
        succes="Le barème est enregistré : les niveaux de la grappe se lisent avec ces bornes.",
        gabarit="risques/grappe_bareme.html",
        **contexte,
    )
