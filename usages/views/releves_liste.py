"""Les relevés d'une grappe : ses périodes, la liste d'une période, et ce qui s'y fait en lot."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from programme.enums import Role
from programme.forms.lot import ReglageForm
from programme.socle.listes import VueListe
from programme.views.grappes import grappe_visible
from programme.views.lot import Famille, mener
from programme.views.parcours_liste import EMPORTER
from programme.views.refus import exiger
from programme.views.requete import Requete
from usages.filters.releves import ReleveFilter
from usages.models import Releve
from usages.permissions import peut_conduire_les_chiffres, peut_lire_usages, peut_saisir_dans_la_grappe
from usages.services.releves.gestes import GESTES
from usages.services.releves.grappe import completer, lire_periodes
from usages.tables.releves import ReleveTable

LISTE = "usages:releve-liste"


class ReleveListe(VueListe):
    """Les relevés que voit le lecteur, la période la plus récente d'abord."""

    request: Requete
    modele = Releve
    table = ReleveTable
    filtre = ReleveFilter
    titre = "Relevés"
    chapeau = "Les chiffres de chaque ESMS, période par période. Un silence appelle un rappel, jamais une alerte."
    unite = "relevé"
    tri = "-periode"
    nom_fichier = "releves"
    redites = {"grappe": ("grappe",), "parcours": ("grappe",), "periode": ("periode",)}

    def requete(self) -> QuerySet:
        """Avec ce que cite une ligne."""
        return Releve.objects.visibles_par(self.request.user).pour_lecture().select_related("grappe")

    def enrichir(self, objets: list[Any], colonnes: list[str]) -> None:
        """Complétude, ponctualité, précisions : toute la page d'un coup."""
        completer(objets, self.request.user, timezone.localdate())

    def actions(self) -> list[dict[str, str]]:
        """Valider et verrouiller, pour qui conduit une grappe ; emporter est à tous."""
        gestes = [{"valeur": g.code, "libelle": g.libelle} for g in GESTES.values() if g.peut(self.request.user)]
        return [*gestes, {"valeur": EMPORTER, "libelle": "Emporter la sélection"}]

    def url_actions(self) -> str:
        """La page des gestes groupés."""
        return reverse("usages:releve-lot")

    def vide(self) -> dict[str, str]:
        """Aucun relevé : quand ils s'ouvrent."""
        perimetre = self.request.user.perimetre
        if perimetre.tient(Role.ARS) and not perimetre.sauf(Role.ARS).affectes:
            texte = "Un relevé se lit ici une fois transmis par l’ESMS."
        else:
            texte = "Un relevé s’ouvre seul au lendemain d’une période finie, dès que la grappe suit un indicateur."
        geste = {"url": reverse("programme:grappe-liste"), "libelle": "Voir les grappes"}
        return {"titre": "Aucun relevé", "texte": texte, "icone": "clipboard-list"} | geste


class SansReglageForm(ReglageForm):
    """Rien à régler."""


FAMILLE = Famille(
    liste=ReleveListe,
    route=LISTE,
    gestes=GESTES,
    formulaires={code: SansReglageForm for code in GESTES},
    unite="relevé",
    choisis="relevé choisi,relevés choisis",
    nom="Relevé",
    lieu="Grappe",
    personne="Cochez au moins un relevé, puis choisissez le geste.",
)


@require_http_methods(["GET", "POST"])
def lot(request: Requete) -> HttpResponse:
    """Valider ou verrouiller les relevés choisis."""
    return mener(request, FAMILLE)


@require_safe
def grappe_releves(request: Requete, pk: int) -> HttpResponse:
    """Les périodes d'une grappe : où en sont ses ESMS, ce qui pend, ce qui reste à valider."""
    grappe = grappe_visible(request, pk)
    exiger(peut_lire_usages(request.user, grappe))
    contexte = {
        "grappe": grappe,
        "periodes": lire_periodes(grappe, request.user, timezone.localdate()),
        "conduit": bool(peut_conduire_les_chiffres(request.user, grappe)),
        "saisit": bool(peut_saisir_dans_la_grappe(request.user, grappe)),
    }
    return render(request, "usages/grappe_releves.html", contexte)
