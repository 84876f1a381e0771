"""Valeurs closes du moment d'un ESMS : le choix de sa vague, ses conflits de calendrier, sa candidature de pilote."""

from django.db.models import TextChoices


class EtatMoment(TextChoices):
    """Où en est l'échange sur le moment d'un ESMS."""

    A_DIRE = "a_dire", "À dire"
    PROPOSE = "propose", "Proposé à la direction"
    DEMANDE = "demande", "Demandé au chef de projet"
    ACCEPTE = "accepte", "Accepté"
    PORTE = "porte", "Porté au COMOP"
    ARBITRE = "arbitre", "Arbitré par le COMOP"
    RETIRE = "retire", "Retiré"
    CLASSE = "classe", "Classé sans suite"


class NatureConflit(TextChoices):
    """Ce qui occupe l'ESMS au point de peser sur le choix de son moment."""

    PROJET = "projet", "Autre projet"
    EVALUATION = "evaluation", "Visite d'évaluation"
    TRAVAUX = "travaux", "Travaux"
    DEMENAGEMENT = "demenagement", "Déménagement"
    FERMETURE = "fermeture", "Congés, fermeture"
    AUTRE = "autre", "Autre conflit"


class EtatCandidature(TextChoices):
    """Où en est une candidature de site pilote."""

    PRESENTEE = "presentee", "Présentée"
    DESIGNEE = "designee", "Retenue"
    DECLINEE = "declinee", "Déclinée"
    RETIREE = "retiree", "Retirée"


class CriterePilote(TextChoices):
    """Ce qu'une candidature dit d'elle-même ; ce que Treille mesure s'y ajoute (ANAP 3.5)."""

    VOLONTAIRE = "volontaire", "Direction volontaire"
    DISPONIBLE = "disponible", "Équipe disponible"
    STABLE = "stable", "Équipe stable"
    TAILLE = "taille", "Taille raisonnable"
    REPRESENTATIF = "representatif", "Semblable à ceux qui suivront"
    TRANSMET = "transmet", "Prêt à raconter aux suivants"


class AvisCritere(TextChoices):
    """Réponse à un critère : ne pas savoir encore est une réponse."""

    OUI = "oui", "Oui"
    NON = "non", "Non"
    PAS_DIT = "pas_dit", "Pas encore dit"
