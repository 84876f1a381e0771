"""Valeurs closes des questionnaires et des risques. Les mots affichés sont ceux du métier (metier §5)."""

from django.db.models import IntegerChoices, TextChoices


class ObjetQuestionnaire(TextChoices):
    """Ce qu'un questionnaire mesure ; dit qui peut en lire les réponses."""

    RISQUES = "risques", "Risques du projet"
    EFFETS = "effets", "Effets du DUI"
    PREDIAGNOSTIC = "prediagnostic", "Ampleur du changement"
    LEVIERS = "leviers", "Leviers et griefs"
    AUTRE = "autre", "Autre sujet"


class EtatVersion(TextChoices):
    """États d'une version de questionnaire."""

    BROUILLON = "brouillon", "Brouillon"
    PUBLIEE = "publiee", "Publiée"
    RETIREE = "retiree", "Retirée"


class SensEchelle(TextChoices):
    """Ce que dit une note haute."""

    DEFAVORABLE = "defavorable", "Plus la note est haute, plus c'est un risque"
    FAVORABLE = "favorable", "Plus la note est haute, mieux c'est"
    INCONNU = "inconnu", "Sens inconnu"


class CategorieRisque(TextChoices):
    """Les six catégories de risques."""

    ORGANISATIONNEL = "organisationnel", "Organisationnel"
    FINANCIER = "financier", "Financier"
    HUMAIN = "humain", "Humain"
    JURIDIQUE = "juridique", "Juridique"
    TECHNIQUE = "technique", "Technique"
    STRATEGIQUE = "strategique", "Stratégique"


class PhaseCampagne(TextChoices):
    """Quand on interroge."""

    DEMARRAGE = "demarrage", "Démarrage"
    FIN_DE_PHASE = "fin_de_phase", "Fin de phase"
    BILAN = "bilan", "Bilan"


class PorteeCampagne(TextChoices):
    """Sur quoi porte chaque évaluation d'une campagne."""

    GRAPPE = "grappe", "La grappe, une fois"
    ESMS = "esms", "Chaque ESMS"


class EtatCampagne(TextChoices):
    """États d'une campagne."""

    PREPAREE = "preparee", "Préparée"
    OUVERTE = "ouverte", "Ouverte"
    CLOSE = "close", "Close"


class NatureGrille(TextChoices):
    """Qui remplit une grille de réponses."""

    INDIVIDUELLE = "individuelle", "Réponse d'une personne"
    REUNION = "reunion", "Réponse en réunion"
    CONSENSUS = "consensus", "Consensus"


class EtatGrille(TextChoices):
    """Où en est une grille de réponses."""

    A_REPONDRE = "a_repondre", "À répondre"
    COMMENCEE = "commencee", "Commencée"
    TRANSMISE = "transmise", "Transmise"
    PRECISION = "precision", "Précision demandée"
    VALIDEE = "validee", "Validée"


class Regard(TextChoices):
    """À quel titre on répond : les regards se confrontent, les personnes ne se comparent pas."""

    PROJET = "projet", "Conduite du projet"
    DIRECTION = "direction", "Direction"
    CODIR = "codir", "CODIR"
    TERRAIN = "terrain", "Équipe de terrain"
    NUMERIQUE = "numerique", "Équipe numérique"
    AUTRE = "autre", "Autre regard"


class EtatAnalyse(TextChoices):
    """Où en est l'analyse locale des risques d'un ESMS."""

    A_FAIRE = "a_faire", "À faire"
    TRANSMISE = "transmise", "Transmise"
    PRECISION = "precision", "Précision demandée"
    ACCEPTEE = "acceptee", "Acceptée"


class EtatRisque(TextChoices):
    """États d'un risque du registre."""

    IDENTIFIE = "identifie", "Identifié"
    TRAITE = "traite", "En traitement"
    MAITRISE = "maitrise", "Maîtrisé"
    CLOS = "clos", "Clos"


class Probabilite(IntegerChoices):
    """Probabilité d'un risque, de 1 à 4."""

    RARE = 1, "Rare"
    OCCASIONNEL = 2, "Occasionnel"
    FREQUENT = 3, "Fréquent"
    CERTAIN = 4, "Certain"


class Impact(IntegerChoices):
    """Impact d'un risque, de 1 à 4."""

    MINEUR = 1, "Mineur"
    MOYEN = 2, "Moyen"
    IMPORTANT = 3, "Important"
    BLOQUANT = 4, "Bloquant"


class NiveauRisque(TextChoices):
    """Les quatre niveaux d'un risque ; le dernier appelle un arrêt."""

    ACCEPTABLE = "acceptable", "Acceptable"
    SIGNIFICATIF = "significatif", "Significatif"
    CRITIQUE = "critique", "Critique"
    INACCEPTABLE = "inacceptable", "Inacceptable"

    @property
    def rang(self) -> int:
        """Du moins grave au plus grave, de 1 à 4."""
        return list(NiveauRisque).index(self) + 1


class IssueSuite(TextChoices):
    """Ce qu'on a fait de ce qu'une réponse inquiétante proposait."""

    RETENUE = "retenue", "Retenue"
    ECARTEE = "ecartee", "Écartée"


class ObjetPartage(TextChoices):
    """Ce qu'un partage ouvre au financeur."""

    RISQUES = "risques", "Analyse et registre des risques"
    PREDIAGNOSTIC = "prediagnostic", "Pré-diagnostic du changement"
    LEVIERS = "leviers", "Leviers et griefs"
