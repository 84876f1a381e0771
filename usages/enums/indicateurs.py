"""Les indicateurs, leurs relevés, leurs agrégats (metier §8)."""

from django.db.models import TextChoices


class Famille(TextChoices):
    """À quel moment du projet un indicateur parle."""

    DEPLOIEMENT = "deploiement", "Déploiement"
    USAGE = "usage", "Usage"
    MAINTIEN = "maintien", "Maintien"


class Forme(TextChoices):
    """Ce qu'est sa valeur, et donc ce qu'on en additionne."""

    RAPPORT = "rapport", "Rapport"
    COMPTE = "compte", "Compte"
    REPARTITION = "repartition", "Répartition"
    MONTANT = "montant", "Montant"
    DUREE = "duree", "Durée"
    TEXTE = "texte", "Texte"


EN_PARTS = (Forme.REPARTITION, Forme.DUREE)
"""Formes dont la valeur se détaille : une part par profil, ou par tranche de jours."""


class Sens(TextChoices):
    """Dans quel sens une valeur est bonne nouvelle."""

    HAUSSE = "hausse", "Plus c'est haut, mieux c'est"
    BAISSE = "baisse", "Plus c'est bas, mieux c'est"
    NEUTRE = "neutre", "Ni l'un ni l'autre"


class CadenceReleve(TextChoices):
    """Tous les combien il se relève."""

    MOIS = "mois", "Chaque mois"
    TRIMESTRE = "trimestre", "Chaque trimestre"
    ANNEE = "annee", "Chaque année"


MOIS_PAR_CADENCE = {CadenceReleve.MOIS: 1, CadenceReleve.TRIMESTRE: 3, CadenceReleve.ANNEE: 12}


class Origine(TextChoices):
    """D'où vient un chiffre."""

    CALCULE = "calcule", "Calculé"
    SAISI = "saisi", "Saisi"
    IMPORTE = "importe", "Importé"


class Denominateur(TextChoices):
    """À quoi l'on rapporte : trois populations qui ne s'échangent jamais, et celles de l'outil (metier §2)."""

    AUCUN = "aucun", "Sans dénominateur"
    PRESENTS = "presents", "Personnes présentes à la date du relevé"
    FILE_ACTIVE = "file_active", "File active sur la fenêtre dite"
    EFFECTIF = "effectif", "Effectif au 31 décembre"
    EN_POSTE = "en_poste", "Utilisateurs prévus en poste"
    AUTRE = "autre", "Autre, dit dans la définition"


class Absence(TextChoices):
    """Pourquoi un chiffre manque : ce n'est jamais un zéro."""

    NON_MESURABLE = "non_mesurable", "Non mesurable dans notre DUI"
    NON_CONCERNE = "non_concerne", "Non concerné"


class EtatReleve(TextChoices):
    """États d'un relevé."""

    SAISI = "saisi", "En saisie"
    TRANSMIS = "transmis", "Transmis"
    VALIDE = "valide", "Validé"
    VERROUILLE = "verrouille", "Verrouillé"


class EtatPrecision(TextChoices):
    """États d'une demande de précision sur un chiffre."""

    DEMANDEE = "demandee", "Précision demandée"
    REPONDUE = "repondue", "Réponse donnée"
    CLOSE = "close", "Close"


class Maille(TextChoices):
    """Ce qu'un agrégat réunit."""

    GRAPPE = "grappe", "Grappe"
    OG = "og", "Organisme gestionnaire"
    REGION = "region", "Région"
    NATIONAL = "national", "National"


class Taille(TextChoices):
    """Taille d'un ESMS, en utilisateurs prévus en poste : de quoi le comparer à ses semblables."""

    INCONNUE = "", "Taille inconnue"
    PETITE = "petite", "Moins de 25 utilisateurs"
    MOYENNE = "moyenne", "De 25 à 74 utilisateurs"
    GRANDE = "grande", "75 utilisateurs ou plus"


TAILLE_MOYENNE, TAILLE_GRANDE = 25, 75
"""Utilisateurs prévus en poste à partir desquels un ESMS n'est plus petit, puis est grand."""
