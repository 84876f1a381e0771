"""Reprendre un classeur existant : le déposer, relier ses colonnes et ses mots, le rendre, inviter ceux qu'il nomme."""

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_http_methods

from programme.forms.reprise import DepotRepriseForm, RelierForm
from programme.models import Grappe
from programme.services.correspondances import Chez
from programme.services.reprise import retour
from programme.services.reprise.correspondances import GENRE
from programme.services.reprise.invitations import a_inviter, inviter_tous
from programme.socle.models import Correspondance
from programme.socle.nombres import accorde
from programme.views.grappes import grappe_a_conduire
from programme.views.relier import Lieu, PagesARelier
from programme.views.requete import Requete

PAGES = PagesARelier(
    code=GENRE,
    depot=DepotRepriseForm,
    liaison=RelierForm,
    titre="Reprendre un classeur existant",
    lu="programme/fragments/reprise_lu.html",
    titre_relier="Ce que dit votre classeur",
    mot="classeur",
    exemples_de_mots="« OK », « en cours »",
)
CHAPEAU = (
    "Votre tableau de suivi tel qu’il est : ses colonnes, ses mots, ses dates. Les ESMS absents de la grappe y "
    "entrent, chacun à l’état où il en est."
)


def _lieu(request: Requete, grappe: Grappe) -> Lieu:
    detail = reverse("programme:grappe-detail", args=[grappe.pk])
    return Lieu(
        chez=Chez(GENRE, compte=request.user),
        objet=f"Reprise du classeur de la grappe {grappe.nom}",
        sujet=grappe.nom,
        chapeau=CHAPEAU,
        fil=[("Grappes", reverse("programme:grappe-liste")), (grappe.nom, detail)],
        url_deposer=reverse("programme:grappe-reprise", args=[grappe.pk]),
        retour=detail,
        parametres={"grappe": grappe.pk},
        emporter=lambda c: reverse("programme:reprise-classeur", args=[grappe.pk, c.pk]),
    )


def _correspondance(request: Requete, pk: int) -> Correspondance:
    """Une correspondance du lecteur, ou 404 : elle n'appartient qu'à lui."""
    return get_object_or_404(Correspondance, genre=GENRE, par=request.user, pk=pk)


@require_http_methods(["GET", "POST"])
def deposer_classeur(request: Requete, pk: int) -> HttpResponse:
    """Déposer le classeur : avec une correspondance connue, l'aperçu suit ; sinon, Treille devine et l'on relit."""
    return PAGES.deposer(request, _lieu(request, grappe_a_conduire(request, pk)))


@require_http_methods(["GET", "POST"])
def relier(request: Requete, pk: int, correspondance: int) -> HttpResponse:
    """Dire ce que vaut chaque colonne et chaque mot du classeur ; l'enregistrer mène à l'aperçu."""
    lieu, relue = _lieu(request, grappe_a_conduire(request, pk)), _correspondance(request, correspondance)
    return PAGES.relier(request, lieu, relue, PAGES.trouver_depot(request, relue, grappe=pk))


@require_GET
def rendre_classeur(request: Requete, pk: int, correspondance: int) -> FileResponse:
    """La feuille, avec les intitulés et les mots du classeur d'origine."""
    grappe = grappe_a_conduire(request, pk)
    relue = _correspondance(request, correspondance)
    nom = f"{relue.code or 'classeur'}-{slugify(grappe.nom)}-{timezone.localdate():%Y-%m-%d}.xlsx"
    contenu = retour.rendre(grappe, relue, par=request.user)
    return FileResponse(contenu, as_attachment=True, filename=nom)


@require_http_methods(["GET", "POST"])
def inviter(request: Requete, pk: int) -> HttpResponse:
    """Faire partir d'un coup les liens des comptes que la reprise a ouverts."""
    grappe = grappe_a_conduire(request, pk)
    if request.method == "POST":
        invites = inviter_tous(
            grappe=grappe,
            par=request.user,
            adresse=lambda jeton: request.build_absolute_uri(reverse("programme:invitation", args=[jeton])),
        )
        if invites:
            parties = accorde(len(invites), "invitation part,invitations partent")
            messages.success(request, f"{parties} par courriel ; chaque lien vaut deux semaines.")
        else:
            messages.info(request, "Personne à inviter : tous les comptes que vous avez nommés ici sont ouverts.")
        return redirect("programme:grappe-detail", pk=pk)
    contexte = {"grappe": grappe, "affectations": a_inviter(grappe, par=request.user)}
    return render(request, "programme/reprise_inviter.html", contexte)
