"""Valeurs closes de l'annuaire : secteurs, événements."""

from django.db.models import TextChoices


class Secteur(TextChoices):
    """Secteur déduit de la catégorie FINESS."""

    PA = "PA", "Personnes âgées"
    PH_ADULTE = "PH_ADULTE", "Handicap, adultes"
    PH_ENFANT = "PH_ENFANT", "Handicap, enfants"
    DOMICILE = "DOMICILE", "Domicile"
    SOCIAL = "SOCIAL", "Social"


class NatureEvenement(TextChoices):
    """Ce que l'annuaire garde de l'histoire d'un ESMS."""

    OG = "og", "Changement d'organisme gestionnaire"
    FERMETURE = "fermeture", "Fermeture"
    REOUVERTURE = "reouverture", "Réouverture"
    FUSION = "fusion", "Fusion déclarée"
