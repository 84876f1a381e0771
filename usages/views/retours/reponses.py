"""« Vous avez dit, nous avons fait » : les pages d'un ESMS et d'une grappe, leurs affiches, « nous aussi »."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from programme.contexte import oublier_le_compte
from programme.documents.rendu import TYPE_PDF
from programme.models import Grappe, Parcours
from programme.socle.erreurs import Refus
from programme.views.grappes import grappe_visible
from programme.views.refus import exiger
from programme.views.requete import Requete
from usages.documents import affiches
from usages.enums import CanalRetour
from usages.forms.retours_reponses import AfficheForm, SoutienForm
from usages.models import LienDeRetour, Retour
from usages.models.communs import grappes_de_pres
from usages.permissions import peut_donner_un_retour, peut_lire_usages, peut_tenir_les_liens
from usages.services.retours import prevenir, soutiens
from usages.services.retours import reponses as lecture
from usages.services.retours.liens import adresse_de
from usages.views.retours.temoins import Temoin, a_soutenir

PAGE = "usages:parcours-reponses"
CLE_PERDUE = "Votre « nous aussi » n'est pas parti : rechargez la page, puis pressez le bouton de nouveau."
DEJA = "Depuis cet appareil, cet ESMS l'a déjà dit."
NOTE = "C'est noté : la voix de {} s'ajoute. Elle comptera à partir de lundi."
LUE = "C'est noté : la réponse est lue."


def parcours_lu(request: Requete, pk: int) -> Parcours:
    """L'ESMS : 404 hors périmètre, 403 pour qui n'y est que financeur."""
    lus = Parcours.objects.visibles_par(request.user).select_related("esms__departement", "esms__og", "grappe")
    parcours = get_object_or_404(lus, pk=pk)
    exiger(peut_lire_usages(request.user, parcours))
    return parcours


def grappe_lue(request: Requete, pk: int) -> Grappe:
    """La grappe : 404 hors périmètre, 403 pour qui n'y est que financeur."""
    grappe = grappe_visible(request, pk)
    exiger(peut_lire_usages(request.user, grappe))
    return grappe


def _temoin(parcours: int) -> Temoin:
    # Un par ESMS : qui en suit deux peut dire « nous aussi » pour chacun.
    return Temoin(f"nous-aussi-{parcours}", "/")


# --- un ESMS -------------------------------------------------------------------------------------------------------


def _liens_ouverts(parcours: Parcours) -> list[LienDeRetour]:
    """L'ESMS entier d'abord, puis ses unités."""
    ouverts = LienDeRetour.objects.filter(parcours=parcours).ouverts(timezone.localdate()).select_related("unite")
    return sorted(ouverts, key=lambda lien: (lien.unite is not None, lien.unite.ordre if lien.unite else 0, lien.pk))


def _page_de_l_esms(request: Requete, parcours: Parcours, formulaire: AfficheForm, status: int = 200) -> HttpResponse:
    lu = lecture.lire_de_l_esms(parcours, timezone.localdate(), ailleurs=True)
    deja = _temoin(parcours.pk).lire(request)
    contexte: dict[str, Any] = {
        "parcours": parcours,
        "lu": lu,
        "en_cours": a_soutenir(lu.en_cours, deja),
        "ailleurs": a_soutenir(lu.ailleurs, deja),
        "formulaire": formulaire,
        "affiche_url": reverse("usages:reponses-affiche", args=[parcours.pk]),
        "tient_les_liens": bool(peut_tenir_les_liens(request.user, parcours)),
    }
    return render(request, "usages/parcours_reponses.html", contexte, status=status)


@require_safe
def parcours_reponses(request: Requete, pk: int) -> HttpResponse:
    """Ce que les équipes d'un ESMS ont dit, ce qu'on en a fait, ce qui est en cours."""
    parcours = parcours_lu(request, pk)
    return _page_de_l_esms(request, parcours, AfficheForm(liens=_liens_ouverts(parcours)))


@require_safe
def affiche_de_l_esms(request: Requete, pk: int) -> HttpResponse:
    """De trois à huit réponses, à imprimer et à afficher."""
    parcours = parcours_lu(request, pk)
    formulaire = AfficheForm(request.GET, liens=_liens_ouverts(parcours))
    if not formulaire.is_valid():
        return _page_de_l_esms(request, parcours, formulaire, status=422)
    lien, au, depuis = formulaire.lien_choisi, timezone.localdate(), formulaire.cleaned_data["depuis"]
    return en_pdf(
        affiches.affiche_des_reponses(
            parcours,
            lecture.pour_l_affiche(parcours, au, depuis),
            lecture.lire_de_l_esms(parcours, au).en_cours,
            papier=formulaire.cleaned_data["papier"],
            adresse=adresse_de(lien, request.build_absolute_uri("/")) if lien else "",
        )
    )


def en_pdf(affiche: affiches.Affiche) -> HttpResponse:
    """L'affiche, montrée dans le navigateur."""
    entete = {"Content-Disposition": f'inline; filename="{affiche.nom}"'}
    return HttpResponse(affiche.en_pdf(), content_type=TYPE_PDF, headers=entete)


# --- une grappe ----------------------------------------------------------------------------------------------------


def _page_de_la_grappe(request: Requete, grappe: Grappe, formulaire: AfficheForm, status: int = 200) -> HttpResponse:
    contexte = {
        "grappe": grappe,
        "lu": lecture.lire_de_la_grappe(grappe, timezone.localdate()),
        "formulaire": formulaire,
        "affiche_url": reverse("usages:grappe-reponses-affiche", args=[grappe.pk]),
    }
    return render(request, "usages/grappe_reponses.html", contexte, status=status)


@require_safe
def grappe_reponses(request: Requete, pk: int) -> HttpResponse:
    """Ce que les équipes de la grappe ont dit, sans dire de quel ESMS, et ce qu'on en a fait."""
    return _page_de_la_grappe(request, grappe_lue(request, pk), AfficheForm())


@require_safe
def affiche_de_la_grappe(request: Requete, pk: int) -> HttpResponse:
    """De trois à huit réponses de la grappe, à imprimer et à afficher."""
    grappe, formulaire = grappe_lue(request, pk), AfficheForm(request.GET)
    if not formulaire.is_valid():
        return _page_de_la_grappe(request, grappe, formulaire, status=422)
    au = timezone.localdate()
    return en_pdf(
        affiches.affiche_des_reponses(
            grappe,
            lecture.pour_l_affiche(grappe, au, formulaire.cleaned_data["depuis"]),
            lecture.lire_de_la_grappe(grappe, au).en_cours,
            papier=formulaire.cleaned_data["papier"],
        )
    )


# --- nous aussi ----------------------------------------------------------------------------------------------------


def _a_soutenir(request: Requete, pk: int) -> Retour:
    """Un retour qu'il voit, ou que toute sa grappe lit déjà par son résumé ; 404 sinon."""
    publics = Retour.objects.publics(timezone.localdate())
    offerts = publics.filter(parcours__grappe__in=grappes_de_pres(request.user)).order_by()
    visibles = Retour.objects.visibles_par(request.user).order_by()
    lus = Retour.objects.filter(Q(pk__in=visibles.values("pk")) | Q(pk__in=offerts.values("pk")))
    return get_object_or_404(lus.select_related("parcours", "porte_par__parcours"), pk=pk)


@require_POST
def soutenir(request: Requete, pk: int) -> HttpResponse:
    """« Nous aussi », avec un compte, au nom d'un ESMS de la même grappe."""
    retour = _a_soutenir(request, pk)
    formulaire = SoutienForm(request.POST)
    if not formulaire.is_valid():
        messages.error(request, CLE_PERDUE)
        return redirect(PAGE, pk=retour.parcours_id)
    parcours = parcours_lu(request, formulaire.cleaned_data["parcours"] or retour.parcours_id)
    exiger(peut_donner_un_retour(request.user, parcours))
    reponse = redirect(f"{reverse(PAGE, args=[parcours.pk])}#dit-{retour.pk}")
    temoin = _temoin(parcours.pk)
    if retour.pk in temoin.lire(request):
        messages.info(request, DEJA)
        return reponse
    try:
        soutiens.soutenir(retour=retour, parcours=parcours, cle=formulaire.cleaned_data["cle"])
    except Refus as refus:
        messages.error(request, refus.motif)
        return reponse
    messages.success(request, NOTE.format(parcours))
    return temoin.retenir(request, reponse, retour.pk)


# --- la réponse, à qui l'attendait ---------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def a_l_auteur(request: Requete, pk: int) -> HttpResponse:
    """La réponse à son retour ; il la dit lue, et l'accueil ne la lui montre plus. Pour tout autre : 404."""
    siens = Retour.objects.filter(prevenir.a_sa_reponse(), auteur=request.user, canal=CanalRetour.COMPTE)
    retour = get_object_or_404(siens.select_related("porte_par", "parcours__esms__og"), pk=pk)
    if request.method == "POST":
        prevenir.dire_lue(retour=retour, par=request.user)
        messages.success(request, LUE)
        return oublier_le_compte(redirect("programme:accueil"))
    repondu = retour.porte_par or retour
    lit = peut_lire_usages(request.user, retour.parcours)
    contexte = {"retour": retour, "repondu": repondu, "reponse": lecture.raison_de(repondu), "lit": bool(lit)}
    return render(request, "usages/retour_reponse.html", contexte)
