"""La page de saisie commune : vérifier, écrire par un service, dire ce qui est fait ou ce qui manque."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect, render

from programme.contexte import oublier_le_compte
from programme.forms.champs import Versionne
from programme.socle import texte
from programme.socle.erreurs import Refus
from programme.views.refus import reporter
from programme.views.requete import Requete


def avertir(request: Requete, formulaire: BaseForm) -> None:
    """Ce qui mérite relecture sans être refusé : une date de naissance dans un texte libre."""
    textes = [v for v in formulaire.cleaned_data.values() if isinstance(v, str)]
    for phrase in dict.fromkeys(a for t in textes for a in texte.avertissements(t)):
        messages.warning(request, phrase)


def saisir(
    request: Requete,
    formulaire: BaseForm,
    geste: Callable[[], Any],
    *,
    retour: str,
    succes: str | Callable[[Any], str],
    relire: Callable[[], Any] | None = None,
    vers: Callable[[Any], str] | None = None,
    gabarit: str = "programme/parcours_saisie.html",
    **contexte: Any,
) -> HttpResponse:
    """GET : la page. POST : `geste()` puis `retour` ; un refus revient au champ, ou en tête si l'on s'est croisés.

    `relire` rend le jeton à jour : la saisie est gardée et un second envoi, fait en connaissance de cause, passe.
    `vers` : où aller une fois écrit, si ce n'est pas `retour` (la page de ce qu'on vient de créer).
    """
    refus, status = None, 200
    if request.method == "POST" and formulaire.is_valid():
        try:
            rendu = geste()
        except Refus as erreur:
            if erreur.code == "droit":
                raise PermissionDenied(erreur.motif) from erreur
            if erreur.code == "concurrence":
                refus, status = erreur, 409
                if relire and isinstance(formulaire, Versionne):
                    formulaire.reprendre(relire())
            else:
                reporter(erreur, formulaire)
        else:
            avertir(request, formulaire)
            messages.success(request, succes(rendu) if callable(succes) else succes)
            return oublier_le_compte(redirect(vers(rendu) if vers else retour))
    if formulaire.is_bound and formulaire.errors and refus is None:
        status = 422
    return render(
        request, gabarit, contexte | {"formulaire": formulaire, "refus": refus, "retour": retour}, status=status
    )
