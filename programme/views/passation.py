"""La passation d'un départ : ce que deviennent les rôles d'une personne, aperçu puis confirmation."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from programme.contexte import oublier_le_compte
from programme.forms.passation import PassationEntiere
from programme.models import Affectation, Utilisateur
from programme.permissions import CLOTURE, peut_administrer
from programme.services import passation as services
from programme.services.passation_actions import actions_de
from programme.services.perimetre import peut_montrer_le_lien
from programme.socle.droits import Droit
from programme.socle.erreurs import Refus
from programme.views.refus import exiger
from programme.views.requete import Requete


@never_cache
@require_http_methods(["GET", "POST"])
def passation(request: Requete, pk: int) -> HttpResponse:
    """Saisir ligne à ligne, voir ce qui resterait sans personne, confirmer."""
    compte = get_object_or_404(Utilisateur, pk=pk)
    lignes = services.lignes_de(compte, par=request.user)
    _exiger_la_page(request, compte, lignes)
    saisie = _saisie(request, compte, lignes, request.POST if request.method == "POST" else None)
    if request.method == "POST" and saisie.is_valid() and (reponse := _tenter(request, compte, lignes, saisie)):
        return reponse
    return _page(request, compte, lignes, saisie, status=422 if request.method == "POST" else 200)


def _saisie(request: Requete, compte: Utilisateur, lignes: list[Affectation], donnees: Any) -> PassationEntiere:
    return PassationEntiere(
        donnees,
        lignes=lignes,
        par=request.user,
        vu=services.jeton_des_roles(lignes),
        actions=actions_de(compte, lignes, par=request.user),
    )


def _exiger_la_page(request: Requete, compte: Utilisateur, lignes: list[Affectation]) -> None:
    """404 pour qui ne voit aucun rôle de ce compte ; 403 pour qui les voit sans pouvoir en traiter un seul."""
    connu = lignes or Affectation.objects.visibles_par(request.user).filter(utilisateur=compte).exists()
    admin = bool(peut_administrer(request.user))
    if not connu and not admin and compte != request.user:
        raise Http404("compte hors périmètre")
    traite = any(a.traitable for a in lignes)
    exiger(Droit(traite or admin or compte == request.user, CLOTURE))


def _tenter(
    request: Requete, compte: Utilisateur, lignes: list[Affectation], saisie: PassationEntiere
) -> HttpResponse | None:
    """L'aperçu, ou l'écriture confirmée ; None si un champ est à corriger."""
    commun = saisie.commun.cleaned_data
    arguments: dict[str, Any] = {
        "compte": compte,
        "gestes": saisie.gestes(),
        "dernier_jour": commun["dernier_jour"],
        "par": request.user,
    } | {"fermer": commun.get("fermer", False), "vu": commun["vu"]}
    arguments |= {"actions": saisie.actions_choisies(), "actions_a": saisie.actions.compte}
    try:
        if request.POST.get("geste") == "confirmer":
            return _finir(request, compte, services.passer_la_main(adresse=_adresse(request), **arguments))
        bilan = services.apercevoir(**arguments)
    except Refus as refus:
        if refus.code == "droit":
            raise PermissionDenied(refus.motif) from refus
        if refus.code == "concurrence":
            return _page(request, compte, lignes, _a_jour(request, compte, lignes), refus=refus, status=409)
        saisie.reporter(refus.champs or {"": [refus.motif]})
        return None
    contexte = {"compte": compte, "bilan": bilan, "saisie": saisie}
    return render(request, "programme/passation_apercu.html", contexte | commun)


def _a_jour(request: Requete, compte: Utilisateur, lignes: list[Affectation]) -> PassationEntiere:
    """La même saisie, sur les rôles qu'on vient de relire."""
    donnees = request.POST.copy()
    donnees["vu"] = services.jeton_des_roles(lignes)
    return _saisie(request, compte, lignes, donnees)


def _adresse(request: Requete) -> Any:
    return lambda jeton: request.build_absolute_uri(reverse("programme:invitation", args=[jeton]))


def _finir(request: Requete, compte: Utilisateur, bilan: services.Bilan) -> HttpResponse:
    """Les liens des comptes invités ne sont montrés qu'ici, et à qui en a le droit."""
    if not bilan.invitations:
        ferme = " Son compte est fermé." if bilan.ferme else ""
        messages.success(request, f"{compte} : la passation est faite.{ferme}")
        return oublier_le_compte(redirect("programme:affectation-liste"))
    liens = [
        (i.utilisateur, _adresse(request)(jeton) if peut_montrer_le_lien(i.utilisateur, request.user) else "")
        for i, jeton in bilan.invitations
    ]
    contexte = {"compte": compte, "bilan": bilan, "liens": liens}
    return oublier_le_compte(render(request, "programme/passation_faite.html", contexte))


def _page(
    request: Requete,
    compte: Utilisateur,
    lignes: list[Affectation],
    saisie: PassationEntiere,
    *,
    refus: Refus | None = None,
    status: int = 200,
) -> HttpResponse:
    contexte = {
        "compte": compte,
        "est_soi": compte == request.user,
        "saisie": saisie,
        "ailleurs": [a for a in lignes if not a.traitable],
        "propositions": services.propositions_en_attente(compte, par=request.user),
        "fautes": list(saisie.fautes()) if request.method == "POST" and refus is None else [],
        "refus": refus,
    }
    return render(request, "programme/passation_saisie.html", contexte, status=status)
