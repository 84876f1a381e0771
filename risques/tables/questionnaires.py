"""Table des questionnaires : une ligne par questionnaire et par portée."""

from typing import Any

from django.db.models import TextChoices
from django.urls import reverse

from programme.socle.tables import Entier, Lien, TableListe, Texte
from programme.socle.temps_de_saisie import en_mots
from programme.tables.cellules import EtatNomme
from risques.enums import EtatVersion, ObjetQuestionnaire
from risques.models.questionnaires import TREILLE


def _vers_questionnaire(version: Any) -> str:
    return reverse("risques:questionnaire-detail", args=[version.questionnaire.code])


class Valeur(Texte):
    """Le mot d'une valeur close."""

    def __init__(self, valeurs: type[TextChoices], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.valeurs = valeurs

    def render(self, value: str) -> str:
        """Tel que l'énumération le dit."""
        return str(self.valeurs(value).label)

    def value(self, value: str) -> str:
        """Le même mot."""
        return self.render(value)


class Minutes(Texte):
    """Une durée, en minutes."""

    def render(self, value: int) -> str:
        """« 2 h 30 »."""
        return en_mots(value * 60)

    def value(self, value: int) -> int:
        """Le nombre même."""
        return value


class QuestionnaireTable(TableListe):
    """La version qui représente chaque questionnaire (`nb_questions`, `rang_etat` : annotés)."""

    nom = Lien(
        verbose_name="Questionnaire",
        accessor="questionnaire__nom",
        order_by="questionnaire__nom",
        url=_vers_questionnaire,
    )
    objet = Valeur(
        ObjetQuestionnaire,
        verbose_name="Mesure",
        accessor="questionnaire__objet",
        order_by="questionnaire__objet",
    )
    de_qui = Texte(
        verbose_name="De",
        order_by="grappe__tri",
        sources=("questionnaire_id", "grappe__nom"),
        depuis=lambda _, nom: nom or TREILLE,
    )
    version = Entier(verbose_name="Version", accessor="numero", order_by="numero")
    etat = EtatNomme(EtatVersion, de_cote=EtatVersion.RETIREE)
    nb_questions = Entier(verbose_name="Questions")
    duree_minutes = Minutes(verbose_name="Durée", classe="num insecable")
    code = Texte(verbose_name="Code", accessor="questionnaire__code", order_by="questionnaire__code")
    provenance = Texte(verbose_name="Provenance", orderable=False)

    colonne_titre = "nom"
    legende = "Questionnaires"
    par_defaut = ("nom", "objet", "de_qui", "version", "etat", "nb_questions", "duree_minutes")
