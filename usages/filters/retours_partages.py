"""Filtres de ce qui se partage : enseignements d'une grappe, pratiques d'une région."""

from typing import Any

from django.db.models import QuerySet

from programme.filters.etats import TOUTES, OuvertesDAbord
from programme.models import Module, Region
from programme.socle.filtres import Choix, ChoixObjet, FiltreListe
from usages.enums import EtatEnseignement, EtatPratique, ThemeRetour
from usages.models import Enseignement, Pratique


class OuvertsDAbord(OuvertesDAbord):
    """Les enseignements ouverts, sauf demande contraire."""

    ouvertes = "ouverts"


class EnseignementFilter(FiltreListe):
    """État (les ouverts d'abord), à régler ou à savoir, module."""

    etat = OuvertsDAbord(
        label="État",
        choices=[(EtatEnseignement.CLOS, "Clos"), (TOUTES, "Tous, clos compris")],
        empty_label="Ouverts",
    )
    a_regler = Choix(
        label="Avant d’ouvrir",
        choices=[("oui", "À régler"), ("non", "À savoir")],
        method="selon_l_urgence",
        empty_label="Peu importe",
    )
    module = ChoixObjet(label="Module", queryset=Module.objects.all(), nomme_par="nom")

    class Meta:
        model = Enseignement
        fields: list[str] = []

    def selon_l_urgence(self, qs: Any, name: str, value: str) -> QuerySet:
        """À régler avant d'ouvrir, ou bon à savoir."""
        return qs.filter(a_regler=value == "oui")


def _regions_lues(requete: Any) -> QuerySet:
    """Celles d'où vient une pratique que voit le lecteur."""
    lues = Pratique.objects.visibles_par(requete.user).order_by().values("grappe__region")
    return Region.objects.filter(pk__in=lues)


class PratiqueFilter(FiltreListe):
    """Région, thème, module, état."""

    region = ChoixObjet(
        label="Région", field_name="grappe__region", queryset=_regions_lues, empty_label="Toutes", nomme_par="nom"
    )
    theme = Choix(label="Thème", choices=ThemeRetour.choices)
    module = ChoixObjet(label="Module", queryset=Module.objects.all(), nomme_par="nom")
    etat = Choix(label="État", choices=EtatPratique.choices)

    class Meta:
        model = Pratique
        fields: list[str] = []
