"""Valeurs closes des actions."""

from django.db.models import TextChoices


class EtatAction(TextChoices):
    """États d'une action."""

    A_FAIRE = "a_faire", "À faire"
    EN_COURS = "en_cours", "En cours"
    FAITE = "faite", "Faite"
    ABANDONNEE = "abandonnee", "Abandonnée"
