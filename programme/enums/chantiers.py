"""Valeurs closes des chantiers : leur état, la reprise des données, les demandes de paramétrage."""

from django.db.models import TextChoices


class Chantier(TextChoices):
    """Les cinq chantiers que la préparation mène de front."""

    PARAMETRAGE = "parametrage", "Paramétrage local"
    DROITS = "droits", "Droits d'accès"
    FORMATION = "formation", "Formation et écrits"
    MATERIEL = "materiel", "Matériel et accès"
    REPRISE = "reprise", "Reprise des données"


class EtatChantier(TextChoices):
    """Où en est un chantier."""

    A_COMMENCER = "a_commencer", "À commencer"
    EN_COURS = "en_cours", "En cours"
    PRET = "pret", "Prêt"
    SANS_OBJET = "sans_objet", "Sans objet"


class SourceReprise(TextChoices):
    """Où sont les données avant le DUI."""

    PAPIER = "papier", "Papier"
    BUREAUTIQUE = "bureautique", "Bureautique"
    ANCIEN_DUI = "ancien_dui", "Ancien DUI"
    AUTRE = "autre", "Autre logiciel"


class MoyenReprise(TextChoices):
    """Comment elles passent dans le DUI ; « pas reprises » est une réponse."""

    INTERNE = "interne", "Saisie par l'équipe"
    EDITEUR = "editeur", "Import par l'éditeur"
    PRESTATAIRE = "prestataire", "Prestataire, renfort"
    NUMERISATION = "numerisation", "Numérisation"
    AUCUN = "aucun", "Pas reprises, consultées où elles sont"


class EtatDemande(TextChoices):
    """États d'une demande de paramétrage."""

    OUVERTE = "ouverte", "Ouverte"
    INSTRUITE = "instruite", "Instruite"
    CLOSE = "close", "Close"
    RETIREE = "retiree", "Retirée"


class AttenteDemande(TextChoices):
    """De qui une demande de paramétrage attend la suite."""

    PROJET = "projet", "Le chef de projet"
    DIRECTION = "direction", "La direction de l'ESMS"
    EDITEUR = "editeur", "L'éditeur"


class IssueDemande(TextChoices):
    """Ce qu'une demande de paramétrage a donné : souvent, c'est la pratique qui change (PEP 76)."""

    PRATIQUE = "pratique", "On change la pratique"
    REGLAGE = "reglage", "Le réglage est fait"
    EDITEUR = "editeur", "L'éditeur fait évoluer le DUI"
    DROIT = "droit", "C'est une question de droit"
