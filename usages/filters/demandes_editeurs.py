"""Filtres des demandes aux éditeurs : les ouvertes par défaut."""

from typing import Any

from django.db.models import QuerySet

from programme.filters.etats import TOUTES, OuvertesDAbord
from programme.filters.grappes import choisir_ou_ecrire, menu_des_grappes, nom_de_grappe
from programme.models import Editeur, Module
from programme.socle.filtres import Cases, ChoixObjet, FiltreListe
from usages.enums import EtatDemandeEditeur, NatureDemandeEditeur
from usages.models import DemandeEditeur, Irritant


def _editeurs_lus(requete: Any) -> QuerySet:
    ecrits = DemandeEditeur.objects.visibles_par(requete.user).order_by().values("editeur")
    return Editeur.objects.filter(pk__in=ecrits)


def _irritants_lus(requete: Any) -> QuerySet:
    cites = DemandeEditeur.objects.visibles_par(requete.user).order_by().values("irritant")
    return Irritant.objects.filter(pk__in=cites)


class DemandeEditeurFilter(FiltreListe):
    """État, éditeur, nature, module, irritant, grappe."""

    etat = OuvertesDAbord(
        label="État",
        choices=[*EtatDemandeEditeur.choices, (TOUTES, "Toutes, closes comprises")],
        empty_label="Pas encore closes",
    )
    editeur = ChoixObjet(label="Éditeur", queryset=_editeurs_lus, nomme_par="nom")
    nature = Cases(label="Ce qu'on attend", choices=NatureDemandeEditeur.choices)
    module = ChoixObjet(label="Module", queryset=Module.objects.all(), nomme_par="nom")
    irritant = ChoixObjet(label="Irritant", queryset=_irritants_lus, nomme_par="libelle")
    grappe = menu_des_grappes()
    nom_grappe = nom_de_grappe()

    class Meta:
        model = DemandeEditeur
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choisir_ou_ecrire(self)
