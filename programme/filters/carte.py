"""Filtres de la carte."""

from typing import Any

from django.db.models import QuerySet

from programme.enums import Secteur
from programme.models import Editeur, Grappe, Parcours, Solution
from programme.socle.filtres import Choix, ChoixObjet, FiltreListe


def _grappes_vues(requete: Any) -> QuerySet:
    return Grappe.objects.visibles_par(requete.user).only("pk", "nom")


class CarteFilter(FiltreListe):
    """Les mêmes noms que dans la liste des ESMS : une tuile y mène avec ses critères."""

    secteur = Choix(label="Secteur", field_name="esms__categorie__secteur", choices=Secteur.choices)
    editeur = ChoixObjet(label="Éditeur", field_name="solution__editeur", queryset=Editeur.objects.all())
    solution = ChoixObjet(label="Solution", queryset=Solution.objects.all(), empty_label="Toutes")
    grappe = ChoixObjet(label="Grappe", queryset=_grappes_vues, empty_label="Toutes")

    class Meta:
        model = Parcours
        fields: list[str] = []

    def en_adresse(self) -> dict[str, Any]:
        """Les critères posés et compris, tels que la liste des ESMS les attend."""
        return {nom: valeur for nom, valeur, _ in self.puces()}
