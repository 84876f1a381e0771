"""Gestes groupés sur les ESMS choisis dans la liste : régler, lire l'aperçu ligne à ligne, confirmer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from programme.contexte import oublier_le_compte
from programme.forms.lot import FORMULAIRES, ReglageForm
from programme.models import Parcours
from programme.services import gestes_lot as services
from programme.services.gestes_lot import GESTES, LIGNES_MAX, Geste, Ligne, LotPerime
from programme.socle.erreurs import Refus
from programme.socle.nombres import accorde, nombre
from programme.views.parcours_liste import EMPORTER, ParcoursListe
from programme.views.refus import exiger
from programme.views.requete import Requete

ROUTE = "programme:parcours-liste"
SEL = "parcours-lot"
PERSONNE = "Cochez au moins un ESMS, puis choisissez le geste."


@dataclass
class Lot:
    """Les ESMS choisis, le geste, et l'adresse de la liste d'où l'on vient."""

    request: Requete
    geste: Geste
    cles: list[int]
    retour: str

    def lire(self) -> list[Parcours]:
        """Les ESMS choisis que le lecteur voit encore."""
        return services.lire_parcours(self.cles, self.request.user)

    def sel(self, formulaire: ReglageForm) -> str:
        """Ce qui lie un aperçu à ce compte, à ce geste et à ce réglage."""
        return f"{SEL}:{self.request.user.pk}:{self.geste.code}:{sorted(formulaire.cleaned_data.items())!r}"


def _retour(request: Requete) -> str:
    demande = request.GET.urlencode(safe=",")
    return f"{reverse(ROUTE)}?{demande or 'vue=aucune'}"


def _cles(request: Requete, liste: ParcoursListe) -> list[int]:
    """Les lignes cochées, ou toutes celles du filtre ; une de trop suffit à savoir qu'il y en a trop."""
    if request.POST.get("tout"):
        return list(liste.ensemble.values_list("pk", flat=True)[: LIGNES_MAX + 1])
    nommees = [cle for valeur in request.POST.getlist("choix") for cle in valeur.split(",")]
    return list(dict.fromkeys(int(cle) for cle in nommees if cle.isdecimal() and len(cle) < 19))


def _emporter(request: Requete, cles: list[int]) -> HttpResponse:
    """Le classeur des lignes choisies, avec les colonnes et le tri de la liste."""
    demande = request.GET.copy()
    if not request.POST.get("tout"):
        demande["choix"] = ",".join(map(str, cles))
    demande["format"] = "xlsx"
    return HttpResponseRedirect(f"{reverse(ROUTE)}?{demande.urlencode(safe=',')}")


def _revenir(request: Requete, phrase: str) -> HttpResponse:
    messages.error(request, phrase)
    return HttpResponseRedirect(_retour(request))


@require_http_methods(["GET", "POST"])
def parcours_lot(request: Requete) -> HttpResponse:
    """Le geste et ses lignes viennent de la liste ; rien ne s'écrit avant la confirmation de l'aperçu."""
    if request.method == "GET":
        return HttpResponseRedirect(_retour(request))
    cles = _cles(request, ParcoursListe.pour(request, ROUTE))
    if not cles:
        return _revenir(request, PERSONNE)
    action = request.POST.get("action", "")
    if action == EMPORTER:
        return _emporter(request, cles)
    if action not in GESTES:
        return _revenir(request, "Ce geste n'existe pas : choisissez-en un sous la liste.")
    exiger(GESTES[action].peut(request.user))
    if len(cles) > LIGNES_MAX:
        trop = f"Un geste groupé porte sur {nombre(LIGNES_MAX)} ESMS au plus : resserrez le filtre."
        return _revenir(request, trop)
    return _conduire(Lot(request, GESTES[action], cles, _retour(request)))


def _conduire(lot: Lot) -> HttpResponse:
    """Réglage, aperçu ou confirmation, selon l'étape envoyée."""
    etape = lot.request.POST.get("etape", "")
    parcours = lot.lire()
    donnees = lot.request.POST if etape else None
    # « Changer le réglage » garde ce qui était réglé.
    deja = {} if etape else {nom: lot.request.POST[nom] for nom in lot.request.POST if nom not in ("choix", "action")}
    formulaire = FORMULAIRES[lot.geste.code](donnees, initial=deja, parcours=parcours, par=lot.request.user)
    if not etape:
        return _montrer(lot, parcours, formulaire)
    if not formulaire.is_valid():
        return _montrer(lot, parcours, formulaire, statut=422)
    if etape == "confirmer":
        return _confirmer(lot, parcours, formulaire)
    lignes = lot.geste.examiner(parcours, lot.request.user, **formulaire.details())
    return _montrer(lot, parcours, formulaire, lignes=lignes)


def _confirmer(lot: Lot, parcours: list[Parcours], formulaire: ReglageForm) -> HttpResponse:
    try:
        vus: Mapping[str, Any] = signing.loads(lot.request.POST.get("vus", ""), salt=lot.sel(formulaire))
    except signing.BadSignature:
        lignes = lot.geste.examiner(parcours, lot.request.user, **formulaire.details())
        refus = Refus("concurrence", "Cet aperçu n'est pas celui de ce réglage : rien n'est écrit. En voici un neuf.")
        return _montrer(lot, parcours, formulaire, lignes=lignes, refus=refus, statut=409)
    try:
        faites = services.confirmer(
            geste=lot.geste, cles=map(int, vus), vus=vus, par=lot.request.user, details=formulaire.details()
        )
    except Refus as refus:
        if refus.code == "droit":
            raise PermissionDenied(refus.motif) from refus
        lignes = (
            []
            if isinstance(refus, LotPerime)
            else lot.geste.examiner(parcours, lot.request.user, **formulaire.details())
        )
        return _montrer(lot, parcours, formulaire, lignes=lignes, refus=refus, statut=409)
    messages.success(lot.request, f"{accorde(len(faites), lot.geste.fait)}.")
    return oublier_le_compte(HttpResponseRedirect(lot.retour))


def _montrer(
    lot: Lot,
    parcours: list[Parcours],
    formulaire: ReglageForm,
    *,
    lignes: list[Ligne] | None = None,
    refus: Refus | None = None,
    statut: int = 200,
) -> HttpResponse:
    """La page, à l'étape où l'on en est."""
    lignes = lignes or []
    possibles = [ligne for ligne in lignes if not ligne.refus]
    contexte = {
        "geste": lot.geste,
        "parcours": parcours,
        "perdus": len(lot.cles) - len(parcours),
        "formulaire": formulaire,
        "reglage": [(champ.label, _en_mots(formulaire, champ.name)) for champ in formulaire] if lignes or refus else [],
        "lignes": lignes,
        "possibles": possibles,
        "ecartees": [ligne for ligne in lignes if ligne.refus],
        "refus": refus,
        "changees": refus.lignes if isinstance(refus, LotPerime) else [],
        "cles": ",".join(map(str, lot.cles)),
        "vus": signing.dumps(services.a_retrouver(lignes), salt=lot.sel(formulaire), compress=True) if lignes else "",
        "retour": lot.retour,
    }
    return render(lot.request, "programme/parcours_lot.html", contexte, status=statut)


def _en_mots(formulaire: ReglageForm, nom: str) -> Any:
    """La valeur réglée, telle que l'écran la dit."""
    valeur = formulaire.cleaned_data.get(nom)
    offres = dict(getattr(formulaire.fields[nom], "choices", ()))
    return offres.get(valeur, valeur)
