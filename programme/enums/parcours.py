"""Valeurs closes d'un parcours, de ses faits et de ses ouvertures."""

from django.db.models import TextChoices


class EtatParcours(TextChoices):
    """États d'un parcours, dans l'ordre de la frise, puis les états de côté."""

    RECENSE = "recense", "Recensé"
    CADRAGE = "cadrage", "Cadrage"
    PREPARATION = "preparation", "Préparation"
    PILOTE = "pilote", "Pilote"
    OUVERTURE = "ouverture", "Ouverture"
    SERVICE_REGULIER = "service_regulier", "Service régulier"
    ROUTINE = "routine", "Routine"
    SUSPENDU = "suspendu", "Suspendu"
    SORTI = "sorti", "Sorti du projet"


FRISE_PARCOURS = (
    EtatParcours.RECENSE,
    EtatParcours.CADRAGE,
    EtatParcours.PREPARATION,
    EtatParcours.PILOTE,
    EtatParcours.OUVERTURE,
    EtatParcours.SERVICE_REGULIER,
    EtatParcours.ROUTINE,
)


EN_CHEMIN = (EtatParcours.CADRAGE, EtatParcours.PREPARATION, EtatParcours.PILOTE, EtatParcours.OUVERTURE)
"""États où l'équipe accompagne un ESMS : ce que compte partout une vague face à sa capacité."""

A_ACCOMPAGNER = (EtatParcours.RECENSE, *EN_CHEMIN)
"""États où un ESMS rangé dans une vague y prend une place : il est accompagné, ou le sera."""


class EtatOuverture(TextChoices):
    """États d'une unité × module."""

    A_PREPARER = "a_preparer", "À préparer"
    PRETE = "prete", "Prête"
    OUVERTE = "ouverte", "Ouverte"
    STABILISEE = "stabilisee", "Stabilisée"
    HORS_PERIMETRE = "hors_perimetre", "Hors périmètre"


class TypeProjet(TextChoices):
    """Type de projet d'un ESMS dans sa grappe."""

    ACQUISITION = "acquisition", "Acquisition"
    MISE_EN_CONFORMITE = "mise_en_conformite", "Mise en conformité"
    USAGES = "usages", "Usages"


class PointDepart(TextChoices):
    """D'où part l'ESMS : les trois derniers changent les conditions."""

    PAPIER = "papier", "Papier"
    BUREAUTIQUE = "bureautique", "Bureautique"
    AUTRE_DUI = "autre_dui", "Autre DUI à migrer"
    MEME_DUI = "meme_dui", "Même DUI à mettre en conformité"
    DEJA_CONFORME = "deja_conforme", "DUI déjà conforme"


class MotifSortie(TextChoices):
    """Pourquoi un ESMS sort du projet."""

    RETRAIT = "retrait", "Retrait avant convention"
    AVENANT = "avenant", "Sortie par avenant"
    FERMETURE = "fermeture", "Fermeture"
    FUSION = "fusion", "Fusion avec un autre ESMS"
    TRANSFERT = "transfert", "Changement d'organisme gestionnaire"


class NatureFait(TextChoices):
    """Faits datés qui jalonnent un parcours : une date et une référence, jamais une pièce."""

    ANNONCE = "annonce", "Annonce du projet aux équipes"
    PREDIAGNOSTIC = "prediagnostic", "Pré-diagnostic du changement discuté"
    CONCERTATION = "concertation", "Concertation des équipes"
    BESOINS = "besoins", "Besoins exprimés"
    DIFFUSION = "diffusion", "Résultats des besoins diffusés aux équipes"
    CSE = "cse", "Consultation du CSE"
    CVS = "cvs", "Information du conseil de la vie sociale (CVS)"
    AIPD = "aipd", "AIPD ou inscription au registre des traitements"
    HEBERGEMENT = "hebergement", "Hébergement et sous-traitance"
    PARAMETRAGE = "parametrage", "Paramétrage local vérifié avec les équipes"
    PREREQUIS = "prerequis", "Prérequis techniques validés"
    ENSEIGNEMENTS = "enseignements", "Enseignements du pilote rédigés"
    LECTURE = "lecture", "Enseignements du pilote lus"
    INFORMATION = "information", "Information des personnes accompagnées et de leurs proches"
    MATERIEL = "materiel", "Matériel et accès en place"
    PROCEDURES = "procedures", "Procédures à jour, dégradée comprise"
    REPRISE = "reprise", "Reprise des données faite"
    ECRITS = "ecrits", "Écrits professionnels travaillés"
    ARRIVANTS = "arrivants", "Formation des arrivants au socle obligatoire"
    BILAN = "bilan", "Bilan du changement"


FAITS_A_DATER = frozenset(NatureFait) - {NatureFait.ENSEIGNEMENTS, NatureFait.LECTURE}
"""Ce qui se dit par une date. Les enseignements s'écrivent et se lisent un à un ; leurs dates d'avant restent."""


class TempsEcriture(TextChoices):
    """Temps d'écriture et de lecture : l'essentiel est de le dire."""

    NON_DECIDE = "non_decide", "Non décidé"
    DECIDE = "decide", "Décidé"
    REFUSE = "refuse", "Refusé"
