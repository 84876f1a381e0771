"""Le tableau de cartes d'une grappe : par vague, où l'on déplace ; par état, où chaque carte mène à sa décision."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from programme.calculs.capacite import dire_demandee
from programme.contexte import oublier_le_compte
from programme.enums import A_ACCOMPAGNER
from programme.forms.tableau import DeplacerForm
from programme.models import Grappe, Parcours, Vague
from programme.permissions import peut_conduire, voit_toute_la_grappe
from programme.services import cartes
from programme.services.capacite import depassees, doit_demander
from programme.services.moments import choisir_vague
from programme.services.parcours import modifier_fiche
from programme.services.tableau import lire_parcours
from programme.socle.erreurs import Refus
from programme.views.grappes import grappe_visible, parcours_visibles
from programme.views.refus import exiger
from programme.views.requete import Requete

PAR_VAGUE, PAR_ETAT = "vague", "etat"


@require_http_methods(["GET", "POST"])
def tableau(request: Requete, pk: int) -> HttpResponse:
    """Lire le tableau ; ranger un ESMS dans une vague (POST)."""
    grappe = grappe_visible(request, pk)
    if request.method == "GET":
        return _montrer(request, grappe)
    visibles = parcours_visibles(request, grappe)
    exiger(cartes.peut_ranger(request.user, visibles.select_related("esms__departement")))
    formulaire = DeplacerForm(request.POST, grappe=grappe, visibles=visibles)
    if not formulaire.is_valid():
        return _montrer(request, grappe, formulaire.phrase, 422)
    parcours, vague = formulaire.cleaned_data["parcours"], formulaire.cleaned_data["vague"]
    avant, vu = parcours.vague, formulaire.cleaned_data["vu"]
    try:
        if vague and vague != avant and doit_demander(parcours, vague, request.user):
            return _demander(request, grappe, parcours, vague)
        modifier_fiche(parcours=parcours, valeurs={"vague": vague}, par=request.user, vu=vu)
    except Refus as refus:
        if refus.code == "droit":
            raise PermissionDenied(refus.motif) from refus
        return _montrer(request, grappe, _expliquer(refus, parcours), 409)
    return _apres(request, grappe, parcours, avant)


def _demander(request: Requete, grappe: Grappe, parcours: Parcours, vague: Vague) -> HttpResponse:
    """La vague est pleine : la carte ne bouge pas, la demande part au chef de projet."""
    choisir_vague(parcours=parcours, vague=vague, par=request.user)
    messages.info(request, f"{parcours} : {dire_demandee(vague.numero, vague.capacite)}")
    adresse = reverse("programme:grappe-tableau", args=[grappe.pk])
    return oublier_le_compte(redirect(f"{adresse}#carte-{parcours.pk}"))


def _ou(vague: Vague | None) -> str:
    return f"vague {vague.numero}" if vague else "hors vague"


def _expliquer(refus: Refus, parcours: Parcours) -> str:
    """Qui a bougé la carte entre-temps, et où elle est maintenant."""
    if refus.code != "concurrence":
        return refus.motif
    parcours.refresh_from_db()
    dernier = parcours.history.select_related("history_user").first()
    qui = dernier.history_user if dernier and dernier.history_user else "une autre personne"
    return (
        f"Entre-temps, {qui} a déplacé {parcours} : il est maintenant {_dans(parcours.vague)}. Votre déplacement n'est "
        "pas fait ; recommencez s'il est toujours juste."
    )


def _dans(vague: Vague | None) -> str:
    return f"dans la {vague}" if vague else "hors vague"


def _apres(request: Requete, grappe: Grappe, parcours: Parcours, avant: Vague | None) -> HttpResponse:
    """Dit ce qui est fait, avertit d'une capacité dépassée, et offre de remettre la carte où elle était."""
    adresse, ancre = reverse("programme:grappe-tableau", args=[grappe.pk]), f"#carte-{parcours.pk}"
    if parcours.vague == avant:
        messages.info(request, f"{parcours} : rien n'a changé, déjà {_dans(avant)}.")
        return redirect(adresse + ancre)
    messages.success(request, f"{parcours} : {_ou(avant)} → {_ou(parcours.vague)}.")
    for phrase in depassees([parcours.vague], request.user) if parcours.etat in A_ACCOMPAGNER else ():
        messages.warning(request, phrase)
    suite = {} if "annule" in request.POST else {"deplace": parcours.pk, "de": avant.pk if avant else ""}
    return oublier_le_compte(redirect(adresse + (f"?{urlencode(suite)}" if suite else "") + ancre))


def _montrer(request: Requete, grappe: Grappe, faute: str = "", status: int = 200) -> HttpResponse:
    par = PAR_ETAT if request.GET.get("par") == PAR_ETAT else PAR_VAGUE
    lecture = lire_parcours(parcours_visibles(request, grappe), request.user)
    if par == PAR_ETAT:
        frise, de_cote = cartes.par_etat(lecture)
        colonnes, de_cote = [*frise, *de_cote], []
        cartes.offrir_les_passages(colonnes, request.user)
    else:
        colonnes, de_cote = cartes.par_vague(grappe, lecture, request.user)
        cartes.offrir_les_vagues(colonnes, request.user)
    contexte = {
        "grappe": grappe,
        "par": par,
        "colonnes": colonnes,
        "de_cote": de_cote,
        "nb_esms": len(lecture.presents),
        "entiere": voit_toute_la_grappe(request.user, grappe),
        "conduit": bool(peut_conduire(request.user, grappe)),
        "deplacables": any(carte.cibles for c in colonnes for carte in c.cartes),
        "motif": next((carte.motif for c in colonnes for carte in c.cartes if carte.motif), ""),
        "aujourdhui": timezone.localdate(),
        "faute": faute,
        "annuler": _a_annuler(request, grappe, colonnes) if par == PAR_VAGUE else None,
    }
    return render(request, "programme/grappe_tableau.html", contexte, status=status)


def _a_annuler(request: Requete, grappe: Grappe, colonnes: list[cartes.Colonne]) -> dict[str, Any] | None:
    """La carte qu'on vient de déplacer, et où la remettre ; rien si elle a encore bougé ou si l'adresse est fausse."""
    deplace, de = request.GET.get("deplace", ""), request.GET.get("de", "")
    for colonne in colonnes:
        for carte in colonne.cartes:
            if str(carte.parcours.pk) == deplace:
                retour = next((c for c in carte.cibles if c.valeur == de), None)
                return {"carte": carte, "cible": retour} if retour else None
    return None
