"""Recevoir la grille d'un relevé : chiffre par chiffre depuis la page, ou d'un bloc sans script."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_http_methods

from programme.contexte import oublier_le_compte
from programme.socle import texte
from programme.socle.erreurs import Refus
from programme.socle.nombres import accorde
from programme.views.refus import exiger
from programme.views.requete import Requete
from usages.enums import CadenceReleve
from usages.forms.releves import Envoi, lire_envoi
from usages.models import Releve
from usages.permissions import peut_transmettre
from usages.services.chiffres.valeurs import ecrire
from usages.services.releves.page import Chiffre, Page, lire_ensemble
from usages.services.releves.reunis import encore_en_saisie
from usages.views.releves import releve_visible, rendre_grille


@require_http_methods(["GET", "POST"])
def saisir(request: Requete, pk: int) -> HttpResponse:
    """Enregistre ce qui se peut, dit le reste ; rien n'est transmis pour autant. Relue, l'adresse rend la grille."""
    releve = releve_visible(request, pk)
    exiger(peut_transmettre(request.user, releve))
    if request.method == "GET":
        return redirect("usages:releve-detail", pk)
    en_json = "application/json" in request.headers.get("Accept", "")
    releves = releves_vises(request, releve, request.GET.get("avec", ""))
    try:
        page, envoi, ecrits = _enregistrer(request, releves)
    except Refus as refus:
        return _refuser(request, releve, refus, en_json)
    if en_json:
        return oublier_le_compte(JsonResponse(_accuse(page, envoi)))
    if ecrits:
        messages.success(request, f"{accorde(ecrits, 'chiffre enregistré,chiffres enregistrés')}, pas encore transmis.")
    if envoi.fautes or any(c.croisee for c in page.chiffres):
        return rendre_grille(request, page, status=422)
    if request.POST.get("suite") == "transmettre":
        return oublier_le_compte(_a_la_decision(releves))
    return oublier_le_compte(redirect("usages:releve-detail", pk))


def releves_vises(request: Requete, releve: Releve, avec: str) -> list[Releve]:
    """Les relevés que montrait la page : eux seuls s'écrivent, même si d'autres se sont ouverts depuis."""
    cles = {int(cle) for cle in avec.split(",") if cle.isdecimal() and len(cle) < 19} | {releve.pk}
    siens = Releve.objects.visibles_par(request.user).filter(parcours=releve.parcours_id, pk__in=cles)
    rang = list(CadenceReleve).index
    return sorted(siens.pour_lecture(), key=lambda r: (rang(CadenceReleve(r.cadence)), r.debut))


def _a_la_decision(releves: Sequence[Releve]) -> HttpResponse:
    premier = releves[0]
    if len(releves) == 1:
        return redirect("programme:passage", "releve", premier.pk, "transmettre")
    avec = ",".join(str(r.pk) for r in releves)
    return redirect(f"{reverse('usages:releve-transmettre', args=[premier.pk])}?avec={avec}")


@transaction.atomic
def _enregistrer(request: Requete, releves: Sequence[Releve]) -> tuple[Page, Envoi, int]:
    encore_en_saisie(releves)
    avant = lire_ensemble(releves, request.user)
    envoi, ecrits = lire_envoi(avant, request.POST), 0
    croisees: dict[str, str] = {}
    for releve in releves:
        siennes = {c.indicateur.pk for c in avant.chiffres if c.valeur.releve_id == releve.pk}
        saisies = [s for s in envoi.saisies if s.indicateur in siennes]
        ecriture = ecrire(releve=releve, saisies=saisies, par=request.user, partiel=True)
        envoi.fautes |= ecriture.refusees
        croisees |= ecriture.croisees
        ecrits += len(ecriture.ecrites)
    page = lire_ensemble(releves, request.user)
    for code, chiffre in page.par_code.items():
        chiffre.fautes = envoi.fautes.get(code, [])
        chiffre.croisee = croisees.get(code, "")
        if chiffre.fautes or chiffre.croisee:
            chiffre.brut = envoi.bruts[code]
    return page, envoi, ecrits


def _refuser(request: Requete, releve: Releve, refus: Refus, en_json: bool) -> HttpResponse:
    if refus.code == "droit":
        raise PermissionDenied(refus.motif)
    if en_json:
        return JsonResponse({"code": refus.code, "motif": refus.motif}, status=409)
    messages.error(request, refus.motif)
    return redirect("usages:releve-detail", releve.pk)


def _accuse(page: Page, envoi: Envoi) -> dict[str, Any]:
    """Ce que la page met à jour : l'état de chaque chiffre, ce qui reste."""
    return {
        "chiffres": {
            c.code: _etat(c, envoi.bruts.get(c.code)) for c in page.chiffres if c.se_tape or c.code in envoi.bruts
        },
        "resume": page.resume,
        "duree": page.duree,
    }


def _etat(chiffre: Chiffre, brut: dict[str, str] | None) -> dict[str, Any]:
    ecrite = chiffre.valeur.ecrite_le
    quand = f"enregistré à {date_format(timezone.localtime(ecrite), 'H:i')}" if ecrite and brut else ""
    mots = [brut[nom] for nom in "tcr"] if brut else []
    return {
        "fautes": [texte.insecables(faute) for faute in chiffre.fautes],
        "croisee": texte.insecables(chiffre.croisee),
        "vu": chiffre.jeton,
        "depart": chiffre.signature,
        "dit": chiffre.dit if chiffre.valeur.est_repondue else "",
        "etat": quand,
        "surprises": chiffre.surprises,
        "mot_attendu": chiffre.valeur.mot_attendu,
        "avis": " ".join(a for mot in mots for a in texte.avertissements(mot)),
    }
