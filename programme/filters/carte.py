"""Filtres de la carte."""

from typing import Any

from programme.enums import Secteur
from programme.filters.grappes import choisir_ou_ecrire, menu_des_grappes, nom_de_grappe
from programme.models import Editeur, Parcours, Solution
from programme.socle.filtres import Choix, ChoixObjet, FiltreListe


class CarteFilter(FiltreListe):
    """Les mêmes noms que dans la liste des ESMS : une tuile y mène avec ses critères."""

    secteur = Choix(label="Secteur", field_name="esms__categorie__secteur", choices=Secteur.choices)
    editeur = ChoixObjet(label="Éditeur", field_name="solution__editeur", queryset=Editeur.objects.all())
    solution = ChoixObjet(label="Solution", queryset=Solution.objects.all(), empty_label="Toutes")
    grappe = menu_des_grappes()
    nom_grappe = nom_de_grappe()

    class Meta:
        model = Parcours
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choisir_ou_ecrire(self)

    def en_adresse(self) -> dict[str, Any]:
        """Les critères posés et compris, tels que la liste des ESMS les attend."""
        return {nom: valeur for nom, valeur, _ in self.puces()}
