"""Une étape de l'entonnoir : l'écrire, la modifier, la retirer, la figer, la rouvrir."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from formation.forms.profils import SansChamp
from programme.socle.erreurs import Refus
from programme.socle.nombres import accorde
from programme.views.requete import Requete
from programme.views.saisies import saisir
from usages.calculs.faits_entonnoir import NOTES_A_LA_MAIN
from usages.enums import GenreEtape
from usages.forms.etudes_etapes import EtapeForm, ExceptionsForm
from usages.forms.etudes_gestes import MotifForm, NotesForm, ReadmettreForm
from usages.forms.etudes_selections import FORMULAIRES
from usages.models import EtapeEtude, Etude
from usages.services.etudes import etapes as services
from usages.services.etudes.entonnoir import Deroule, derouler_etude
from usages.services.etudes.lecture import lire_les_exceptions
from usages.views.etudes.etude import ENTONNOIR, etude_visible, exiger_conduite

SAISIE, CONFIRMER = "usages/etape_saisie.html", "usages/etude_confirmer.html"
TITRES = {
    GenreEtape.FILTRE: "des prérequis",
    GenreEtape.PASSAGE: "un changement d’unité",
    GenreEtape.EXCEPTIONS: "des exceptions",
    GenreEtape.SELECTION: "un classement et des places",
}
RIEN_A_READMETTRE = "Des exceptions réadmettent ce qu'une étape a écarté : écrivez d'abord des prérequis."


def etape_conduite(request: Requete, pk: int) -> EtapeEtude:
    """L'étape, pour qui pilote l'étude : 404 hors de l'équipe, 403 pour qui la lit seulement."""
    siennes = Etude.objects.visibles_par(request.user).order_by().values("pk")
    etape = get_object_or_404(EtapeEtude.objects.filter(etude__in=siennes).select_related("etude"), pk=pk)
    exiger_conduite(request, etape.etude)
    return etape


def _page(etape: EtapeEtude) -> str:
    return f"{reverse(ENTONNOIR, args=[etape.etude_id])}#etape-{etape.code}"


def _formulaire(
    request: Requete, genre: str, deroule: Deroule, etape: EtapeEtude | None = None, **kwargs: Any
) -> EtapeForm:
    """Le formulaire du genre, avec les faits de ce qui entre dans l'étape."""
    avant = [e for e in deroule.etapes if etape is None or e.rang < etape.rang]
    if genre == GenreEtape.EXCEPTIONS:
        kwargs["filtrantes"] = [e for e in avant if e.genre in (GenreEtape.FILTRE, GenreEtape.PASSAGE)]
    entrees = deroule.entrees_de(etape) if etape else deroule.entonnoir.sorties
    initial = {"vu": services.empreinte_d_etape(etape)} if etape else {}
    places = () if etape else deroule.etapes
    return FORMULAIRES[genre](
        request.POST or None, unites=entrees, etape=etape, places=places, initial=initial, **kwargs
    )


@require_http_methods(["GET", "POST"])
def creer(request: Requete, pk: int, genre: str) -> HttpResponse:
    """Écrire une étape de ce genre."""
    etude = etude_visible(request, pk)
    exiger_conduite(request, etude)
    if genre not in FORMULAIRES:
        raise Http404
    deroule = derouler_etude(etude)
    formulaire = _formulaire(request, genre, deroule)
    if isinstance(formulaire, ExceptionsForm) and not formulaire.filtrantes:
        messages.warning(request, RIEN_A_READMETTRE)
        return redirect(ENTONNOIR, pk=pk)
    return saisir(
        request,
        formulaire,
        lambda: services.ecrire_etape(etude=etude, genre=genre, par=request.user, **formulaire.valeurs()),
        retour=reverse(ENTONNOIR, args=[pk]),
        vers=_apres_ecriture,
        succes=lambda etape: f"« {etape} » est écrite.",
        gabarit=SAISIE,
        etude=etude,
        titre=f"Écrire {TITRES[GenreEtape(genre)]}",
        libelle="Écrire l’étape",
    )


def _apres_ecriture(etape: EtapeEtude) -> str:
    """Des exceptions se choisissent aussitôt ; le reste se relit dans l'entonnoir."""
    if etape.genre == GenreEtape.EXCEPTIONS:
        return reverse("usages:etape-exceptions", args=[etape.pk])
    return _page(etape)


@require_http_methods(["GET", "POST"])
def modifier(request: Requete, pk: int) -> HttpResponse:
    """Récrire une étape qui n'est pas figée."""
    etape = etape_conduite(request, pk)
    if etape.est_figee:
        messages.warning(request, services.FIGEE)
        return redirect(_page(etape))
    formulaire = _formulaire(request, etape.genre, derouler_etude(etape.etude), etape)
    return saisir(
        request,
        formulaire,
        lambda: services.modifier_etape(
            etape=etape, par=request.user, vu=formulaire.cleaned_data["vu"], **formulaire.valeurs()
        ),
        retour=_page(etape),
        vers=_page,
        succes=lambda ecrite: f"« {ecrite} » est à jour.",
        relire=lambda: services.empreinte_d_etape(EtapeEtude.objects.get(pk=pk)),
        gabarit=SAISIE,
        etude=etape.etude,
        etape=etape,
        titre=f"Modifier « {etape} »",
        libelle="Enregistrer l’étape",
    )


@require_http_methods(["GET", "POST"])
def retirer(request: Requete, pk: int) -> HttpResponse:
    """Retirer une étape qui n'est pas figée."""
    etape = etape_conduite(request, pk)
    return saisir(
        request,
        SansChamp(request.POST if request.method == "POST" else None),
        lambda: services.retirer_etape(etape=etape, par=request.user),
        retour=reverse(ENTONNOIR, args=[etape.etude_id]),
        succes=f"« {etape} » est retirée de l'entonnoir.",
        gabarit=CONFIRMER,
        etude=etape.etude,
        etape=etape,
        titre=f"Retirer « {etape} »",
        consequences=["Ses règles se perdent.", "Les étapes suivantes se rejouent sans elle."],
        libelle="Retirer l’étape",
        annuler_url=_page(etape),
    )


@require_http_methods(["GET", "POST"])
def figer(request: Requete, pk: int) -> HttpResponse:
    """Garder les entrées et les décisions de l'étape, telles qu'aujourd'hui."""
    etape = etape_conduite(request, pk)
    resultat = derouler_etude(etape.etude).resultat(etape.code)
    return saisir(
        request,
        SansChamp(request.POST if request.method == "POST" else None),
        lambda: services.figer_etape(etape=etape, par=request.user),
        retour=_page(etape),
        succes=f"« {etape} » est figée : ses entrées et ses décisions sont gardées.",
        gabarit=CONFIRMER,
        etude=etape.etude,
        etape=etape,
        titre=f"Figer « {etape} »",
        chapeau=resultat.en_clair if resultat else "",
        consequences=[
            "Ses entrées, ses décisions et leur empreinte sont gardées : l'étape ne se modifie plus.",
            "Si la base change ensuite, l'entonnoir dira ce qui a bougé, sans toucher à ce qui est figé.",
            "Elle peut se rouvrir, tant que rien n'est figé après elle, en disant pourquoi.",
        ],
        libelle="Figer l’étape",
        annuler_url=_page(etape),
    )


@require_http_methods(["GET", "POST"])
def rouvrir(request: Requete, pk: int) -> HttpResponse:
    """Rouvrir la dernière étape figée, en disant pourquoi."""
    etape = etape_conduite(request, pk)
    formulaire = MotifForm(request.POST or None)
    return saisir(
        request,
        formulaire,
        lambda: services.rouvrir_etape(etape=etape, par=request.user, motif=formulaire.cleaned_data["motif"]),
        retour=_page(etape),
        succes=f"« {etape} » est rouverte : elle se rejoue sur ce qui y entre aujourd'hui.",
        gabarit=CONFIRMER,
        etude=etape.etude,
        etape=etape,
        titre=f"Rouvrir « {etape} »",
        consequences=["Ce qui était figé se perd : l'étape se rejoue.", "Votre raison reste écrite sous l'étape."],
        libelle="Rouvrir l’étape",
        annuler_url=_page(etape),
    )


# --- ce qu'une étape a de propre -------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def exceptions(request: Requete, pk: int) -> HttpResponse:
    """Les exceptions d'une étape ; POST : en réadmettre, ou en retirer une (`retirer`)."""
    etape = etape_conduite(request, pk)
    if etape.genre != GenreEtape.EXCEPTIONS:
        raise Http404
    if request.method == "POST" and (ref := request.POST.get("retirer")):
        return _retirer_l_exception(request, etape, ref)
    lues = lire_les_exceptions(etape)
    formulaire = ReadmettreForm(request.POST or None, offertes=lues.offertes)
    return saisir(
        request,
        formulaire,
        lambda: services.readmettre(etape=etape, par=request.user, **formulaire.valeurs()),
        retour=reverse("usages:etape-exceptions", args=[pk]),
        succes=lambda n: f"{accorde(n, 'unité réadmise,unités réadmises')}.",
        gabarit="usages/etape_exceptions.html",
        etude=etape.etude,
        etape=etape,
        lues=lues,
    )


def _retirer_l_exception(request: Requete, etape: EtapeEtude, ref: str) -> HttpResponse:
    try:
        services.retirer_l_exception(etape=etape, ref=ref, par=request.user)
    except Refus as refus:
        messages.error(request, refus.motif)
    else:
        messages.success(request, "L'exception est retirée.")
    return redirect("usages:etape-exceptions", pk=etape.pk)


@require_POST
def prendre(request: Requete, pk: int) -> HttpResponse:
    """Relever les unités d'un passage dans ce que lit le compte, aujourd'hui."""
    etape = etape_conduite(request, pk)
    if etape.genre != GenreEtape.PASSAGE:
        raise Http404
    try:
        nombre = services.prendre_les_unites(etape=etape, par=request.user)
    except Refus as refus:
        messages.error(request, refus.motif)
    else:
        dit = accorde(nombre, "unité prise,unités prises")
        messages.success(request, f"« {etape} » : {dit} dans ce que vous lisez aujourd'hui.")
    return redirect(_page(etape))


@require_http_methods(["GET", "POST"])
def noter(request: Requete, pk: int) -> HttpResponse:
    """Écrire la motivation et la capacité à transmettre de chaque projet retenu."""
    etape = etape_conduite(request, pk)
    resultat = derouler_etude(etape.etude).resultat(etape.code)
    if etape.genre != GenreEtape.PASSAGE or etape.mot("vers") != "projet" or resultat is None:
        raise Http404
    formulaire = NotesForm(request.POST or None, unites=resultat.sorties, faits=NOTES_A_LA_MAIN)
    return saisir(
        request,
        formulaire,
        lambda: services.noter_les_unites(etape=etape, notes=formulaire.notes(), par=request.user),
        retour=_page(etape),
        succes="Les notes sont écrites.",
        gabarit="usages/etape_notes.html",
        etude=etape.etude,
        etape=etape,
    )
