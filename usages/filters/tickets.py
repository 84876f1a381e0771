"""Filtres des tickets et des irritants."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from programme.filters.grappes import choisir_ou_ecrire, menu_des_grappes, nom_de_grappe
from programme.filters.portees import cle_du_parcours
from programme.models import Editeur, Module
from programme.socle.filtres import Choix, ChoixObjet, FiltreListe, Mots
from usages.models import Irritant, Ticket

AUCUN = "aucun"


def _irritants_lus(requete: Any) -> QuerySet:
    return Irritant.objects.visibles_par(requete.user).only("pk", "libelle")


def _editeurs_lus(requete: Any) -> QuerySet:
    """Ceux dont le lecteur voit un ticket ou un irritant : pas tous ceux du pays."""
    lus = Ticket.objects.visibles_par(requete.user).order_by().values("editeur")
    nommes = Irritant.objects.visibles_par(requete.user).order_by().values("editeur")
    return Editeur.objects.filter(pk__in=lus) | Editeur.objects.filter(pk__in=nommes)


class TicketFilter(FiltreListe):
    """Où il en est, s'il bloque, module, irritant, éditeur, grappe, ESMS."""

    suite = Choix(
        label="Où il en est",
        choices=[("ouverts", "Ouverts"), ("attente", "Ouverts, pas encore traités"), ("fermes", "Fermés")],
        method="selon_la_suite",
    )
    bloquant = Choix(
        label="Bloquant",
        choices=[
            ("sans", "Bloquants, sans contournement"),
            ("tous", "Bloquants, contournés compris"),
            ("non", "Pas bloquants"),
        ],
        method="selon_la_gravite",
        empty_label="Peu importe",
    )
    module = ChoixObjet(label="Module", queryset=Module.objects.all(), nomme_par="nom")
    rapproche = Choix(
        label="Rapprochement",
        choices=[("oui", "D’un irritant"), ("non", "D’aucun irritant")],
        method="selon_le_rapprochement",
        empty_label="Peu importe",
    )
    irritant = ChoixObjet(label="Irritant", queryset=_irritants_lus, nomme_par="libelle")
    editeur = ChoixObjet(label="Éditeur", queryset=_editeurs_lus, nomme_par="nom")
    grappe = menu_des_grappes()
    nom_grappe = nom_de_grappe()
    esms = Mots(label="ESMS : nom, ville ou FINESS", field_name="parcours__esms__recherche")
    # Pour les liens ; à l'écran, on cherche un ESMS par son nom.
    parcours = cle_du_parcours("ESMS")

    class Meta:
        model = Ticket
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choisir_ou_ecrire(self)

    def selon_la_suite(self, qs: Any, name: str, value: str) -> QuerySet:
        """Ouvert : pas encore fermé, même traité."""
        ouverts = qs.ouverts(timezone.localdate())
        if value == "attente":
            return ouverts.filter(traite_le__isnull=True)
        return ouverts if value == "ouverts" else qs.filter(ferme_le__isnull=False)

    def selon_la_gravite(self, qs: Any, name: str, value: str) -> QuerySet:
        """Sans contournement, on ne travaille plus."""
        return qs.bloquants() if value == "sans" else qs.filter(est_bloquant=value == "tous")

    def selon_le_rapprochement(self, qs: Any, name: str, value: str) -> QuerySet:
        """Déjà rangé sous un irritant, ou pas."""
        return qs.filter(irritant__isnull=value == "non")


class IrritantFilter(FiltreListe):
    """Éditeur, module, grappe."""

    editeur = ChoixObjet(label="Éditeur", queryset=_editeurs_lus, nomme_par="nom")
    module = ChoixObjet(label="Module", queryset=Module.objects.all(), nomme_par="nom")
    grappe = menu_des_grappes()
    nom_grappe = nom_de_grappe()

    class Meta:
        model = Irritant
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choisir_ou_ecrire(self)
