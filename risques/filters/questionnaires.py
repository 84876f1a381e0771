"""Filtres des questionnaires."""

from typing import Any

from django.db.models import QuerySet

from programme.socle.filtres import Choix, FiltreListe
from risques.enums import EtatVersion, ObjetQuestionnaire
from risques.models import VersionQuestionnaire

DE_TREILLE, DE_GRAPPE = "treille", "grappe"


class QuestionnaireFilter(FiltreListe):
    """Ce qu'il mesure, de qui il est, son état."""

    objet = Choix(label="Mesure", field_name="questionnaire__objet", choices=ObjetQuestionnaire.choices)
    de = Choix(label="De", choices=[(DE_TREILLE, "Treille"), (DE_GRAPPE, "une grappe")], method="de_qui")
    etat = Choix(label="État", choices=EtatVersion.choices)

    class Meta:
        model = VersionQuestionnaire
        fields: list[str] = []

    def de_qui(self, qs: Any, name: str, value: str) -> QuerySet:
        """De Treille, ou d'une grappe."""
        return qs.filter(grappe__isnull=value == DE_TREILLE)
