"""Filtres des chantiers : les ESMS qui se préparent, d'abord."""

from typing import Any

from django.db.models import QuerySet

from programme.enums import EN_CHEMIN, EtatParcours, Secteur
from programme.filters.grappes import choisir_ou_ecrire, menu_des_grappes, menu_des_vagues, nom_de_grappe
from programme.models import Parcours
from programme.socle.filtres import Choix, FiltreListe, Mots

TOUS = "tous"


class Etat(Choix):
    """Un état, ou tous ; ceux qu'on accompagne si l'on ne choisit pas."""

    def filter(self, qs: Any, value: str) -> QuerySet:
        """Rien de choisi : du cadrage à l'ouverture."""
        if value == TOUS:
            return qs
        return qs.filter(etat=value) if value else qs.filter(etat__in=EN_CHEMIN)


class ChantierFilter(FiltreListe):
    """État, grappe, vague, secteur, OG."""

    etat = Etat(
        label="État",
        choices=[*EtatParcours.choices, (TOUS, "Tous, sortis compris")],
        empty_label="Du cadrage à l'ouverture",
    )
    grappe = menu_des_grappes()
    nom_grappe = nom_de_grappe()
    vague = menu_des_vagues()
    secteur = Choix(label="Secteur", field_name="esms__categorie__secteur", choices=Secteur.choices)
    og = Mots(label="OG : nom, FINESS ou SIREN", field_name="esms__og__recherche")

    class Meta:
        model = Parcours
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choisir_ou_ecrire(self)
