"""Ce que disent les fichiers des éditeurs, ce qu'on leur demande, ce qu'une règle surveille ; la preuve d'usage."""

from django.db.models import TextChoices


class SourceUsage(TextChoices):
    """Ce que l'éditeur a fourni."""

    JOURNAL = "journal", "Journal des connexions"
    LISTE = "liste", "Liste d'utilisateurs et dernière connexion"


class TrancheDuJour(TextChoices):
    """Quand on se connecte, en trois tranches : rien de plus fin."""

    MATIN = "matin", "De 6 h à 14 h"
    APRES_MIDI = "apres_midi", "De 14 h à 21 h"
    NUIT = "nuit", "De 21 h à 6 h"


class LieuConnexion(TextChoices):
    """D'où l'on se connecte : jamais l'unité, jamais le poste."""

    INCONNU = "", "Lieu non dit"
    SUR_PLACE = "sur_place", "Dans l'ESMS"
    A_DISTANCE = "a_distance", "À distance"


class EtatDemandeEditeur(TextChoices):
    """États d'une demande à l'éditeur."""

    ENVOYEE = "envoyee", "Envoyée"
    REPONDUE = "repondue", "Réponse reçue"
    CLOSE = "close", "Close"
    ABANDONNEE = "abandonnee", "Abandonnée"


class NatureDemandeEditeur(TextChoices):
    """Ce qu'on attend de l'éditeur."""

    ANOMALIE = "anomalie", "Une anomalie à corriger"
    EVOLUTION = "evolution", "Une évolution"
    QUESTION = "question", "Une réponse"
    DONNEES = "donnees", "Un accès aux données"


class NatureSurveillance(TextChoices):
    """Ce qu'une règle surveille."""

    SEUIL = "seuil", "Seuil franchi"
    CHUTE = "chute", "Chute sur plusieurs relevés"
    CIBLE = "cible", "Cible manquée à son échéance"
    ROUTINE = "routine", "Routine fragilisée"


class EtatPreuve(TextChoices):
    """États d'une preuve d'usage."""

    PREPAREE = "preparee", "En préparation"
    SIGNEE = "signee", "Signée"
    ANNULEE = "annulee", "Annulée"
