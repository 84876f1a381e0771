"""Filtres des ESMS du projet."""

from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Concat
from django.forms import HiddenInput
from django.utils import timezone
from django_filters import CharFilter

from programme.enums import EtatParcours, Secteur, TypeProjet
from programme.filters.grappes import choisir_ou_ecrire, menu_des_grappes, menu_des_vagues, nom_de_grappe
from programme.models import Departement, Editeur, Parcours, Proposition, Region, Solution
from programme.socle.filtres import Cases, Choix, ChoixObjet, FiltreListe, Mots

MOIS = {"1": "1 mois", "3": "3 mois", "6": "6 mois", "12": "1 an"}
_JOURS = {"1": 30, "3": 91, "6": 182, "12": 365}


def _regions_vues(requete: Any) -> QuerySet:
    return Region.objects.visibles_par(requete.user)


def _departements_vus(requete: Any) -> QuerySet:
    nommes = Departement.objects.annotate(mots=Concat("nom", Value(" ("), "code", Value(")")))
    if requete.user.perimetre.est_national:
        return nommes
    vus = Parcours.objects.visibles_par(requete.user).filter(esms__departement=OuterRef("pk"))
    return nommes.filter(Exists(vus))


class ParcoursFilter(FiltreListe):
    """Filtres de la liste « ESMS du projet ». Ne propose que des grappes et des régions que le lecteur voit."""

    etat = Cases(label="État", choices=EtatParcours.choices)
    grappe = menu_des_grappes()
    nom_grappe = nom_de_grappe()
    depuis = Choix(
        label="En attente depuis",
        choices=[(cle, f"{mots} au moins") for cle, mots in MOIS.items()],
        method="en_attente_depuis",
        empty_label="Peu importe",
    )
    vague = menu_des_vagues()
    region = ChoixObjet(
        label="Région",
        field_name="esms__departement__region",
        queryset=_regions_vues,
        empty_label="Toutes",
        nomme_par="nom",
    )
    departement = ChoixObjet(
        label="Département", field_name="esms__departement", queryset=_departements_vus, nomme_par="mots"
    )
    secteur = Choix(label="Secteur", field_name="esms__categorie__secteur", choices=Secteur.choices)
    og = Mots(label="OG : nom, FINESS ou SIREN", field_name="esms__og__recherche")
    editeur = ChoixObjet(
        label="Éditeur", field_name="solution__editeur", queryset=Editeur.objects.all(), nomme_par="nom"
    )
    solution = ChoixObjet(label="Solution", queryset=Solution.objects.all(), empty_label="Toutes", nomme_par="nom")
    type_projet = Choix(label="Type de projet", choices=TypeProjet.choices)
    retard = Choix(label="Prochaine date", choices=[("oui", "dépassée")], method="en_retard", empty_label="Peu importe")
    attente = Choix(
        label="Passage proposé",
        choices=[("direction", "attend une direction")],
        method="en_attente_de_reponse",
        empty_label="Peu importe",
    )
    # Pour l'API et les liens ; à l'écran, la recherche lit déjà les FINESS.
    esms = CharFilter(label="FINESS", field_name="esms__finess", widget=HiddenInput, max_length=9)

    class Meta:
        model = Parcours
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choisir_ou_ecrire(self)

    def en_attente_depuis(self, qs: QuerySet, name: str, value: str) -> QuerySet:
        """Dans leur état depuis au moins ce temps, parmi ceux qui ont encore un passage à franchir."""
        avant = timezone.localdate() - timedelta(days=_JOURS[value])
        return qs.filter(depuis__lte=avant).exclude(
            etat__in=[EtatParcours.ROUTINE, EtatParcours.SUSPENDU, EtatParcours.SORTI]
        )

    def en_retard(self, qs: QuerySet, name: str, value: str) -> QuerySet:
        """Dont la prochaine date prévue est passée."""
        return qs.filter(prochaine_le__lt=timezone.localdate())

    def en_attente_de_reponse(self, qs: QuerySet, name: str, value: str) -> QuerySet:
        """À qui un passage est proposé, sans réponse encore ; le financeur ne le lit pas."""
        lisibles = Parcours.objects.lisibles_par(self.request.user)
        attendent = Proposition.objects.en_attente().filter(parcours=OuterRef("pk"))
        return qs.filter(Exists(attendent), pk__in=lisibles.order_by().values("pk"))
