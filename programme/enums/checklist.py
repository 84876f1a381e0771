"""Valeurs closes de la checklist du directeur."""

from django.db.models import TextChoices


class RoleDuDirecteur(TextChoices):
    """Les cinq rôles de la méthode du directeur (ANAP 1 à 5)."""

    GOUVERNANCE = "gouvernance", "Membre de la gouvernance"
    SPONSOR = "sponsor", "Sponsor du projet"
    RELAIS = "relais", "Relais de terrain"
    PILOTE_LOCAL = "pilote_local", "Pilote local"
    SOUTIEN = "soutien", "Soutien après le déploiement"


class Niveau(TextChoices):
    """Où l'on répond à une action de la checklist, du plus large au plus proche ; la réponse vaut pour tous dessous."""

    GRAPPE = "grappe", "Grappe"
    OG = "og", "Organisme gestionnaire"
    GROUPE = "groupe", "Groupe d'ESMS"
    ESMS = "esms", "ESMS"


class StatutAction(TextChoices):
    """Où en est une action de la checklist, sans arranger la réponse."""

    A_FAIRE = "a_faire", "À faire"
    EN_COURS = "en_cours", "En cours"
    EN_ATTENTE = "en_attente", "En attente d'autrui"
    FAIT = "fait", "Fait"
    DEJA_FAIT = "deja_fait", "Déjà fait avant le projet"
    SANS_OBJET = "sans_objet", "Sans objet"


class SansObjetSi(TextChoices):
    """Ce qui dispense d'office d'une action de la checklist."""

    MARCHE_PASSE = "marche_passe", "le marché est passé"
    CONFORMITE = "conformite", "c'est une mise en conformité"
    DEJA_CONFORME = "deja_conforme", "le DUI en place est déjà conforme"
