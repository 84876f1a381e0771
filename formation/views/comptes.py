"""Les comptes signalés par l'éditeur : les reprendre, lire les écarts, rapprocher, dire la connexion vérifiée."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from formation.enums import EcartCompte
from formation.forms.comptes import DepotComptesForm, RapprocherForm
from formation.models import CompteDui, Professionnel
from formation.permissions import peut_gerer_professionnels, peut_saisir_formation
from formation.services import comptes as service
from formation.services import connexions
from formation.services.import_comptes import GENRE, exiger_date
from formation.views.esms import deposer_ou_dire, envoi, parcours_gere, parcours_lu
from programme.calculs.masquage import est_petit
from programme.models import Parcours, Unite
from programme.socle.depots import envoi_trop_gros
from programme.socle.erreurs import Refus
from programme.views.refus import exiger, reporter
from programme.views.requete import Requete
from programme.views.saisies import saisir

OUBLIER, RETIRER = "oublier", "retirer"
PRESSE = (EcartCompte.SORTI_ACTIF, EcartCompte.EN_TROP, EcartCompte.PROFIL, EcartCompte.PARTAGE)
"""Dans l'ordre où l'on s'en occupe ; les comptes qui manquent viennent après, ils sont souvent les plus nombreux."""
QUE_FAIRE = {
    EcartCompte.SORTI_ACTIF: "À fermer chez l’éditeur, sans attendre ; son prochain fichier le dira.",
    EcartCompte.EN_TROP: "Dites à qui est ce compte ; s’il n’est à personne, faites-le fermer.",
    EcartCompte.PROFIL: "Le profil du DUI n’est pas celui du placement : corrigez l’un des deux.",
    EcartCompte.PARTAGE: "On ne sait pas qui écrit : un compte par personne, dès que possible.",
    EcartCompte.MANQUANT: "À demander à l’éditeur, avec la liste des comptes à créer.",
}


@require_safe
def parcours_comptes(request: Requete, pk: int) -> HttpResponse:
    """Les écarts d'abord, les sorties encore actives en tête ; des nombres pour qui ne lit pas les noms."""
    parcours = parcours_lu(request, pk)
    gere, au = bool(peut_gerer_professionnels(request.user, parcours)), timezone.localdate()
    lecture = service.lire(parcours, au)
    contexte = {
        "parcours": parcours,
        "gere": gere,
        "dernier": lecture.dernier,
        "nombres": _nombres(lecture, gere),
        "sections": _sections(lecture) if gere else [],
        "manquants": _nommer(lecture.ecarts[EcartCompte.MANQUANT]) if gere and lecture.dernier else [],
        "plus_signales": lecture.plus_signales if gere else [],
        "en_regle": _en_regle(lecture) if gere else [],
        "unites": _unites(parcours, request, gere),
    }
    return render(request, "formation/comptes.html", contexte)


def _nombres(lecture: service.Lecture, gere: bool) -> list[dict[str, Any]]:
    """Combien de chaque écart ; dans une trop petite équipe, rien ne se montre à qui ne la gère pas."""
    tait = not gere and est_petit(lecture.en_poste)
    nombres = lecture.ecarts.nombres
    return [
        {"ecart": e, "libelle": e.label, "nombre": None if tait else nombres[e], "aide": QUE_FAIRE[e]}
        for e in (*PRESSE, EcartCompte.MANQUANT)
    ]


def _sections(lecture: service.Lecture) -> list[dict[str, Any]]:
    return [
        {"ecart": e, "libelle": e.label, "aide": QUE_FAIRE[e], "comptes": comptes}
        for e in PRESSE
        if (comptes := lecture.de(e))
    ]


def _en_regle(lecture: service.Lecture) -> list[CompteDui]:
    ecartes = {cle for e in PRESSE for cle in lecture.ecarts[e]}
    return [c for cle, c in lecture.comptes.items() if cle not in ecartes]


def _nommer(cles: tuple[int, ...]) -> list[Professionnel]:
    return list(Professionnel.objects.filter(pk__in=cles))


def _unites(parcours: Parcours, request: Requete, gere: bool) -> list[dict[str, Any]]:
    """Où la connexion est vérifiée, et ce qui manque."""
    return [
        {"etat": etat, "tait": not gere and est_petit(etat.en_poste)}
        for etat in connexions.etats(parcours, timezone.localdate())
    ]


@require_http_methods(["GET", "POST"])
def comptes_import(request: Requete, pk: int) -> HttpResponse:
    """Déposer les comptes que l'éditeur signale ; l'aperçu est immédiat, un fichier illisible ne laisse rien."""
    parcours = parcours_gere(request, pk)
    formulaire = DepotComptesForm(*envoi(request), trop_gros=envoi_trop_gros(request))
    if formulaire.is_valid():
        try:
            exiger_date(parcours, formulaire.cleaned_data["au"])
        except Refus as refus:
            reporter(refus, formulaire)
        else:
            travail = deposer_ou_dire(
                formulaire,
                GENRE,
                fichier=formulaire.cleaned_data["fichier"],
                par=request.user,
                objet=f"Comptes du DUI, {parcours}",
                parametres=formulaire.parametres(parcours),
            )
            if travail:
                return redirect("programme:travail-detail", pk=travail.pk)
    contexte = {"formulaire": formulaire, "parcours": parcours}
    return render(request, "formation/comptes_import.html", contexte, status=422 if formulaire.errors else 200)


@require_http_methods(["GET", "POST"])
def compte_rapprocher(request: Requete, pk: int) -> HttpResponse:
    """Dire à qui est un compte ; oublier celui que l'éditeur ne signale plus."""
    lus = CompteDui.objects.visibles_par(request.user)
    compte = get_object_or_404(lus.select_related("parcours__esms__departement", "parcours__grappe", "profil"), pk=pk)
    exiger(peut_gerer_professionnels(request.user, compte))
    retour = reverse("formation:parcours-comptes", args=[compte.parcours_id])
    if request.method == "POST" and request.POST.get("geste") == OUBLIER:
        return _oublier(request, compte, retour)
    formulaire = RapprocherForm(request.POST or None, compte=compte)
    dernier = service.dernier_signalement(compte.parcours)
    return saisir(
        request,
        formulaire,
        lambda: service.rapprocher_compte(
            compte=compte, par=request.user, **{"professionnel": None} | formulaire.cleaned_data
        ),
        retour=retour,
        succes=lambda c: f"Le compte « {c} » est à {c.professionnel}." if c.professionnel else f"« {c} » : c’est noté.",
        gabarit="formation/compte_rapprocher.html",
        compte=compte,
        parcours=compte.parcours,
        plus_signale=bool(dernier and compte.signale_le < dernier),
    )


def _oublier(request: Requete, compte: CompteDui, retour: str) -> HttpResponse:
    try:
        service.oublier_compte(compte=compte, par=request.user)
    except Refus as refus:
        messages.error(request, refus.motif)
        return redirect("formation:compte-dui-rapprocher", pk=compte.pk)
    messages.success(request, f"Le compte « {compte} » est oublié.")
    return redirect(retour)


@require_http_methods(["GET", "POST"])
def unite_connexion(request: Requete, pk: int) -> HttpResponse:
    """« Chacun a son compte et s'est connecté » : ce que disent les comptes, le dire, le retirer."""
    unite = get_object_or_404(Unite.objects.select_related("parcours"), pk=pk)
    parcours = parcours_lu(request, unite.parcours_id)
    unite.parcours = parcours
    droit = peut_saisir_formation(request.user, parcours)
    if request.method == "POST":
        exiger(droit)
        return _dire(request, unite)
    etat = connexions.etat_de(unite, timezone.localdate())
    gere = bool(peut_gerer_professionnels(request.user, parcours))
    contexte = {
        "parcours": parcours,
        "etat": etat,
        "peut": bool(droit),
        "gere": gere,
        "tait": not gere and est_petit(etat.en_poste),
        "signale": service.dernier_signalement(parcours),
    }
    return render(request, "formation/unite_connexion.html", contexte)


def _dire(request: Requete, unite: Unite) -> HttpResponse:
    try:
        if request.POST.get("geste") == RETIRER:
            connexions.retirer(unite=unite, par=request.user)
            messages.success(request, f"« {unite} » : la connexion n’est plus dite vérifiée.")
        else:
            connexions.dire(unite=unite, par=request.user)
            messages.success(request, f"« {unite} » : chacun a son compte et s’est connecté, c’est noté.")
    except Refus as refus:
        messages.error(request, refus.motif)
    return redirect("formation:unite-connexion", pk=unite.pk)
