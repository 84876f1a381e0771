"""Le filtre par grappe, commun à plusieurs listes : un menu, ou un nom à écrire pour qui voit tout le pays."""

from typing import Any

from django.db.models import QuerySet
from django.forms import HiddenInput
from django_filters import FilterSet

from programme.models import Grappe
from programme.socle.filtres import Choix, ChoixObjet, Mots


def _grappes_vues(requete: Any) -> QuerySet:
    return Grappe.objects.visibles_par(requete.user).only("pk", "nom")


def menu_des_grappes(chemin: str = "grappe") -> ChoixObjet:
    """Les grappes que le lecteur voit ; `chemin` : vers la grappe d'une ligne."""
    return ChoixObjet(label="Grappe", field_name=chemin, queryset=_grappes_vues, empty_label="Toutes", nomme_par="nom")


def menu_des_vagues() -> Choix:
    """Le numéro de la vague de déploiement d'un ESMS, ou aucune."""
    return Choix(
        label="Vague de déploiement",
        field_name="vague__numero",
        choices=[(str(n), f"vague {n}") for n in range(1, 10)],
        null_label="sans vague",
        empty_label="Toutes",
    )


def nom_de_grappe(chemin: str = "grappe__tri") -> Mots:
    """Des mots du nom de la grappe."""
    return Mots(label="Grappe : mots de son nom", field_name=chemin)


def choisir_ou_ecrire(filtre: FilterSet) -> None:
    """Garde le menu `grappe` ou le texte `nom_grappe` : mille grappes dans un menu ne servent personne.

    Au national, `grappe` reste compris (les liens l'emploient), sans être montré.
    """
    if filtre.request is not None and filtre.request.user.perimetre.est_national:
        filtre.filters["grappe"].extra["widget"] = HiddenInput
    else:
        filtre.filters.pop("nom_grappe")
