"""Régions : combien d'ESMS du projet à chaque état, puis la fiche d'une région."""

from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.shortcuts import get_object_or_404

from programme.enums import EtatParcours
from programme.models import Parcours, Region
from programme.services.lecture_regions import compter_par_etat, grappes_de
from programme.socle.listes import VueListe
from programme.tables.regions import RegionTable
from programme.views.carte import carte_de_region
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
        comptes = compter_par_etat(self.request.user, [region.pk for region in objets])
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

    def adresse_entiere(self) -> str:
        """Les gestes groupés lisent la liste de tout le projet : la région y devient un critère."""
        demande = QueryDict(super().adresse_entiere().removeprefix("?"), mutable=True)
        demande["region"] = self.region.pk
        return f"?{demande.urlencode(safe=',')}"

    def nommer(self) -> str:
        """Son nom."""
        return self.region.nom

    def contexte(self) -> dict[str, Any]:
        """Ses départements en carte, et ses grappes (instruites, ou avec un ESMS ici) : ce que voit le lecteur."""
        vus = Parcours.objects.visibles_par(self.request.user).filter(esms__departement__region=self.region)
        return {
            "region": self.region,
            "grappes": grappes_de(self.request.user, self.region),
            "carte": carte_de_region(self.region, vus),
        }
