"""Les comptes, pour l'administrateur : les lire, en fermer, en rouvrir."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from programme.filters.comptes import CompteFilter
from programme.forms.referentiel import ConfirmationForm
from programme.models import Affectation, Utilisateur
from programme.permissions import peut_administrer
from programme.services import comptes as services
from programme.socle.listes import VueListe
from programme.socle.nombres import accorde
from programme.socle.recherche import compte_par
from programme.tables.referentiel import CompteTable
from programme.views.refus import exiger
from programme.views.requete import Requete
from programme.views.saisies import saisir


class CompteListe(VueListe):
    """Tous les comptes, ouverts ou fermés."""

    request: Requete
    modele = Utilisateur
    table = CompteTable
    filtre = CompteFilter
    titre = "Comptes"
    chapeau = "Qui peut se connecter. Un compte naît d’un rôle confié ; le fermer garde ce qu’il a décidé."
    unite = "compte"
    recherche = "Nom, identifiant ou courriel"
    vues = (("Comptes", "programme:compte-liste"), ("Qui fait quoi", "programme:affectation-liste"))

    def autoriser(self) -> None:
        """Réservé à l'administrateur."""
        exiger(peut_administrer(self.request.user))

    def requete(self) -> QuerySet:
        """Avec le nombre de leurs affectations en cours."""
        en_cours = Affectation.objects.en_cours(timezone.localdate())
        return super().requete().annotate(nb_affectations=compte_par("utilisateur", en_cours))

    def enrichir(self, objets: list[Any], colonnes: list[str]) -> None:
        """Le sien ne se ferme pas."""
        for compte in objets:
            compte.est_soi = compte.pk == self.request.user.pk


@require_http_methods(["GET", "POST"])
def fermer(request: Requete, pk: int) -> HttpResponse:
    """Fermer un compte, après avoir lu ce que cela change."""
    exiger(peut_administrer(request.user))
    compte = get_object_or_404(Utilisateur, pk=pk)
    nombre = compte.affectations.en_cours(timezone.localdate()).count()
    roles = f"Ses affectations restent inscrites ({accorde(nombre, 'en cours,en cours')})"
    return saisir(
        request,
        ConfirmationForm(request.POST if request.method == "POST" else None),
        lambda: services.fermer_compte(compte=compte, par=request.user),
        retour=reverse("programme:compte-liste"),
        succes=lambda ferme: f"Le compte « {ferme.identifiant} » ({ferme.nom}) est fermé.",
        gabarit="composants/confirmation.html",
        titre=f"Fermer un compte : {compte.nom}",
        chapeau=f"Identifiant : {compte.identifiant}.",
        consequences=[
            "La personne est déconnectée aussitôt et ne peut plus se connecter ; ses jetons d’API sont révoqués.",
            f"{roles} : pour les confier d'abord à quelqu'un, passez par « Passation ».",
            "Ce qu’elle a décidé reste dans le journal. Le compte peut être rouvert.",
        ],
        libelle="Fermer ce compte",
        annuler_url=reverse("programme:compte-liste"),
    )


@require_http_methods(["GET", "POST"])
def rouvrir(request: Requete, pk: int) -> HttpResponse:
    """Rouvrir un compte fermé."""
    exiger(peut_administrer(request.user))
    compte = get_object_or_404(Utilisateur, pk=pk)
    nombre = compte.affectations.en_cours(timezone.localdate()).count()
    return saisir(
        request,
        ConfirmationForm(request.POST if request.method == "POST" else None),
        lambda: services.rouvrir_compte(compte=compte, par=request.user),
        retour=reverse("programme:compte-liste"),
        succes=lambda rouvert: f"Le compte « {rouvert.identifiant} » ({rouvert.nom}) est rouvert.",
        gabarit="composants/confirmation.html",
        titre=f"Rouvrir un compte : {compte.nom}",
        chapeau=f"Identifiant : {compte.identifiant}.",
        consequences=[
            f"La personne retrouve ses affectations en cours : {nombre}. Relisez-les dans « Qui fait quoi ».",
            "Elle se connecte avec son mot de passe ; ses jetons d’API restent révoqués.",
        ],
        libelle="Rouvrir ce compte",
        annuler_url=reverse("programme:compte-liste"),
    )
