"""Importer le tableau de bord ESMS : déposer l'export, dire la colonne de chaque chiffre, aller à l'aperçu."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from programme.models import Parcours
from programme.services.correspondances import Chez
from programme.socle.models import Correspondance, Travail
from programme.views.refus import exiger
from programme.views.relier import Lieu, PagesARelier, fichier_present
from programme.views.requete import Requete
from usages.forms.import_tdb import DepotTdbForm, RelierTdbForm
from usages.permissions import peut_saisir_chiffres
from usages.resources.tableau_de_bord import lire_entetes
from usages.services import import_tdb as services
from usages.services.import_tdb import GENRE


class PagesTdb(PagesARelier):
    """L'export a trois cents colonnes : on part de nos chiffres, et non de ses intitulés."""

    def ouvrir(
        self, request: Requete, lieu: Lieu, relue: Correspondance, depot: Travail
    ) -> tuple[RelierTdbForm, dict[str, Any]]:
        """Les seuls intitulés."""
        with depot.fichier.open("rb") as fichier:
            entetes = lire_entetes(fichier)
        donnees = request.POST or None
        return RelierTdbForm(donnees, correspondance=relue, entetes=entetes, portee=lieu.portee), {}

    def retenir(self, request: Requete, formulaire: RelierTdbForm) -> Correspondance:
        """Partie → colonne."""
        return services.retenir(formulaire.correspondance, formulaire.a_retenir())


PAGES = PagesTdb(
    code=GENRE,
    depot=DepotTdbForm,
    liaison=RelierTdbForm,
    titre="Importer le tableau de bord ESMS",
    lu="usages/fragments/tdb_lu.html",
    titre_relier="La colonne de chaque chiffre",
    note_esms="Ceux dont vous saisissez les chiffres ; les lignes des autres restent dehors.",
    retenue="Les colonnes sont retenues : l’export de l’an prochain se reliera seul.",
)
CHAPEAU = (
    "Ce que vous avez déjà saisi une fois dans l’année ne se retape pas : ses chiffres vont dans vos relevés annuels."
)


def _lieu(request: Requete, pk: int) -> Lieu:
    """L'ESMS d'où l'on vient, pour qui en saisit les chiffres."""
    lus = Parcours.objects.visibles_par(request.user).select_related("esms__departement", "esms__og", "grappe")
    parcours = get_object_or_404(lus, pk=pk)
    exiger(peut_saisir_chiffres(request.user, parcours))
    portee, retour = services.lire_portee(request.user), reverse("usages:parcours-releves", args=[pk])
    return Lieu(
        chez=Chez(GENRE, og=parcours.esms.og, compte=request.user),
        objet="Tableau de bord ESMS",
        sujet=str(parcours),
        chapeau=CHAPEAU,
        fil=[
            (parcours.grappe.nom, reverse("programme:grappe-detail", args=[parcours.grappe_id])),
            (str(parcours), reverse("programme:parcours-detail", args=[pk])),
            ("Relevés", retour),
        ],
        url_deposer=reverse("usages:parcours-tdb", args=[pk]),
        retour=retour,
        parametres={"parcours": pk},
        portee=portee,
        depuis=parcours,
        esms=portee.parcours,
    )


@require_http_methods(["GET", "POST"])
def importer(request: Requete, pk: int) -> HttpResponse:
    """Déposer l'export d'un exercice ; ses colonnes se relient à la page d'après."""
    return PAGES.deposer(request, _lieu(request, pk))


@require_http_methods(["GET", "POST"])
def relier(request: Requete, pk: int, travail: int) -> HttpResponse:
    """Dire la colonne de chaque chiffre ; l'enregistrer mène à l'aperçu."""
    lieu = _lieu(request, pk)
    siens = Travail.objects.filter(genre__in=[GENRE, PAGES.import_.depot], par=request.user, parametres__parcours=pk)
    depot = get_object_or_404(siens, pk=travail)
    relue = services.correspondance_de(request.user, lieu.chez.og)
    return PAGES.relier(request, lieu, relue, depot if fichier_present(depot) else None)
