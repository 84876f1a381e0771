"""Connexion, ouverture d'un compte par lien d'invitation."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from programme.forms.comptes import ConnexionForm
from programme.models import Utilisateur
from programme.mots_de_passe import COMPTES_DEMONSTRATION, MOT_DE_PASSE_DEMONSTRATION
from programme.services.invitations import lire_invitation, ouvrir_compte
from programme.socle.erreurs import Refus
from programme.views.refus import tenter

MOTEUR = "django.contrib.auth.backends.ModelBackend"


class Connexion(LoginView):
    """Identifiant et mot de passe ; en démonstration, la page montre les comptes."""

    redirect_authenticated_user = True
    authentication_form = ConnexionForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Ajoute les comptes de démonstration, là seulement."""
        contexte = super().get_context_data(**kwargs)
        if settings.DEMONSTRATION:
            comptes = Utilisateur.objects.filter(identifiant__in=COMPTES_DEMONSTRATION, is_active=True)
            ordre = list(COMPTES_DEMONSTRATION)
            contexte["comptes"] = [
                {"identifiant": c.identifiant, "nom": c.nom, "vient": COMPTES_DEMONSTRATION[c.identifiant]}
                for c in sorted(comptes, key=lambda c: ordre.index(c.identifiant))
            ]
            contexte["mot_de_passe_demonstration"] = MOT_DE_PASSE_DEMONSTRATION
        return contexte


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, jeton: str) -> HttpResponse:
    """Choisir son mot de passe ; un lien faux, servi ou périmé se dit, avec ce qu'il faut faire."""
    try:
        compte = lire_invitation(jeton).utilisateur
    except Refus as refus:
        return render(request, "programme/invitation_refus.html", {"motif": refus.motif}, status=404)
    formulaire = SetPasswordForm(compte, request.POST or None)
    formulaire.fields["new_password1"].label = "Mot de passe"
    formulaire.fields["new_password2"].label = "Le même, encore une fois"
    if formulaire.is_valid():
        ouvert = tenter(
            formulaire, lambda: ouvrir_compte(jeton=jeton, mot_de_passe=formulaire.cleaned_data["new_password1"])
        )
        if ouvert:
            login(request, ouvert, backend=MOTEUR)
            messages.success(request, f"Votre compte est ouvert. Votre identifiant : {ouvert.identifiant}.")
            return redirect("programme:accueil")
    contexte = {"form": formulaire, "compte": compte}
    return render(request, "programme/invitation_ouvrir.html", contexte, status=422 if formulaire.errors else 200)
