"""Les avis sur une session : en donner un, sans compte ; les lire ensemble, à partir de cinq."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from formation.calculs.avis import FAVORABLE, MONTRES_A_PARTIR_DE
from formation.forms.avis import AvisForm
from formation.models import SessionFormation
from formation.permissions import peut_lire_formation, peut_organiser
from formation.services import avis as services
from formation.services.reprises import reprise_de
from programme.models import Action
from programme.socle.erreurs import Refus
from programme.views.discretion import discrete
from programme.views.refus import exiger, reporter
from programme.views.requete import Requete

SEL = "formation.avis"
JOURS_DU_TEMOIN = 60


# --- en donner un --------------------------------------------------------------------------------------------------


def _temoin(jeton: UUID) -> str:
    return f"avis-{jeton.hex[:12]}"


def _deja_depose(request: HttpRequest, jeton: UUID) -> bool:
    """Vrai si ce navigateur a déjà déposé ici : de quoi éviter une mégarde, rien de plus."""
    return bool(request.get_signed_cookie(_temoin(jeton), default="", salt=SEL))


def _retenir(request: HttpRequest, reponse: HttpResponse, jeton: UUID) -> HttpResponse:
    """Le témoin ne porte qu'un « 1 » signé : ni numéro, ni heure, et il ne part qu'à cette adresse."""
    reponse.set_signed_cookie(
        _temoin(jeton),
        "1",
        salt=SEL,
        max_age=JOURS_DU_TEMOIN * 24 * 3600,
        path=reverse("formation:avis-deposer", args=[jeton]),
        secure=request.is_secure(),
        httponly=True,
        samesite="Strict",
    )
    return reponse


@login_not_required
@discrete
@require_http_methods(["GET", "HEAD", "POST"])
def deposer(request: HttpRequest, jeton: UUID) -> HttpResponse:
    """Donner son avis, sans compte : le même écran pour tous, et rien qui dise qui répond. Adresse inconnue : 404."""
    demande = services.demande_de(jeton)
    if demande is None:
        return render(request, "formation/avis_inconnu.html", status=404)
    autre = "autre" in request.GET
    deja = _deja_depose(request, jeton) and not autre
    formulaire = AvisForm(request.POST if request.method == "POST" else None)
    contexte = {"demande": demande, "formulaire": formulaire, "deja": deja, "autre": autre}
    status = 200
    if request.method == "POST" and not deja:
        if demande.fermee:
            status = 409
        elif formulaire.is_valid() and _ecrire(jeton, formulaire):
            return _retenir(request, redirect(request.path), jeton)
        else:
            status = 422
    return render(request, "formation/avis_deposer.html", contexte, status=status)


def _ecrire(jeton: UUID, formulaire: AvisForm) -> bool:
    """Garde l'avis ; faux si le service le refuse, et le formulaire dit pourquoi."""
    try:
        services.deposer(jeton=jeton, **formulaire.cleaned_data)
    except Refus as refus:
        reporter(refus, formulaire)
        return False
    return True


# --- les lire ------------------------------------------------------------------------------------------------------


@require_safe
def session_avis(request: Requete, pk: int) -> HttpResponse:
    """Les avis d'une session, à chaud et à froid côte à côte ; pour qui l'organise, les adresses à donner."""
    visibles = SessionFormation.objects.visibles_par(request.user).pour_lecture()
    session = get_object_or_404(visibles.select_related("parcours__esms__departement"), pk=pk)
    exiger(peut_lire_formation(request.user, session))
    organise = bool(peut_organiser(request.user, session))
    moments = services.moments_de(session)
    contexte: dict[str, Any] = {
        "session": session,
        "organise": organise,
        "moments": [(m, _adresse(request, m) if organise else "") for m in moments],
        "cible_action": f"?cible={'parcours' if session.parcours_id else 'grappe'}-{session.rattache_a.pk}",
        "sous_le_seuil": any(m.sous_le_seuil for m in moments),
        "reprise": _reprise_visible(request, session),
        "minimum": MONTRES_A_PARTIR_DE,
        "favorable": FAVORABLE,
        "aujourdhui": timezone.localdate(),
    }
    return render(request, "formation/session_avis.html", contexte)


def _adresse(request: Requete, moment: services.MomentLu) -> str:
    """L'adresse à donner, tant qu'on y reçoit des avis ou qu'on en recevra."""
    if moment.est_clos(timezone.localdate()):
        return ""
    return request.build_absolute_uri(reverse("formation:avis-deposer", args=[moment.jeton]))


def _reprise_visible(request: Requete, session: SessionFormation) -> Action | None:
    """L'action de reprise, si le lecteur peut l'ouvrir."""
    reprise = reprise_de(session)
    if reprise and Action.objects.visibles_par(request.user).filter(pk=reprise.pk).exists():
        return reprise
    return None
