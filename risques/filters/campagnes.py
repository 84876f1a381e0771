"""Filtres des campagnes : celles en cours par défaut."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from programme.filters.etats import TOUTES, OuvertesDAbord
from programme.filters.grappes import choisir_ou_ecrire, menu_des_grappes, nom_de_grappe
from programme.socle.filtres import Cases, Choix, ChoixObjet, FiltreListe
from risques.enums import EtatCampagne, PhaseCampagne, PorteeCampagne
from risques.models import Campagne, Questionnaire


class EnCoursDAbord(OuvertesDAbord):
    """Un état, ou tous ; préparées et ouvertes si l'on ne choisit pas."""

    def filter(self, qs: Any, value: str) -> QuerySet:
        """Rien de choisi : ce qui n'est pas clos."""
        return super().filter(qs, value) if value else qs.en_cours()


def _questionnaires_vus(requete: Any) -> QuerySet:
    return Questionnaire.objects.visibles_par(requete.user).only("pk", "nom")


class CampagneFilter(FiltreListe):
    """État, échéance, questionnaire, phase, portée, grappe."""

    etat = EnCoursDAbord(
        label="État",
        choices=[*EtatCampagne.choices, (TOUTES, "Toutes, closes comprises")],
        empty_label="Préparées et ouvertes",
    )
    echeance = Choix(label="Échéance", choices=[("passee", "passée")], method="a_echeance", empty_label="Peu importe")
    questionnaire = ChoixObjet(
        label="Questionnaire",
        field_name="version_posee__questionnaire",
        queryset=_questionnaires_vus,
        nomme_par="nom",
    )
    phase = Cases(label="Phase", choices=PhaseCampagne.choices)
    portee = Choix(label="À qui", choices=PorteeCampagne.choices)
    grappe = menu_des_grappes()
    nom_grappe = nom_de_grappe()

    class Meta:
        model = Campagne
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choisir_ou_ecrire(self)

    def a_echeance(self, qs: Any, name: str, value: str) -> QuerySet:
        """Ouverte, et l'échéance est passée."""
        return qs.en_retard(timezone.localdate())
