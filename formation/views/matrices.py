"""Une matrice des droits d'accès : la lire, l'ouvrir, la comparer, la revoir."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from formation.enums import EtatMatrice
from formation.forms.matrices import OuvrirForm, RaisonsForm, RevoirForm
from formation.models import Matrice
from formation.models.habilitations import EN_TRAVAIL
from formation.permissions import peut_preparer_matrice, peut_valider_matrice
from formation.services import lecture_matrices as lecture
from formation.services import matrices as services
from formation.services import profils
from formation.services.raisons import TOUTES_LES_PORTEES, VALIDEE, donner_raisons
from formation.views.habilitations import parcours_lisible
from programme.contexte import oublier_le_compte
from programme.models import Grappe, Parcours
from programme.socle.dates import date_courte
from programme.socle.erreurs import Refus
from programme.socle.nombres import accorde
from programme.views.grappes import grappe_visible
from programme.views.passages import histoires_de
from programme.views.refus import exiger
from programme.views.requete import Requete
from programme.views.saisies import saisir

DETAIL = "formation:matrice-detail"
TYPE, MODELE, AVANT, VIDE = "type", "modele", "avant", "vide"


def matrice_visible(request: Requete, pk: int) -> Matrice:
    """La matrice, ou 404 pour qui ne la lit pas."""
    lues = Matrice.objects.visibles_par(request.user).pour_lecture().select_related("grappe__region", "creee_par")
    matrice: Matrice = get_object_or_404(lues, pk=pk)
    return matrice


def matrice_a_preparer(request: Requete, pk: int) -> Matrice:
    """La matrice, pour qui la remplit."""
    matrice = matrice_visible(request, pk)
    exiger(peut_preparer_matrice(request.user, matrice))
    return matrice


@require_safe
def detail(request: Requete, pk: int) -> HttpResponse:
    """La grille, ses raisons, ce qui la distingue du modèle, son journal."""
    matrice = matrice_visible(request, pk)
    prepare = bool(peut_preparer_matrice(request.user, matrice))
    contexte = {
        "matrice": matrice,
        "nom": f"n° {matrice.numero}",
        "page": lecture.lire_page(matrice),
        "prepare": prepare,
        "saisit": prepare and matrice.se_modifie,
        "explique": prepare and matrice.etat in EN_TRAVAIL,
        "en_vigueur": matrice.etat == EtatMatrice.VALIDEE,
        "decide": bool(peut_valider_matrice(request.user, matrice)),
        "histoire": histoires_de([matrice])[matrice.pk],
    }
    return render(request, "formation/matrice_detail.html", contexte)


@require_safe
def differences(request: Requete, pk: int) -> HttpResponse:
    """L'écart au modèle, ou à la version d'avant : à lire, à imprimer."""
    matrice = matrice_visible(request, pk)
    lue = lecture.lire_differences(matrice, request.user, request.GET.get("avec", ""))
    return render(request, "formation/matrice_differences.html", {"matrice": matrice, "difference": lue})


# --- Ouvrir une version ---


def _choix_du_modele(grappe: Grappe, avant: Matrice | None) -> list[tuple[str, str]]:
    rendu = [(AVANT, f"Le modèle en vigueur (n° {avant.numero}), à corriger")] if avant else []
    return [*rendu, (TYPE, "La matrice type du produit, avec ses profils"), (VIDE, "Une grille vide")]


@require_http_methods(["GET", "POST"])
def creer(request: Requete, pk: int) -> HttpResponse:
    """Ouvrir une version du modèle de la grappe."""
    grappe = grappe_visible(request, pk)
    exiger(peut_preparer_matrice(request.user, Matrice(grappe=grappe)))
    avant = services.modele_en_vigueur(grappe)
    formulaire = OuvrirForm(request.POST or None, choix=_choix_du_modele(grappe, avant))

    def ouvrir() -> Matrice:
        if (depuis := formulaire.cleaned_data["depuis"]) == TYPE:
            return profils.partir_du_type(grappe=grappe, par=request.user)
        return services.ouvrir_modele(grappe=grappe, par=request.user, source=avant if depuis == AVANT else None)

    retour = reverse("formation:grappe-habilitations", args=[pk])
    return _ouvrir(request, formulaire, ouvrir, retour, titre="Ouvrir une version du modèle", grappe=grappe)


def _ouvrir(request: Requete, formulaire: OuvrirForm, geste: Any, retour: str, **contexte: Any) -> HttpResponse:
    return saisir(
        request,
        formulaire,
        geste,
        retour=retour,
        vers=lambda creee: reverse(DETAIL, args=[creee.pk]),
        succes=lambda creee: f"La version n° {creee.numero} est ouverte : remplissez la grille.",
        gabarit="formation/matrice_creer.html",
        libelle="Ouvrir la version",
        **contexte,
    )


def _choix_de_variante(modele: Matrice | None, avant: Matrice | None) -> list[tuple[str, str]]:
    rendu = []
    if modele:
        rendu.append((MODELE, f"Le modèle de la grappe (n° {modele.numero})"))
    if avant:
        rendu.append((AVANT, f"Vos droits d'accès en vigueur (n° {avant.numero})"))
    return [*reversed(rendu), (VIDE, "Une grille vide")]


@require_http_methods(["GET", "POST"])
def creer_variante(request: Requete, pk: int) -> HttpResponse:
    """Ouvrir une version de la variante d'un ESMS."""
    parcours: Parcours = parcours_lisible(request, pk)
    exiger(peut_preparer_matrice(request.user, parcours))
    modele, avant = services.modele_en_vigueur(parcours.grappe), services.en_vigueur(parcours)
    formulaire = OuvrirForm(request.POST or None, choix=_choix_de_variante(modele, avant))

    def ouvrir() -> Matrice:
        depuis = formulaire.cleaned_data["depuis"]
        source = avant if depuis == AVANT else None
        return services.ouvrir_variante(parcours=parcours, par=request.user, au_modele=depuis == MODELE, source=source)

    return _ouvrir(
        request,
        formulaire,
        ouvrir,
        reverse("formation:parcours-habilitations", args=[pk]),
        titre="Ouvrir vos droits d’accès",
        parcours=parcours,
        grappe=parcours.grappe,
    )


# --- Expliquer, suivre, revoir ---


@require_http_methods(["GET", "POST"])
def raisons(request: Requete, pk: int) -> HttpResponse:
    """Ce qui demande une raison, et de quoi la donner : d'un coup pour toutes les portées, ou une à une."""
    matrice = matrice_a_preparer(request, pk)
    if matrice.etat not in EN_TRAVAIL:
        messages.warning(request, VALIDEE)
        return redirect(DETAIL, pk=pk)
    regle, cle = TOUTES_LES_PORTEES
    deja = matrice.raisons.filter(regle=regle, cle=cle).first()
    formulaire = RaisonsForm(request.POST or None, explications=lecture.lire_explications(matrice), pour_toutes=deja)

    def donner() -> int:
        le = formulaire.cleaned_data["decidee_le"]
        return donner_raisons(matrice=matrice, raisons=formulaire.raisons(), decidee_le=le, par=request.user)

    return saisir(
        request,
        formulaire,
        donner,
        retour=reverse(DETAIL, args=[pk]),
        succes=lambda nb: f"{accorde(nb, 'raison enregistrée,raisons enregistrées')}. {_reste(matrice)}",
        gabarit="formation/matrice_raisons.html",
        matrice=matrice,
        titre="Donner les raisons",
    )


def _reste(matrice: Matrice) -> str:
    reste = len(matrice.reste_a_expliquer())
    return f"{accorde(reste, 'choix reste,choix restent')} à expliquer." if reste else "Tout est expliqué."


@require_POST
def suivre(request: Requete, pk: int) -> HttpResponse:
    """Reprendre ce que le modèle a changé, sans toucher aux choix de l'ESMS."""
    matrice = matrice_a_preparer(request, pk)
    try:
        reprises, laissees = services.suivre_le_modele(matrice=matrice, par=request.user)
    except Refus as refus:
        messages.warning(request, refus.motif)
        return redirect(DETAIL, pk=pk)
    suite = (
        f" {accorde(laissees, 'choix de votre ESMS reste,choix de votre ESMS restent')} tel quel." if laissees else ""
    )
    messages.success(request, f"{accorde(reprises, 'case reprise,cases reprises')} du modèle.{suite}")
    return oublier_le_compte(redirect(DETAIL, pk=pk))


@require_http_methods(["GET", "POST"])
def revoir(request: Requete, pk: int) -> HttpResponse:
    """La revue : rien à changer, et la date se repousse ; ou une nouvelle version."""
    matrice = matrice_a_preparer(request, pk)
    if matrice.etat != EtatMatrice.VALIDEE:
        messages.warning(request, "On ne revoit que des droits d’accès validés : terminez d’abord ceux-ci.")
        return redirect(DETAIL, pk=pk)
    decide = peut_valider_matrice(request.user, matrice)
    if request.method == "POST":
        exiger(decide)
    formulaire = RevoirForm(request.POST or None)
    return saisir(
        request,
        formulaire,
        lambda: services.revoir(matrice=matrice, par=request.user, le=formulaire.cleaned_data["le"]),
        retour=reverse(DETAIL, args=[pk]),
        succes=lambda revue: f"Revue notée. Prochaine revue le {date_courte(revue.revue_prevue_le)}.",
        gabarit="formation/matrice_revoir.html",
        matrice=matrice,
        decide=decide,
        titre="Revoir les droits d’accès",
    )
