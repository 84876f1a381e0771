"""Écrire les dates déplacées depuis le calendrier d'une grappe."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from programme.contexte import oublier_le_compte
from programme.enums import EtatParcours
from programme.forms.dates import DeplacerDatesForm
from programme.models import Etape, Grappe
from programme.permissions import peut_saisir
from programme.services import calendrier as lecture
from programme.services.parcours import reviser_dates
from programme.socle.dates import date_courte
from programme.socle.erreurs import Refus
from programme.socle.nombres import liste
from programme.views.calendrier import montrer
from programme.views.calendrier_dates import criteres, en_adresse, formulaire_de, jeton_de
from programme.views.grappes import grappe_visible, parcours_visibles
from programme.views.refus import exiger, reporter
from programme.views.requete import Requete


@require_POST
def deplacer(request: Requete, pk: int, parcours: int) -> HttpResponse | StreamingHttpResponse:
    """Réviser les dates d'un ESMS, aux mêmes droits et par le même service que sa page de dates."""
    grappe = grappe_visible(request, pk)
    lignes = lecture.lire_calendrier(parcours_visibles(request, grappe).filter(pk=parcours), timezone.localdate())
    if not lignes:
        raise Http404("ESMS hors du périmètre")
    exiger(peut_saisir(request.user, lignes[0].parcours))
    formulaire = formulaire_de(lignes[0], request.POST)
    status = 422
    if formulaire.is_valid():
        avant = {d.etat: d.revisee for d in lignes[0].toutes_les_dates}
        try:
            changees = reviser_dates(parcours=lignes[0].parcours, par=request.user, **formulaire.valeurs())
        except Refus as refus:
            status = _recevoir(refus, formulaire)
        else:
            return _apres(request, grappe, formulaire, changees, {e.etat: avant.get(e.etat) for e in changees})
    return montrer(request, grappe, saisie=formulaire, status=status)


def _recevoir(refus: Refus, formulaire: DeplacerDatesForm) -> int:
    if refus.code == "droit":
        raise PermissionDenied(refus.motif) from refus
    reporter(refus, formulaire)
    if refus.code != "concurrence":
        return 422
    formulaire.reprendre(jeton_de(formulaire.parcours))
    return 409


def _apres(
    request: Requete, grappe: Grappe, formulaire: DeplacerDatesForm, changees: list[Etape], avant: dict
) -> HttpResponse:
    """Dit ce qui a bougé, et offre de le remettre."""
    parcours, adresse = formulaire.parcours, reverse("programme:grappe-calendrier", args=[grappe.pk])
    ancre = f"#esms-{parcours.pk}"
    if not changees:
        messages.info(request, f"{parcours} : rien n'a changé.")
        return redirect(f"{adresse}?{criteres(request)}{ancre}")
    noms = [_en_mots(e) for e in changees]
    messages.success(request, f"{parcours} : {liste(noms)}. La référence n'a pas bougé.")
    suite = {} if "annule" in request.POST else {"avant": en_adresse(parcours, avant)}
    return oublier_le_compte(redirect(f"{adresse}?{criteres(request, **suite)}{ancre}"))


def _en_mots(etape: Etape) -> str:
    nom = EtatParcours(etape.etat).label.lower()
    return f"{nom} le {date_courte(etape.prevue)}" if etape.prevue else f"{nom} sans date"
