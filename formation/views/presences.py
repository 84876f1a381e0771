"""La feuille d'une session, et ce qu'on en saisit : d'un clic, par numéro et code, par fichier."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from formation.documents.emargement import ENTETES, feuille_de, lignes_csv
from formation.forms.sessions import NumerosForm, PresencesForm
from formation.models import SessionFormation
from formation.permissions import peut_inscrire
from formation.resources.presences import CODE as IMPORT
from formation.services import presences as services
from formation.services.noms import Noms
from formation.views.inscriptions import en_pdf
from formation.views.sessions import DETAIL, session_visible
from programme.contexte import oublier_le_compte
from programme.forms.imports import DepotFeuilleForm
from programme.socle import exports
from programme.socle.depots import envoi_trop_gros
from programme.socle.enums import EtatTravail
from programme.socle.erreurs import Refus
from programme.socle.imports import deposer
from programme.socle.nombres import accorde, quelques
from programme.views.refus import exiger, reporter
from programme.views.requete import Requete


def _session(request: Requete, pk: int) -> SessionFormation:
    session = session_visible(request, pk)
    exiger(peut_inscrire(request.user, session))
    return session


# --- la feuille ----------------------------------------------------------------------------------------------------


@require_safe
def emargement_pdf(request: Requete, pk: int) -> HttpResponse:
    """La feuille à imprimer et à faire signer."""
    session = _session(request, pk)
    return en_pdf(feuille_de(session, Noms.pour(request.user, session)))


@require_safe
def emargement_csv(request: Requete, pk: int) -> StreamingHttpResponse:
    """La feuille à remplir dans un tableur, puis à rapporter."""
    session = _session(request, pk)
    noms = Noms.pour(request.user, session)
    flux = exports.csv_en_flux(ENTETES, lignes_csv(session, noms))
    entetes = {"Content-Disposition": f'attachment; filename="{feuille_de(session, noms).nom("csv")}"'}
    return StreamingHttpResponse(flux, content_type="text/csv; charset=utf-8", headers=entetes)


# --- pointer -------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def presences(request: Requete, pk: int) -> HttpResponse:
    """Pointer : une case par personne, ou les numéros lus sur les feuilles."""
    session = _session(request, pk)
    if not session.est_tenue:
        messages.warning(request, services.PAS_TENUE)
        return redirect(DETAIL, pk=pk)
    par_numeros = request.method == "POST" and "numeros" in request.POST
    noms = Noms.pour(request.user, session)
    lues = services.pointables(session, request.user)
    cases = PresencesForm(
        request.POST if request.method == "POST" and not par_numeros else None, inscriptions=lues, noms=noms
    )
    numeros = NumerosForm(request.POST if par_numeros else None)
    formulaire: Any = numeros if par_numeros else cases
    valide = request.method == "POST" and formulaire.is_valid()
    if valide and (rendu := _pointer(request, session, formulaire)):
        return _dire(request, session, rendu, noms)
    contexte = {"session": session, "cases": cases, "numeros": numeros, "lignes": cases.lignes(), "noms": noms}
    return render(request, "formation/session_presences.html", contexte, status=422 if formulaire.errors else 200)


def _pointer(request: Requete, session: SessionFormation, formulaire: Any) -> services.Pointees | None:
    """Écrit ce que dit le formulaire ; None s'il est refusé, et il dit pourquoi."""
    try:
        if isinstance(formulaire, NumerosForm):
            return services.pointer_par_numeros(session=session, par=request.user, **formulaire.cleaned_data)
        pointages = formulaire.pointages(tous="tous" in request.POST)
        return services.pointer(session=session, pointages=pointages, par=request.user)
    except Refus as refus:
        if refus.code == "droit":
            raise PermissionDenied(refus.motif) from refus
        reporter(refus, formulaire)
        return None


def _dire(request: Requete, session: SessionFormation, rendu: services.Pointees, noms: Noms) -> HttpResponse:
    dits = [accorde(rendu.presentes, "présent"), accorde(rendu.absentes, "absent")]
    if rendu.restent:
        dits.append(f"{len(rendu.restent)} à pointer ({quelques([noms.de(i) for i in rendu.restent], 5)})")
    messages.success(request, f"Présences enregistrées : {', '.join(dits)}.")
    if rendu.avertissement:
        messages.warning(request, rendu.avertissement)
    ou = "formation:session-presences" if rendu.restent else DETAIL
    return oublier_le_compte(redirect(ou, pk=session.pk))


# --- par fichier ---------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def presences_import(request: Requete, pk: int) -> HttpResponse:
    """Rapporter la feuille remplie dans un tableur : l'aperçu est immédiat, un fichier illisible ne laisse rien."""
    session = _session(request, pk)
    if not session.est_tenue:
        messages.warning(request, services.PAS_TENUE)
        return redirect(DETAIL, pk=pk)
    envoi = (request.POST, request.FILES) if request.method == "POST" else ()
    formulaire = DepotFeuilleForm(*envoi, trop_gros=envoi_trop_gros(request))
    if formulaire.is_valid():
        objet, parametres = f"Présences, {session}", {"session": session.pk}
        fichier = formulaire.cleaned_data["fichier"]
        travail = deposer(IMPORT, fichier=fichier, par=request.user, objet=objet, parametres=parametres)
        if travail.etat != EtatTravail.ECHEC:
            return redirect("programme:travail-detail", pk=travail.pk)
        formulaire.add_error("fichier", travail.erreur)
        travail.fichier.delete(save=False)
        travail.delete()
    contexte = {"form": formulaire, "session": session, "retour": reverse("formation:session-presences", args=[pk])}
    return render(request, "formation/session_import.html", contexte, status=422 if formulaire.errors else 200)
