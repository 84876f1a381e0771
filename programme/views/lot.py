"""Gestes groupés sur les lignes choisies dans une liste : régler, lire l'aperçu ligne à ligne, confirmer."""

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
from programme.services import gestes_lot as services
from programme.services.gestes_lot import GESTES, LIGNES_MAX, Geste, Ligne, LotPerime
from programme.socle.erreurs import Refus
from programme.socle.listes import VueListe
from programme.socle.nombres import accorde
from programme.views.parcours_liste import EMPORTER, ParcoursListe
from programme.views.refus import exiger
from programme.views.requete import Requete


@dataclass(frozen=True)
class Famille:
    """Une liste et ses gestes groupés ; `unite`, `choisis` : ses mots, au singulier et au pluriel (« ESMS,ESMS »)."""

    liste: type[VueListe]
    route: str
    gestes: Mapping[str, Geste]
    formulaires: Mapping[str, type[ReglageForm]]
    unite: str
    choisis: str
    nom: str
    lieu: str
    personne: str


PARCOURS = Famille(
    liste=ParcoursListe,
    route="programme:parcours-liste",
    gestes=GESTES,
    formulaires=FORMULAIRES,
    unite="ESMS,ESMS",
    choisis="ESMS choisi,ESMS choisis",
    nom="ESMS",
    lieu="Grappe",
    personne="Cochez au moins un ESMS, puis choisissez le geste.",
)


@dataclass
class Lot:
    """Les lignes choisies, le geste, et l'adresse de la liste d'où l'on vient."""

    request: Requete
    famille: Famille
    geste: Geste
    cles: list[int]
    retour: str

    def lire(self) -> list[Any]:
        """Les objets choisis que le lecteur voit encore."""
        return list(self.geste.lire(self.cles, self.request.user))

    def sel(self, formulaire: ReglageForm) -> str:
        """Ce qui lie un aperçu à ce compte, à ce geste et à ce réglage."""
        return (
            f"{self.famille.route}:{self.request.user.pk}:{self.geste.code}:{sorted(formulaire.cleaned_data.items())!r}"
        )


def _retour(request: Requete, famille: Famille) -> str:
    demande = request.GET.urlencode(safe=",")
    return f"{reverse(famille.route)}?{demande or 'vue=aucune'}"


def _cles(request: Requete, liste: VueListe) -> list[int]:
    """Les lignes cochées, ou toutes celles du filtre ; une de trop suffit à savoir qu'il y en a trop."""
    if request.POST.get("tout"):
        return list(liste.ensemble.values_list("pk", flat=True)[: LIGNES_MAX + 1])
    nommees = [cle for valeur in request.POST.getlist("choix") for cle in valeur.split(",")]
    return list(dict.fromkeys(int(cle) for cle in nommees if cle.isdecimal() and len(cle) < 19))


def _emporter(request: Requete, famille: Famille, cles: list[int]) -> HttpResponse:
    """Le classeur des lignes choisies, avec les colonnes et le tri de la liste."""
    demande = request.GET.copy()
    if not request.POST.get("tout"):
        demande["choix"] = ",".join(map(str, cles))
    demande["format"] = "xlsx"
    return HttpResponseRedirect(f"{reverse(famille.route)}?{demande.urlencode(safe=',')}")


@require_http_methods(["GET", "POST"])
def parcours_lot(request: Requete) -> HttpResponse:
    """Un geste sur les ESMS choisis."""
    return mener(request, PARCOURS)


def mener(request: Requete, famille: Famille) -> HttpResponse:
    """Le geste et ses lignes viennent de la liste ; rien ne s'écrit avant la confirmation de l'aperçu."""
    retour = _retour(request, famille)
    if request.method == "GET":
        return HttpResponseRedirect(retour)
    cles, action = _cles(request, famille.liste.pour(request, famille.route)), request.POST.get("action", "")
    if cles and action == EMPORTER:
        return _emporter(request, famille, cles)
    if phrase := _empechement(famille, cles, action):
        messages.error(request, phrase)
        return HttpResponseRedirect(retour)
    exiger(famille.gestes[action].peut(request.user))
    return _conduire(Lot(request, famille, famille.gestes[action], cles, retour))


def _empechement(famille: Famille, cles: list[int], action: str) -> str:
    """Pourquoi la demande ne peut pas commencer, en une phrase ; vide si elle le peut."""
    if not cles:
        return famille.personne
    if action not in famille.gestes:
        return "Ce geste n'existe pas : choisissez-en un sous la liste."
    if len(cles) > LIGNES_MAX:
        return f"Un geste groupé porte sur {accorde(LIGNES_MAX, famille.unite)} au plus : resserrez le filtre."
    return ""


def _conduire(lot: Lot) -> HttpResponse:
    """Réglage, aperçu ou confirmation, selon l'étape envoyée."""
    etape = lot.request.POST.get("etape", "")
    objets = lot.lire()
    donnees = lot.request.POST if etape else None
    # « Changer le réglage » garde ce qui était réglé.
    deja = {} if etape else {nom: lot.request.POST[nom] for nom in lot.request.POST if nom not in ("choix", "action")}
    formulaire = lot.famille.formulaires[lot.geste.code](donnees, initial=deja, objets=objets, par=lot.request.user)
    if not etape:
        return _montrer(lot, objets, formulaire)
    if not formulaire.is_valid():
        return _montrer(lot, objets, formulaire, statut=422)
    if etape == "confirmer":
        return _confirmer(lot, objets, formulaire)
    lignes = lot.geste.examiner(objets, lot.request.user, **formulaire.details())
    return _montrer(lot, objets, formulaire, lignes=lignes)


def _confirmer(lot: Lot, objets: list[Any], formulaire: ReglageForm) -> HttpResponse:
    try:
        vus: Mapping[str, Any] = signing.loads(lot.request.POST.get("vus", ""), salt=lot.sel(formulaire))
    except signing.BadSignature:
        lignes = lot.geste.examiner(objets, lot.request.user, **formulaire.details())
        refus = Refus("concurrence", "Cet aperçu n'est pas celui de ce réglage : rien n'est écrit. En voici un neuf.")
        return _montrer(lot, objets, formulaire, lignes=lignes, refus=refus, statut=409)
    try:
        faites = services.confirmer(
            geste=lot.geste, cles=map(int, vus), vus=vus, par=lot.request.user, details=formulaire.details()
        )
    except Refus as refus:
        if refus.code == "droit":
            raise PermissionDenied(refus.motif) from refus
        lignes = (
            [] if isinstance(refus, LotPerime) else lot.geste.examiner(objets, lot.request.user, **formulaire.details())
        )
        return _montrer(lot, objets, formulaire, lignes=lignes, refus=refus, statut=409)
    messages.success(lot.request, f"{accorde(len(faites), lot.geste.fait)}.")
    return oublier_le_compte(HttpResponseRedirect(lot.retour))


def _montrer(
    lot: Lot,
    objets: list[Any],
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
        "famille": lot.famille,
        "objets": objets,
        "perdus": len(lot.cles) - len(objets),
        "formulaire": formulaire,
        "reglage": [(champ.label, _en_mots(formulaire, champ.name)) for champ in formulaire] if lignes or refus else [],
        "lignes": lignes,
        "possibles": possibles,
        "ecartees": [ligne for ligne in lignes if ligne.refus],
        "prevenances": lot.geste.prevenir(possibles, **formulaire.details()) if possibles else [],
        "refus": refus,
        "changees": refus.lignes if isinstance(refus, LotPerime) else [],
        "cles": ",".join(map(str, lot.cles)),
        "vus": signing.dumps(services.a_retrouver(lignes), salt=lot.sel(formulaire), compress=True) if lignes else "",
        "retour": lot.retour,
    }
    return render(lot.request, "composants/lot.html", contexte, status=statut)


def _en_mots(formulaire: ReglageForm, nom: str) -> Any:
    """La valeur réglée, telle que l'écran la dit."""
    valeur = formulaire.cleaned_data.get(nom)
    offres = dict(getattr(formulaire.fields[nom], "choices", ()))
    return offres.get(valeur, valeur)
