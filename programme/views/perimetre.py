"""Qui tient quel rôle : lire, nommer, inviter, déléguer, clore."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet, prefetch_related_objects
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from programme.contexte import oublier_le_compte
from programme.enums import Role, Titre
from programme.filters.perimetre import AffectationFilter
from programme.forms.grappes import PLUS_LONGUE_CLE
from programme.forms.perimetre import AffectationForm, ClotureForm, DelegationForm
from programme.models import Affectation, Esms, Grappe, Groupe, OrganismeGestionnaire, Utilisateur
from programme.permissions import peut_affecter, peut_clore, peut_deleguer, peut_nommer_quelque_part
from programme.services import perimetre as services
from programme.socle.erreurs import Refus
from programme.socle.listes import VueListe
from programme.tables.perimetre import AffectationTable
from programme.views.refus import exiger, tenter
from programme.views.requete import Requete
from programme.views.saisies import avertir, saisir

VACANTS_MONTRES = 20
_CIBLES = ("utilisateur", "confie_par", "region", "grappe", "og", "groupe", "esms__departement")


def _adresse(request: Requete) -> services.Adresse:
    """Du jeton à l'adresse complète de la page d'invitation."""
    return lambda jeton: request.build_absolute_uri(reverse("programme:invitation", args=[jeton]))


def _affectation_visible(request: Requete, pk: int) -> Affectation:
    visibles = Affectation.objects.visibles_par(request.user).select_related(*_CIBLES)
    return get_object_or_404(visibles, pk=pk)


def _cible_demandee(request: Requete) -> services.Cible:
    """L'objet nommé dans l'adresse (`?esms=FINESS`, `?grappe=`, `?og=`, `?groupe=`), s'il est visible."""
    demande = request.GET
    if numero := demande.get("esms"):
        return get_object_or_404(Esms.objects.select_related("departement"), finess=numero)
    for nom, visibles in (
        ("grappe", Grappe.objects.visibles_par(request.user)),
        ("og", OrganismeGestionnaire.objects.visibles_par(request.user)),
        ("groupe", Groupe.objects.visibles_par(request.user)),
    ):
        if cle := demande.get(nom):
            if not cle.isdecimal() or len(cle) >= PLUS_LONGUE_CLE:
                raise Http404
            return get_object_or_404(visibles, pk=int(cle))
    return None


class AffectationListe(VueListe):
    """Les affectations visibles, et les directions vacantes du périmètre."""

    request: Requete
    modele = Affectation
    table = AffectationTable
    filtre = AffectationFilter
    gabarit = "programme/affectation_liste.html"
    titre = "Qui fait quoi"
    chapeau = "Les rôles tenus dans ce que vous conduisez ou dirigez, et les vôtres."
    unite = "affectation"
    nom_fichier = "affectations"
    recherche = "Personne, ESMS, OG ou grappe"

    def requete(self) -> QuerySet:
        """Avec ce qu'une ligne affiche."""
        return super().requete().select_related(*_CIBLES)

    def enrichir(self, objets: list[Any], colonnes: list[str]) -> None:
        """Ce que le lecteur peut en faire, et les comptes jamais ouverts."""
        aujourd_hui = timezone.localdate()
        # `peut_clore` parcourt les parcours de l'ESMS : lus d'avance pour toute la page.
        prefetch_related_objects([a.esms for a in objets if a.esms], "parcours")
        for affectation in objets:
            passee = affectation.au is not None and affectation.au < aujourd_hui
            affectation.peut_clore = not passee and bool(peut_clore(self.request.user, affectation))
            ouvert = affectation.utilisateur.has_usable_password()
            affectation.etat_du_compte = "ouvert" if ouvert else "invité, pas encore connecté"

    def contexte(self) -> dict[str, Any]:
        """Les directions vacantes, d'abord."""
        vacants = services.sieges_vacants(self.request.user)
        lus = vacants.prefetch_related("parcours", "affectations", "groupes__affectations")
        montres = list(lus[:VACANTS_MONTRES])
        return {
            "vacants": montres,
            "nb_vacants": vacants.count(),
            "nommables": {e.pk for e in montres if peut_affecter(self.request.user, Role.DIRECTEUR, e)},
            "nomme": bool(peut_nommer_quelque_part(self.request.user)),
        }

    def vide(self) -> dict[str, str]:
        """Personne encore."""
        texte = "Les rôles confiés dans votre périmètre apparaîtront ici."
        return {"titre": "Aucune affectation à montrer", "texte": texte, "icone": "users"}


@never_cache
@require_http_methods(["GET", "POST"])
def creer(request: Requete) -> HttpResponse:
    """Nommer un compte existant, ou en inviter un."""
    cible = _cible_demandee(request)
    if cible is None:
        exiger(peut_nommer_quelque_part(request.user))
    else:
        exiger(peut_affecter(request.user, Role.REFERENT, cible))
    formulaire = AffectationForm(request.POST or None, par=request.user, fixee=cible)
    if formulaire.is_valid():
        reponse = _nommer_ou_inviter(request, formulaire, dict(formulaire.cleaned_data))
        if reponse:
            return reponse
    contexte = {"form": formulaire, "cible": cible}
    return render(request, "programme/affectation_creer.html", contexte, status=422 if formulaire.errors else 200)


def _nommer_ou_inviter(
    request: Requete, formulaire: AffectationForm | DelegationForm, champs: dict[str, Any]
) -> HttpResponse | None:
    """Le compte existe : on l'affecte. Sinon on l'invite, et le lien est montré cette fois seulement."""
    compte = formulaire.compte
    invitation = {nom: champs.pop(nom) for nom in ("identifiant", "nom", "courriel")}
    champs.pop("portee", None)
    if compte:
        affectation = tenter(formulaire, lambda: services.affecter(utilisateur=compte, par=request.user, **champs))
        if affectation is None:
            return None
        avertir(request, formulaire)
        # L'identifiant, tel qu'écrit : le nom affiché ne s'apprend pas en essayant.
        messages.success(request, f"« {compte.identifiant} » : {_en_mots(affectation)}.")
        return oublier_le_compte(redirect("programme:affectation-liste"))
    resultat = tenter(
        formulaire,
        lambda: services.inviter(par=request.user, adresse=_adresse(request), **invitation, **champs),
    )
    return _montrer_lien(request, resultat[0].utilisateur, resultat[1], champs.get("cible")) if resultat else None


def _en_mots(affectation: Affectation) -> str:
    titre = "" if affectation.titre == Titre.TITULAIRE else f" {affectation.get_titre_display().lower()}"
    ou = f", {affectation.cible}" if affectation.cible else ""
    fin = f" au {affectation.au:%d/%m/%Y}" if affectation.au else ""
    return f"{affectation.get_role_display()}{titre}{ou}, du {affectation.du:%d/%m/%Y}{fin}"


def _montrer_lien(request: Requete, compte: Utilisateur, jeton: str, cible: services.Cible) -> HttpResponse:
    """Le lien n'est gardé nulle part en clair : cette page est la seule à le montrer."""
    lien = _adresse(request)(jeton) if services.peut_montrer_le_lien(compte, request.user) else ""
    contexte = {"compte": compte, "lien": lien, "cible": cible, "retour": _page_de(cible)}
    return render(request, "programme/invitation_lien.html", contexte)


def _page_de(cible: services.Cible) -> str:
    """La page de ce que couvre le rôle, s'il en a une que son auteur vient de quitter."""
    if isinstance(cible, Esms):
        return reverse("programme:esms-detail", args=[cible.finess])
    return reverse("programme:grappe-detail", args=[cible.pk]) if isinstance(cible, Grappe) else ""


@require_http_methods(["GET", "POST"])
def clore(request: Requete, pk: int) -> HttpResponse:
    """Mettre fin à une affectation."""
    affectation = _affectation_visible(request, pk)
    exiger(peut_clore(request.user, affectation))
    formulaire = ClotureForm(request.POST or None)
    return saisir(
        request,
        formulaire,
        lambda: services.clore(affectation=affectation, par=request.user, **formulaire.cleaned_data),
        retour=reverse("programme:affectation-liste"),
        succes=lambda close: f"{close.utilisateur.nom} : {_en_mots(close)}.",
        gabarit="programme/affectation_clore.html",
        affectation=affectation,
        a_ouvrir=not affectation.utilisateur.has_usable_password(),
    )


@require_POST
@never_cache
def renvoyer(request: Requete, pk: int) -> HttpResponse:
    """Refaire le lien d'un compte jamais ouvert."""
    affectation = _affectation_visible(request, pk)
    try:
        invitation, jeton = services.renouveler(affectation=affectation, par=request.user, adresse=_adresse(request))
    except Refus as refus:
        if refus.code == "droit":
            raise PermissionDenied(refus.motif) from refus
        messages.error(request, refus.motif)
        return redirect("programme:affectation-liste")
    return _montrer_lien(request, invitation.utilisateur, jeton, affectation.cible)


@never_cache
@require_http_methods(["GET", "POST"])
def deleguer(request: Requete, finess: str) -> HttpResponse:
    """Déléguer la direction d'un ESMS, entre deux dates."""
    esms = get_object_or_404(Esms.objects.visibles_par(request.user).select_related("departement"), finess=finess)
    exiger(peut_deleguer(request.user, esms))
    formulaire = DelegationForm(request.POST or None, par=request.user)
    if formulaire.is_valid():
        delegation = {"cible": esms, "role": Role.DIRECTEUR, "titre": Titre.DELEGATION}
        if formulaire.compte:
            delegation["delegue_par"] = request.user
        reponse = _nommer_ou_inviter(request, formulaire, formulaire.cleaned_data | delegation)
        if reponse:
            return reponse
    contexte = {"form": formulaire, "esms": esms}
    return render(request, "programme/affectation_deleguer.html", contexte, status=422 if formulaire.errors else 200)
