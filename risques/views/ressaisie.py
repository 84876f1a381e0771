"""Reprendre une grille de papier : coller les codes, relire ce qui change, confirmer."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from programme.contexte import oublier_le_compte
from programme.socle.erreurs import Refus
from programme.socle.nombres import accorde
from programme.views.refus import exiger, reporter
from programme.views.requete import Requete
from risques.forms.grilles import RessaisieForm
from risques.models import Grille
from risques.permissions import peut_repondre_a
from risques.services.grilles import detailler, exiger_a_remplir
from risques.services.ressaisie import Examen, examiner, ressaisir
from risques.views.grilles import grille_lisible


@require_http_methods(["GET", "POST"])
def grille_ressaisir(request: Requete, pk: int) -> HttpResponse:
    """La zone de saisie, l'aperçu avant/après, puis l'écriture : tout ou rien."""
    grille = grille_lisible(request, pk)
    exiger(peut_repondre_a(request.user, grille))
    try:
        exiger_a_remplir(grille)
    except Refus as refus:
        messages.error(request, refus.motif)
        return redirect("risques:grille-detail", grille.pk)
    formulaire = RessaisieForm(request.POST or None)
    if not formulaire.is_valid():
        return _rendre(request, grille, formulaire, status=422 if formulaire.is_bound else 200)
    if request.POST.get("geste") == "confirmer":
        return _confirmer(request, grille, formulaire)
    return _apercevoir(request, grille, formulaire)


def _rendre(request: Requete, grille: Grille, formulaire: RessaisieForm, **autres: Any) -> HttpResponse:
    status = autres.pop("status", 200)
    contexte = {"grille": grille, "formulaire": formulaire, "exemple": detailler(grille).questions} | autres
    return render(request, "risques/grille_ressaisir.html", contexte, status=status)


def _apercevoir(
    request: Requete, grille: Grille, formulaire: RessaisieForm, refus: Refus | None = None
) -> HttpResponse:
    try:
        examen: Examen = examiner(grille, formulaire.cleaned_data["texte"])
    except Refus as trop:
        reporter(trop, formulaire)
        return _rendre(request, grille, formulaire, status=422)
    status = 409 if refus else 422 if examen.fautes else 200
    return _rendre(request, grille, formulaire.avec_vu(examen.vu), examen=examen, refus=refus, status=status)


def _confirmer(request: Requete, grille: Grille, formulaire: RessaisieForm) -> HttpResponse:
    saisie = formulaire.cleaned_data
    try:
        examen = ressaisir(grille=grille, texte=saisie["texte"], vu=saisie["vu"], par=request.user)
    except Refus as refus:
        if refus.code == "droit":
            raise PermissionDenied(refus.motif) from refus
        return _apercevoir(request, grille, formulaire, refus if refus.code == "concurrence" else None)
    nombre = len(examen.changements)
    messages.success(request, f"{accorde(nombre, 'réponse reprise,réponses reprises')} du papier, pas transmises.")
    return oublier_le_compte(redirect("risques:grille-detail", grille.pk))
