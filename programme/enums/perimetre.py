"""Valeurs closes des rôles et de leur étendue."""

from django.db.models import TextChoices


class Role(TextChoices):
    """Rôles : ce que l'on vient faire dans Treille."""

    CHEF_PROJET = "chef_projet", "Chef de projet"
    DIRECTEUR = "directeur", "Directeur"
    REFERENT = "referent", "Référent local"
    SIEGE = "siege", "Siège de l'organisme gestionnaire"
    ARS = "ars", "Référent ARS"
    GRADES = "grades", "Accompagnateur GRADeS"
    APPUI = "appui", "Équipe d'appui"
    MEMBRE = "membre", "Membre d'instance"
    ADMIN = "admin", "Administrateur"


def role_a_l_ecran(libelle: str) -> str:
    """« Directeur par intérim » → « Direction par intérim » : le journal garde le titre, l'écran n'a pas de genre."""
    return libelle.replace(Role.DIRECTEUR.label, "Direction", 1)


class Portee(TextChoices):
    """Étendue d'une affectation."""

    NATIONAL = "national", "National"
    REGION = "region", "Région"
    GRAPPE = "grappe", "Grappe"
    OG = "og", "Organisme gestionnaire"
    GROUPE = "groupe", "Groupe d'ESMS"
    ESMS = "esms", "ESMS"


class Titre(TextChoices):
    """À quel titre on tient un rôle."""

    TITULAIRE = "titulaire", "Titulaire"
    INTERIM = "interim", "Par intérim"
    DELEGATION = "delegation", "Par délégation"
