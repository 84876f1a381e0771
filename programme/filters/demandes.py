"""Filtres des demandes de paramétrage : les ouvertes par défaut."""

from typing import Any

from django.db.models import QuerySet

from programme.enums import AttenteDemande, EtatDemande, IssueDemande
from programme.filters.etats import TOUTES, OuvertesDAbord
from programme.filters.grappes import choisir_ou_ecrire, menu_des_grappes, nom_de_grappe
from programme.filters.portees import cle_du_parcours
from programme.models import DemandeParametrage, Module
from programme.socle.filtres import Cases, Choix, ChoixObjet, FiltreListe, Mots


class DemandeFilter(FiltreListe):
    """État, de qui vient la suite, issue, module, grappe, ESMS."""

    etat = OuvertesDAbord(
        label="État",
        choices=[*EtatDemande.choices, (TOUTES, "Toutes, closes comprises")],
        empty_label="Pas encore closes",
    )
    attente = Choix(
        label="En attente de", choices=AttenteDemande.choices, method="en_attente_de", empty_label="Peu importe"
    )
    issue = Cases(label="Issue", choices=IssueDemande.choices)
    module = ChoixObjet(label="Module", queryset=Module.objects.all(), nomme_par="nom")
    grappe = menu_des_grappes("parcours__grappe")
    nom_grappe = nom_de_grappe("parcours__grappe__tri")
    esms = Mots(label="ESMS : nom, ville ou FINESS", field_name="parcours__esms__recherche")
    # Pour l'API et les liens ; à l'écran, on cherche un ESMS par son nom.
    parcours = cle_du_parcours()

    class Meta:
        model = DemandeParametrage
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choisir_ou_ecrire(self)

    def en_attente_de(self, qs: Any, name: str, value: str) -> QuerySet:
        """Close, une demande n'attend plus personne."""
        return qs.ouvertes().filter(attente=value)
