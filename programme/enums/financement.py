"""Valeurs closes du financement."""

from django.db.models import TextChoices


class EtatJalon(TextChoices):
    """États d'un jalon de financement."""

    A_PRODUIRE = "a_produire", "À produire"
    TRANSMIS = "transmis", "Transmis"
    PRECISION = "precision", "Précision demandée"
    ACCEPTE = "accepte", "Accepté"
    VERSE = "verse", "Versé"
    ABANDONNE = "abandonne", "Abandonné"


FRISE_JALON = (EtatJalon.A_PRODUIRE, EtatJalon.TRANSMIS, EtatJalon.ACCEPTE, EtatJalon.VERSE)


class NatureAvenant(TextChoices):
    """Ce qu'un avenant change à la convention."""

    ENTREE = "entree", "Entrée d'ESMS"
    SORTIE = "sortie", "Sortie d'ESMS"
    CALENDRIER = "calendrier", "Calendrier"
    EDITEUR = "editeur", "Changement d'éditeur"
