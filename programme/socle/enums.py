"""Valeurs closes du socle."""

from django.db.models import TextChoices


class Severite(TextChoices):
    """Ce que fait une condition non réunie ; `legale` ne se règle pas."""

    BARRE = "barre", "Barre"
    AVERTIT = "avertit", "Avertit"
    MASQUEE = "masquee", "Masquée"
    LEGALE = "legale", "Légal"


class Nature(TextChoices):
    """Comment un passage a été franchi."""

    DECIDE = "decide", "Décidé"
    SOUS_RESERVE = "sous_reserve", "Sous réserve"
    CONSTAT = "constat", "Situation constatée, non rejouée"


class EtatTravail(TextChoices):
    """Où en est une tâche de fond."""

    EN_ATTENTE = "en_attente", "En attente"
    EN_COURS = "en_cours", "En cours"
    TERMINE = "termine", "Terminé"
    ECHEC = "echec", "Échec"
    INTERROMPU = "interrompu", "Interrompu"


class UsageJeton(TextChoices):
    """Ce qu'un jeton ouvre."""

    API = "api", "L'API"
    CALENDRIER = "calendrier", "Le calendrier des séances"


class Partage(TextChoices):
    """À qui s'adresse une vue enregistrée."""

    MOI = "moi", "Moi seulement"
    GRAPPE = "grappe", "Une grappe"
    OG = "og", "Un organisme"
    ROLE = "role", "Un rôle"
