"""Pour quoi l'on écrit : une grappe ou un ESMS, désigné par l'adresse ou demandé d'abord."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from programme.forms.actions import CibleForm
from programme.models import Grappe, Parcours
from programme.services.actions import Cible
from programme.views.requete import Requete


def lire_cible(request: Requete, designee: str) -> Cible:
    """La grappe ou l'ESMS que désigne « grappe-3 », « parcours-12 » ; 404 hors périmètre."""
    nom, _, cle = designee.partition("-")
    numero = int(cle) if cle.isdecimal() and len(cle) < 19 else 0
    if nom == "parcours":
        lisibles = Parcours.objects.lisibles_par(request.user).select_related("esms__departement", "grappe")
        return get_object_or_404(lisibles, pk=numero)
    return get_object_or_404(Grappe.objects.visibles_par(request.user), pk=numero if nom == "grappe" else 0)


def demander_la_cible(
    request: Requete, choix: list[tuple[str, Any]], *, creer: str, liste: str, gabarit: str
) -> HttpResponse:
    """Demande pour quoi, puis mène à la route `creer` ; `liste` : la route où l'on revient."""
    formulaire = CibleForm(request.POST if request.method == "POST" else None, choix=choix)
    if formulaire.is_valid():
        return redirect(f"{reverse(creer)}?cible={formulaire.cleaned_data['cible']}")
    contexte = {"formulaire": formulaire, "retour": reverse(liste), "rien": not choix}
    return render(request, gabarit, contexte, status=422 if formulaire.errors else 200)
