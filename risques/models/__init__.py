"""Modèles des questionnaires et des risques, un module par agrégat."""

from risques.models.analyses import AnalyseLocale, InstantaneAnalyse, LigneAnalyse
from risques.models.campagnes import Campagne, Evaluation
from risques.models.grilles import Grille, Instantane, Reponse
from risques.models.partages import PartageRisques
from risques.models.questionnaires import Question, Questionnaire, Section, VersionQuestionnaire
from risques.models.registre import BaremeRisques, Risque, SuiteDonnee

__all__ = [
    "AnalyseLocale",
    "BaremeRisques",
    "Campagne",
    "Evaluation",
    "Grille",
    "Instantane",
    "InstantaneAnalyse",
    "LigneAnalyse",
    "PartageRisques",
    "Question",
    "Questionnaire",
    "Reponse",
    "Risque",
    "Section",
    "SuiteDonnee",
    "VersionQuestionnaire",
]
