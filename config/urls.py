"""Assemblage des routes : comptes, pages communes, puis celles de chaque app."""

from collections.abc import Callable

from django.contrib.auth import views as comptes
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponseBase
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import TemplateView

from programme.views.comptes import Connexion
from programme.views.sante import sante
from usages.views.retours import hors_ligne


def page(gabarit: str) -> Callable[..., HttpResponseBase]:
    """Une page qui ne dépend de rien, lisible avant de se connecter."""
    return login_not_required(TemplateView.as_view(template_name=f"pages/{gabarit}.html"))


urlpatterns: list[URLPattern | URLResolver] = [
    path("connexion/", Connexion.as_view(), name="connexion"),
    path("deconnexion/", comptes.LogoutView.as_view(), name="deconnexion"),
    path("mot-de-passe/", comptes.PasswordChangeView.as_view(), name="mot-de-passe-changer"),
    path("mot-de-passe/change/", comptes.PasswordChangeDoneView.as_view(), name="password_change_done"),
    path("mot-de-passe/oublie/", comptes.PasswordResetView.as_view(), name="password_reset"),
    path("mot-de-passe/oublie/envoye/", comptes.PasswordResetDoneView.as_view(), name="password_reset_done"),
    path(
        "mot-de-passe/nouveau/<uidb64>/<token>/",
        comptes.PasswordResetConfirmView.as_view(),
        name="password_reset_confirm",
    ),
    path("mot-de-passe/nouveau/", comptes.PasswordResetCompleteView.as_view(), name="password_reset_complete"),
    path("aide/", page("aide"), name="aide"),
    path("accessibilite/", page("accessibilite"), name="accessibilite"),
    path("qui-voit-quoi/", page("qui_voit_quoi"), name="qui-voit-quoi"),
    path("sante/", sante, name="sante"),
    path("manifest.webmanifest", hors_ligne.manifeste, name="manifeste"),
    path("service-worker.js", hors_ligne.service, name="service-worker"),
    path("api/v1/", include("config.api")),
    path("", include("gouvernance.urls")),
    path("", include("risques.urls")),
    path("", include("formation.urls")),
    path("", include("usages.urls")),
    path("", include("programme.urls")),
]
