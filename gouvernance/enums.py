"""Valeurs closes de la gouvernance. Les mots affichés sont ceux du métier (metier §6)."""

from django.db.models import TextChoices


class TypeInstance(TextChoices):
    """Ce qu'est une instance, et donc ce qu'elle peut."""

    COSTRAT = "costrat", "COSTRAT"
    COMOP = "comop", "COMOP"
    UTILISATEURS = "utilisateurs", "Comité utilisateurs"
    COPIL = "copil", "COPIL"
    COSUIV = "cosuiv", "COSUIV"
    CODIR = "codir", "CODIR adossé"


LEVENT_UNE_CONDITION = (TypeInstance.COSTRAT, TypeInstance.COMOP)
"""Les seules qui lèvent une condition qui barre (metier §3)."""
TRAITENT_LES_ALERTES = (TypeInstance.COMOP, TypeInstance.COSTRAT)
"""Celles qui répondent aux alertes, et devant qui se nomment les risques d'un ESMS (metier §6)."""
SUIVENT = (TypeInstance.COMOP, TypeInstance.COPIL, TypeInstance.COSUIV)
ARBITRENT = (TypeInstance.COSTRAT, TypeInstance.CODIR)
TRANCHENT = (TypeInstance.COMOP,)
"""Ce que fait une instance (metier §6) : suivre le déploiement, arbitrer ce qu'on lui porte, trancher un calendrier."""


class Cadence(TextChoices):
    """À quel rythme une instance se réunit."""

    MENSUELLE = "mensuelle", "Tous les mois"
    BIMESTRIELLE = "bimestrielle", "Tous les deux mois"
    TRIMESTRIELLE = "trimestrielle", "Tous les trois mois"
    SEMESTRIELLE = "semestrielle", "Deux fois par an"
    LIBRE = "libre", "À la demande"


MOIS_PAR_CADENCE = {
    Cadence.MENSUELLE: 1,
    Cadence.BIMESTRIELLE: 2,
    Cadence.TRIMESTRIELLE: 3,
    Cadence.SEMESTRIELLE: 6,
}
"""Mois d'une séance à la suivante ; absente, on se réunit à la demande."""


class Represente(TextChoices):
    """Au nom de qui un membre siège."""

    CONDUITE = "conduite", "La conduite du projet"
    OG = "og", "Un organisme gestionnaire"
    CATEGORIE = "categorie", "Une catégorie d'ESMS"
    ZONE = "zone", "Une zone"
    ESMS = "esms", "Un ESMS"
    UTILISATEURS = "utilisateurs", "Les utilisateurs du DUI"
    PERSONNES = "personnes", "Les personnes accompagnées et leurs proches"


class EtatSeance(TextChoices):
    """États d'une séance."""

    PREPAREE = "preparee", "Préparée"
    OUVERTE = "ouverte", "Ouverte"
    CLOSE = "close", "Close"
    DIFFUSEE = "diffusee", "Compte rendu diffusé"
    ANNULEE = "annulee", "Annulée"


class NaturePoint(TextChoices):
    """Ce qu'on attend d'un point de l'ordre du jour."""

    INFORMATION = "information", "Information"
    ECHANGE = "echange", "Échange"
    DECISION = "decision", "Décision"


class SuitePoint(TextChoices):
    """Ce qu'un point est devenu."""

    A_TRAITER = "a_traiter", "À traiter"
    TRAITE = "traite", "Traité"
    REPORTE = "reporte", "Reporté"
    RETIRE = "retire", "Retiré"


class TypeIssue(TextChoices):
    """Ce qui sort d'un point."""

    INFORMATION = "information", "Information"
    DECISION = "decision", "Décision"
    ACTION = "action", "Action"


class StatutPresence(TextChoices):
    """Un membre, ce jour-là."""

    PRESENT = "present", "Présent"
    SUPPLEE = "supplee", "Suppléé"
    EXCUSE = "excuse", "Excusé"
    ABSENT = "absent", "Absent"


COMPTENT_AU_QUORUM = (StatutPresence.PRESENT, StatutPresence.SUPPLEE)


class EtatDecision(TextChoices):
    """États d'une décision."""

    INSTRUITE = "instruite", "Instruite"
    ARBITREE = "arbitree", "Arbitrée"
    APPLIQUEE = "appliquee", "Appliquée"
    ABANDONNEE = "abandonnee", "Abandonnée"
    REVISEE = "revisee", "Révisée"


class EffetDecision(TextChoices):
    """Ce qu'une décision change dans Treille."""

    SUITE = "suite", "Une suite à donner"
    LEVEE = "levee", "Une condition levée"
    REGLAGE = "reglage", "Ce que demande un passage"
    CALENDRIER = "calendrier", "Une date ou une vague de déploiement"
    CIBLE = "cible", "Une cible"


class EtatAlerte(TextChoices):
    """États d'une alerte."""

    LEVEE = "levee", "À prendre en charge"
    PRISE_EN_CHARGE = "prise_en_charge", "Prise en charge"
    PORTEE = "portee", "Portée au COSTRAT"
    CLOSE = "close", "Close"


class OrigineAlerte(TextChoices):
    """Qui a donné l'alerte."""

    ESMS = "esms", "Un ESMS"
    GRAPPE = "grappe", "La conduite du projet"
    REGLE = "regle", "Une règle de Treille"


class Public(TextChoices):
    """À qui s'adresse une entrée du journal du projet."""

    INSTANCES = "instances", "Les membres des instances"
    DIRECTIONS = "directions", "Les directions et les sièges"
    EQUIPES = "equipes", "Les équipes"
    FINANCEUR = "financeur", "Le financeur"
    PERSONNES = "personnes", "Les personnes accompagnées et leurs proches"
