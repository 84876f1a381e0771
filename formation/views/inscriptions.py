"""Inscrire à une session, se désister, convoquer, attester ; la session dans un agenda."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from formation.documents.attestation import attestations_de
from formation.enums import EtatSession, Pointage
from formation.forms.sessions import ConvoquerForm, InscrireForm
from formation.models import Inscription, SessionFormation
from formation.permissions import NOMS_RESERVES, parcours_d_ici, parcours_saisis, peut_inscrire, peut_organiser
from formation.services import convocations as envois
from formation.services import inscriptions as services
from formation.services.noms import Noms
from formation.services.places import libres
from formation.views.sessions import DETAIL, session_visible
from programme.contexte import oublier_le_compte
from programme.documents.rendu import TYPE_PDF
from programme.models import Parcours
from programme.socle.erreurs import Refus
from programme.socle.nombres import accorde, liste, quelques
from programme.views.refus import exiger, tenter
from programme.views.requete import Requete

PAS_PRESENTE = "Une attestation se donne à qui est pointé présent : pointez d'abord les présences."
AUCUNE_PRESENTE = "Personne de vos ESMS n'est encore pointé présent à cette session."


# --- inscrire ------------------------------------------------------------------------------------------------------


def _esms_choisi(request: Requete, session: SessionFormation) -> Parcours | None:
    """L'ESMS que dit l'adresse, ou le seul possible ; None s'il faut d'abord le choisir. 404 s'il n'est pas d'ici."""
    siens = parcours_d_ici(request.user, session).select_related("esms", "grappe")
    if (cle := request.GET.get("esms", "")).isdecimal():
        return get_object_or_404(siens, pk=int(cle[:18]))
    premiers = list(siens[:2])
    return premiers[0] if len(premiers) == 1 else None


@require_http_methods(["GET", "POST"])
def inscrire(request: Requete, pk: int) -> HttpResponse:
    """Inscrire les personnes d'un ESMS : une à une pour qui le gère, par groupe pour qui n'en lit pas les noms."""
    session = session_visible(request, pk)
    exiger(peut_inscrire(request.user, session))
    parcours = _esms_choisi(request, session)
    contexte: dict[str, Any] = {"session": session, "parcours": parcours, "nb_libres": libres(session)}
    if session.etat in (EtatSession.PLANIFIEE, EtatSession.ANNULEE, EtatSession.EVALUEE):
        contexte["fermee"] = True
    elif parcours is None:
        lus = services.esms_a_inscrire(session, request.user)
        contexte["esms"] = {"a_former": [(p, n) for p, n in lus if n], "autres": [p for p, n in lus if not n]}
    else:
        return _inscrire_l_esms(request, session, parcours, contexte)
    return render(request, "formation/session_inscrire.html", contexte)


def _inscrire_l_esms(
    request: Requete, session: SessionFormation, parcours: Parcours, contexte: dict[str, Any]
) -> HttpResponse:
    noms = Noms.pour(request.user, session)
    gere = parcours.pk in noms.geres
    candidats = services.candidats(session, [parcours])
    envoi = request.POST if request.method == "POST" else None
    formulaire = InscrireForm(envoi, groupes=services.groupes(candidats), candidats=candidats, gere=gere)
    if formulaire.is_bound and formulaire.is_valid():
        lu = formulaire.cleaned_data | {"session": session, "parcours": parcours, "par": request.user}
        if rendu := tenter(formulaire, lambda: services.inscrire(**lu)):
            messages.success(request, services.dire(rendu, noms))
            if rendu.en_trop:
                messages.warning(request, f"{accorde(rendu.en_trop, 'personne')} de plus que de places : c'est noté.")
            return oublier_le_compte(redirect(DETAIL, pk=session.pk))
    contexte |= {"formulaire": formulaire, "gere": gere}
    status = 422 if formulaire.errors else 200
    return render(request, "formation/session_inscrire.html", contexte, status=status)


@require_POST
def retirer(request: Requete, pk: int) -> HttpResponse:
    """Une personne se désiste : la première de la liste d'attente prend sa place."""
    siennes = Inscription.objects.filter(poste__parcours__in=parcours_saisis(request.user).order_by().values("pk"))
    inscription = get_object_or_404(siennes.pour_lecture().select_related("session"), pk=pk)
    noms = Noms.pour(request.user, inscription.session)
    try:
        montees = services.retirer(inscription=inscription, par=request.user)
    except Refus as refus:
        if refus.code == "droit":
            raise PermissionDenied(refus.motif) from refus
        messages.warning(request, refus.motif)
    else:
        suite = f" {liste(noms.de(i) for i in montees)} : une place, à convoquer." if montees else ""
        messages.success(request, f"{noms.de(inscription)} : inscription retirée.{suite}")
    return oublier_le_compte(redirect(DETAIL, pk=inscription.session_id))


# --- convoquer -----------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def convoquer(request: Requete, pk: int) -> HttpResponse:
    """Convoquer : ce qui va partir, à qui ; puis l'envoi."""
    session = session_visible(request, pk)
    exiger(peut_organiser(request.user, session))
    # Une case non cochée ne s'envoie pas : un envoi vide reste un envoi.
    formulaire = ConvoquerForm(request.POST if request.method == "POST" else None)
    noms = Noms.pour(request.user, session)
    if formulaire.is_valid():
        lu = formulaire.cleaned_data
        if rendu := tenter(formulaire, lambda: envois.convoquer(session=session, par=request.user, **lu)):
            _dire_les_convoquees(request, rendu, noms)
            return oublier_le_compte(redirect(DETAIL, pk=pk))
    places = list(session.inscriptions.inscrites().pour_lecture())
    plis, sans_adresse = envois.ranger(i for i in places if i.convoquee_le is None)
    contexte = {
        "session": session,
        "formulaire": formulaire,
        "places": len(places),
        "a_convoquer": sum(i.convoquee_le is None for i in places),
        "plis": len(plis),
        "en_propre": sum(pli.en_propre for pli in plis),
        "sans_adresse": [noms.de(i) for i in sans_adresse],
    }
    return render(request, "formation/session_convoquer.html", contexte, status=422 if formulaire.errors else 200)


def _dire_les_convoquees(request: Requete, rendu: envois.Convoquees, noms: Noms) -> None:
    if rendu.personnes:
        qui = accorde(rendu.personnes, "personne convoquée,personnes convoquées")
        messages.success(request, f"{qui}, par {accorde(rendu.courriels, 'courriel')}.")
    if rendu.sans_adresse:
        qui = quelques([noms.de(i) for i in rendu.sans_adresse])
        messages.warning(request, f"Sans adresse où écrire : {qui}. Prévenez autrement.")


@require_safe
def ics(request: Requete, pk: int) -> HttpResponse:
    """La session, à ajouter à un agenda."""
    session = session_visible(request, pk)
    entetes = {"Content-Disposition": f'attachment; filename="{envois.NOM_ICS.format(pk)}"'}
    return HttpResponse(envois.fichier_ics(session), content_type=envois.GENRE_ICS, headers=entetes)


# --- attester ------------------------------------------------------------------------------------------------------


@require_safe
def attestation(request: Requete, pk: int) -> HttpResponse:
    """L'attestation d'une personne présente, pour qui gère son ESMS."""
    lues = Inscription.objects.visibles_par(request.user).pour_lecture()
    inscription = get_object_or_404(lues.select_related("session__module", "session__formateur"), pk=pk)
    if inscription.pointage != Pointage.PRESENT or not inscription.session.est_tenue:
        messages.warning(request, PAS_PRESENTE)
        return redirect(DETAIL, pk=inscription.session_id)
    return en_pdf(attestations_de(inscription.session, [inscription]))


@require_safe
def attestations(request: Requete, pk: int) -> HttpResponse:
    """Toutes celles d'une session, pour les ESMS que le lecteur gère."""
    session = session_visible(request, pk)
    noms = Noms.pour(request.user, session)
    if not noms.geres:
        raise PermissionDenied(NOMS_RESERVES)
    presentes = session.inscriptions.presentes().filter(poste__parcours__in=noms.geres).pour_lecture()
    lues = list(presentes.order_by("poste__parcours__esms__tri", "professionnel__tri", "pk"))
    if not lues or not session.est_tenue:
        messages.warning(request, AUCUNE_PRESENTE)
        return redirect(DETAIL, pk=pk)
    return en_pdf(attestations_de(session, lues))


def en_pdf(document: Any) -> HttpResponse:
    """Le document, à enregistrer."""
    entetes = {"Content-Disposition": f'attachment; filename="{document.nom("pdf")}"'}
    return HttpResponse(document.en_pdf(), content_type=TYPE_PDF, headers=entetes)
