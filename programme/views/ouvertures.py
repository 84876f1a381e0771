"""Unités de déploiement et ouvertures unité × module."""

from copy import copy
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from programme import permissions
from programme.enums import EtatOuverture
from programme.forms.parcours import OuvertureForm, UniteForm
from programme.models import Module, Ouverture, Parcours, Unite
from programme.services import ouvertures as services
from programme.socle.models import Passage
from programme.socle.porte import lire
from programme.views import fiche
from programme.views.refus import exiger
from programme.views.requete import Requete
from programme.views.saisies import saisir


def _unite(request: Requete, parcours: Parcours) -> Unite | None:
    cle = request.GET.get("unite", "")
    return get_object_or_404(parcours.unites, pk=cle) if cle.isdigit() else None


def _modules(parcours: Parcours, unite: Unite | None) -> Any:
    au_projet = parcours.grappe.modules.all()
    proposes = au_projet if au_projet.exists() else Module.objects.all()
    return proposes.exclude(ouvertures__unite=unite) if unite else proposes


@require_http_methods(["GET", "POST"])
def parcours_unites(request: Requete, pk: int) -> HttpResponse:
    """Ajouter une unité, ou corriger celle que désigne `?unite=`."""
    visibles = Parcours.objects.visibles_par(request.user).select_related("esms__departement", "grappe")
    parcours = get_object_or_404(visibles, pk=pk)
    exiger(permissions.peut_saisir(request.user, parcours))
    unite = _unite(request, parcours)
    modules = _modules(parcours, unite)
    initial = {} if unite else {"modules": modules}
    formulaire = UniteForm(request.POST or None, instance=copy(unite), modules=modules, initial=initial)

    def ecrire() -> Unite:
        valeurs = dict(formulaire.cleaned_data)
        choisis = valeurs.pop("modules", ())
        if unite:
            return services.modifier_unite(unite=unite, valeurs=valeurs, par=request.user, modules=choisis)
        return services.ajouter_unite(parcours=parcours, par=request.user, modules=choisis, **valeurs)

    return saisir(
        request,
        formulaire,
        ecrire,
        retour=reverse("programme:parcours-detail", args=[parcours.pk]) + "#ouvertures",
        succes=lambda u: f"{parcours} : unité « {u} » enregistrée.",
        gabarit="programme/parcours_unites.html",
        parcours=parcours,
        unite=unite,
        unites=parcours.unites.prefetch_related("ouvertures__module"),
        titre=f"Unité « {unite} »" if unite else "Unités de déploiement",
        libelle="Enregistrer l'unité" if unite else "Ajouter l'unité",
    )


@require_http_methods(["GET", "POST"])
def ouverture_detail(request: Requete, pk: int) -> HttpResponse:
    """Un module dans une unité : où il en est, ce qui reste à réunir pour ouvrir, l'ancien support."""
    visibles = Ouverture.objects.visibles_par(request.user)
    ouverture = get_object_or_404(
        visibles.select_related("module", "unite__parcours__esms__departement", "unite__parcours__grappe"), pk=pk
    )
    peut_saisir = permissions.peut_saisir(request.user, ouverture)
    if request.method == "POST":
        exiger(peut_saisir)
    # Une copie : le formulaire écrit la saisie sur son instance, la page montre ce qui est enregistré.
    formulaire = OuvertureForm(request.POST or None, instance=copy(ouverture))
    avant = ouverture.etat in (EtatOuverture.A_PREPARER, EtatOuverture.PRETE)
    confie = bool(permissions.peut_lire_preparation(request.user, ouverture))
    lecture = lire(ouverture, "ouvrir", par=request.user) if avant and confie else None
    return saisir(
        request,
        formulaire,
        lambda: services.modifier_ouverture(ouverture=ouverture, par=request.user, **formulaire.cleaned_data),
        retour=reverse("programme:ouverture-detail", args=[ouverture.pk]),
        succes=f"{ouverture} : enregistré.",
        gabarit="programme/ouverture_detail.html",
        ouverture=ouverture,
        parcours=ouverture.unite.parcours,
        rond=fiche.RONDS[EtatOuverture(ouverture.etat)],
        reste=fiche.reste_de(lecture.constats, ouverture) if lecture else None,
        confie=confie,
        avant=avant,
        peut_saisir=bool(peut_saisir),
        journal=fiche.journal_d_ouverture(Passage.objects.de(ouverture).select_related("par"), confie=confie),
        aujourdhui=timezone.localdate(),
    )
