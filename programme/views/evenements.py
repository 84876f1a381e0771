"""Un ESMS ferme, rouvre, fusionne, change d'OG : la liste de ce qui attend une suite, et la page guidée."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from programme.contexte import oublier_le_compte
from programme.filters.evenements import EvenementFilter
from programme.forms.evenements import SuiteForm
from programme.models import EvenementEsms, Parcours
from programme.services import evenements as services
from programme.services import fusion_actions
from programme.socle.erreurs import Refus
from programme.socle.listes import VueListe
from programme.socle.nombres import accorde
from programme.tables.evenements import EvenementTable
from programme.views.refus import exiger
from programme.views.requete import Requete
from programme.views.saisies import saisir


class EvenementListe(VueListe):
    """Ce qui est arrivé aux ESMS du périmètre ; par défaut, ce qui attend une suite."""

    request: Requete
    modele = EvenementEsms
    table = EvenementTable
    filtre = EvenementFilter
    titre = "Événements d’ESMS"
    chapeau = "Fermetures, fusions, changements d’organisme : lus dans FINESS ou déclarés. Rien ne se fait d’office."
    unite = "événement"
    nom_fichier = "evenements-esms"
    recherche = "Nom, ville ou FINESS"
    tri = "-date_effet"

    def requete(self) -> QuerySet:
        """Avec ce qu'une ligne affiche."""
        visibles = EvenementEsms.objects.visibles_par(self.request.user)
        return visibles.select_related("esms", "traite_par")

    def enrichir(self, objets: list[Any], colonnes: list[str]) -> None:
        """Les grappes que le lecteur voit, et la suite en mots."""
        grappes: dict[int, dict[str, None]] = {}
        parcours = Parcours.objects.lisibles_par(self.request.user).filter(esms__in={e.esms_id for e in objets})
        for esms, grappe in parcours.order_by("grappe__tri").values_list("esms", "grappe__nom"):
            grappes.setdefault(esms, {})[grappe] = None
        for evenement in objets:
            evenement.grappes = ", ".join(grappes.get(evenement.esms_id, {}))
            evenement.suite_en_mots = evenement.suite or ("" if evenement.traite_le else "à donner")

    def vide(self) -> dict[str, str]:
        """Rien n'attend."""
        texte = "Aucun ESMS de votre périmètre n’a fermé, fusionné ou changé d’organisme sans qu’une suite soit donnée."
        tous = {"url": f"{reverse('programme:evenement-liste')}?suite=tous", "libelle": "Voir tous les événements"}
        return {"titre": "Rien à traiter", "texte": texte, "icone": "check"} | tous


@require_http_methods(["GET", "POST"])
def detail(request: Requete, pk: int) -> HttpResponse:
    """Ce qui s'est passé, ce que cela touche, les gestes un par un, et la suite à consigner."""
    visibles = EvenementEsms.objects.visibles_par(request.user)
    evenement = get_object_or_404(visibles.select_related("esms__og", "esms__remplace_par", "traite_par"), pk=pk)
    if request.POST.get("geste") == "unites":
        return _mener(request, evenement, services.deplacer_les_unites, _apercu, _unites_arrivees)
    if request.POST.get("geste") == "actions":
        return _mener(request, evenement, fusion_actions.faire_suivre, _apercu_des_actions, _actions_suivies)
    if request.method == "GET" and (cle := request.GET.get("unites")):
        return _apercu(request, evenement, cle)
    if request.method == "GET" and (cle := request.GET.get("actions")):
        return _apercu_des_actions(request, evenement, cle)
    return _donner_suite(request, evenement)


def _donner_suite(request: Requete, evenement: EvenementEsms) -> HttpResponse:
    lecture = services.lire(evenement, par=request.user)
    droit = services.peut_traiter(request.user, lecture.parcours)
    if request.method == "POST":
        exiger(droit)
    formulaire = SuiteForm(request.POST if request.method == "POST" else None, initial={"suite": evenement.suite})
    return saisir(
        request,
        formulaire,
        lambda: services.prendre_acte(evenement=evenement, par=request.user, **formulaire.cleaned_data),
        retour=reverse("programme:evenement-liste"),
        succes=f"{evenement.esms} : la suite est consignée.",
        gabarit="programme/evenement_detail.html",
        evenement=evenement,
        lecture=lecture,
        droit=droit,
    )


def _apercu(request: Requete, evenement: EvenementEsms, cle: str, refus: Refus | None = None) -> HttpResponse:
    """Les unités de l'absorbé et leur nom chez celui qui continue, avant de confirmer."""
    arrivees = services.arrivees(evenement, request.user)
    arrivee = next((a for a in arrivees if str(a.parcours.pk) == cle), None)
    if arrivee is None:
        raise Http404("plus d'unité à faire arriver")
    exiger(services.peut_conduire(request.user, arrivee.parcours))
    contexte = {"evenement": evenement, "arrivee": arrivee, "refus": refus}
    return render(request, "programme/evenement_unites.html", contexte, status=409 if refus else 200)


def _parcours_vise(request: Requete, evenement: EvenementEsms, cle: str) -> Parcours:
    visibles = Parcours.objects.lisibles_par(request.user).filter(esms=evenement.esms_id)
    lus = visibles.select_related("esms__departement", "grappe")
    return get_object_or_404(lus, pk=int(cle) if cle.isdecimal() and len(cle) < 18 else 0)


def _mener(
    request: Requete,
    evenement: EvenementEsms,
    geste: Callable[..., Any],
    apercu: Callable[..., HttpResponse],
    dire: Callable[[Any], str],
) -> HttpResponse:
    """Un geste confirmé sur un parcours de l'absorbé ; ce qui a changé depuis l'aperçu y ramène."""
    cle = request.POST.get("parcours", "")
    parcours = _parcours_vise(request, evenement, cle)
    try:
        fait = geste(evenement=evenement, parcours=parcours, par=request.user, vu=request.POST.get("vu", ""))
    except Refus as refus:
        if refus.code == "droit":
            raise PermissionDenied(refus.motif) from refus
        if refus.code == "concurrence":
            return apercu(request, evenement, cle, refus)
        messages.error(request, " ".join([refus.motif, *(m for ms in refus.champs.values() for m in ms)]))
    else:
        messages.success(request, dire(fait))
    return oublier_le_compte(redirect("programme:evenement-detail", pk=evenement.pk))


def _unites_arrivees(arrivee: services.Arrivee) -> str:
    nombre = accorde(len(arrivee.unites), "unité est arrivée,unités sont arrivées")
    return f"{nombre} chez « {arrivee.absorbant} », avec leurs ouvertures et leur journal."


def _actions_suivies(suite: fusion_actions.Suivantes) -> str:
    nombre = accorde(len(suite.actions), "action suit,actions suivent")
    return f"{nombre} chez « {suite.absorbant} », avec leur échéance et leur journal."


def _apercu_des_actions(
    request: Requete, evenement: EvenementEsms, cle: str, refus: Refus | None = None
) -> HttpResponse:
    """Les actions ouvertes de l'absorbé et qui en répondra chez celui qui continue, avant de confirmer."""
    parcours = _parcours_vise(request, evenement, cle)
    exiger(services.peut_conduire(request.user, parcours))
    suite = next((s for s in fusion_actions.suivantes(evenement, [parcours]) if s.vers), None)
    if suite is None:
        raise Http404("plus d'action à faire suivre, ou nulle part où les faire suivre")
    contexte = {"evenement": evenement, "suite": suite, "refus": refus}
    return render(request, "programme/evenement_actions.html", contexte, status=409 if refus else 200)
