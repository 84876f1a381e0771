"""Régions : combien d'ESMS du projet à chaque état, puis la fiche d'une région."""

from collections import Counter, defaultdict
from functools import cached_property
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404

from programme.enums import EtatParcours
from programme.models import Grappe, Parcours, Region
from programme.socle.listes import VueListe
from programme.socle.recherche import compte_par
from programme.tables.regions import RegionTable
from programme.views.parcours_liste import VUES, ParcoursListe


class RegionListe(VueListe):
    """Une ligne par région du périmètre. Ne compte que les parcours visibles."""

    modele = Region
    table = RegionTable
    titre = "Régions"
    chapeau = "ESMS du projet par région et par état, dans votre périmètre."
    unite = "région"
    vues = VUES

    def enrichir(self, objets: list[Any], colonnes: list[str]) -> None:
        """Une seule lecture groupée pour toutes les régions et tous les états."""
        comptes: dict[str, Counter[str]] = defaultdict(Counter)
        groupes = (
            Parcours.objects.visibles_par(self.request.user)
            .filter(esms__departement__region__in=[region.pk for region in objets])
            .order_by()
            .values_list("esms__departement__region", "etat")
            .annotate(nombre=Count("pk"))
        )
        for region, etat, nombre in groupes:
            comptes[region][etat] = nombre
        for region in objets:
            region.par_etat = comptes[region.pk]
            region.total = comptes[region.pk].total() - comptes[region.pk][EtatParcours.SORTI]

    def vide(self) -> dict[str, str]:
        """Rien à montrer dans le périmètre."""
        texte = "Aucun ESMS du projet n’est dans votre périmètre pour l’instant."
        return {"titre": "Aucune région", "texte": texte, "icone": "inbox"}


class RegionDetail(ParcoursListe):
    """Fiche d'une région : ses grappes, puis ses ESMS du projet."""

    gabarit = "programme/region_detail.html"
    nom_fichier = ""
    vues = ()

    @cached_property
    def region(self) -> Region:
        """La région de la page, si le lecteur y voit quelque chose."""
        return get_object_or_404(Region.objects.visibles_par(self.request.user), pk=self.kwargs["code"])

    def requete(self) -> QuerySet:
        """Les parcours visibles dont l'ESMS est dans la région."""
        return super().requete().filter(esms__departement__region=self.region)

    def nommer(self) -> str:
        """Son nom."""
        return self.region.nom

    def contexte(self) -> dict[str, Any]:
        """Les grappes qu'elle instruit ou qui y ont un ESMS, parmi celles que voit le lecteur."""
        vus = Parcours.objects.visibles_par(self.request.user).filter(esms__departement__region=self.region)
        ici = Q(region=self.region) | Exists(vus.filter(grappe=OuterRef("pk")))
        grappes = Grappe.objects.visibles_par(self.request.user).filter(ici)
        return {"region": self.region, "grappes": grappes.annotate(nb_esms=compte_par("grappe", vus.dans_le_projet()))}
