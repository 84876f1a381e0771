"""Valeurs closes des rappels par courriel."""

from django.db.models import IntegerChoices, TextChoices


class FrequenceRappel(TextChoices):
    """À quelle cadence un compte reçoit son rappel par courriel."""

    SEMAINE = "semaine", "Chaque semaine"
    QUINZAINE = "quinzaine", "Toutes les deux semaines"
    MOIS = "mois", "Chaque mois"
    JAMAIS = "jamais", "Jamais"


class JourRappel(IntegerChoices):
    """Le jour ouvré du rappel, compté comme `date.isoweekday`."""

    LUNDI = 1, "Lundi"
    MARDI = 2, "Mardi"
    MERCREDI = 3, "Mercredi"
    JEUDI = 4, "Jeudi"
    VENDREDI = 5, "Vendredi"


class IssueRappel(TextChoices):
    """Ce qu'il est advenu du rappel d'un compte, pour une semaine."""

    RESERVE = "reserve", "Réservé"
    ENVOYE = "envoye", "Envoyé"
    RIEN = "rien", "Rien à dire"
    ECHEC = "echec", "Échec"
