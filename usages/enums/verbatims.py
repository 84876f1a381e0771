"""Un verbatim : qui parle, son accord, ce qu'on en a fait (metier §9 et §10)."""

from django.db.models import TextChoices


class Consentement(TextChoices):
    """L'accord de qui a dit un verbatim : sans lui, il ne sort d'aucun document."""

    A_DEMANDER = "a_demander", "À demander"
    DONNE = "donne", "Donné"
    REFUSE = "refuse", "Refusé"
    RETIRE = "retire", "Retiré"


class VoixDite(TextChoices):
    """Qui parle dans un verbatim."""

    NON_DITE = "", "Non dit"
    PROFESSIONNEL = "professionnel", "Un professionnel"
    DIRECTION = "direction", "Une direction"
    PERSONNE = "personne", "Une personne accompagnée"
    PROCHE = "proche", "Un proche"


class SituationDite(TextChoices):
    """Ce que la loi dit de qui parle : d'un mineur, d'une personne protégée, il faut aussi l'accord du représentant."""

    INCONNUE = "", "Non dite"
    MAJEUR = "majeur", "Majeure"
    MINEUR = "mineur", "Mineure"
    PROTEGE = "protege", "Majeure protégée"


class Anonymat(TextChoices):
    """Ce qu'on a fait pour qu'on ne reconnaisse personne."""

    A_FAIRE = "a_faire", "À relire"
    FAIT = "fait", "Personne ne s'y reconnaît"
    RECONNAISSABLE = "reconnaissable", "On reconnaît qui parle"
