"""Valeurs closes des indicateurs et des usages. Les mots affichés sont ceux du métier (metier §8)."""

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


class SourceUsage(TextChoices):
    """Ce que l'éditeur a fourni."""

    JOURNAL = "journal", "Journal des connexions"
    LISTE = "liste", "Liste d'utilisateurs et dernière connexion"


class TrancheDuJour(TextChoices):
    """Quand on se connecte, en trois tranches : rien de plus fin."""

    MATIN = "matin", "De 6 h à 14 h"
    APRES_MIDI = "apres_midi", "De 14 h à 21 h"
    NUIT = "nuit", "De 21 h à 6 h"


class LieuConnexion(TextChoices):
    """D'où l'on se connecte : jamais l'unité, jamais le poste."""

    INCONNU = "", "Lieu non dit"
    SUR_PLACE = "sur_place", "Dans l'ESMS"
    A_DISTANCE = "a_distance", "À distance"


class EtatDemandeEditeur(TextChoices):
    """États d'une demande à l'éditeur."""

    ENVOYEE = "envoyee", "Envoyée"
    REPONDUE = "repondue", "Réponse reçue"
    CLOSE = "close", "Close"
    ABANDONNEE = "abandonnee", "Abandonnée"


class NatureDemandeEditeur(TextChoices):
    """Ce qu'on attend de l'éditeur."""

    ANOMALIE = "anomalie", "Une anomalie à corriger"
    EVOLUTION = "evolution", "Une évolution"
    QUESTION = "question", "Une réponse"
    DONNEES = "donnees", "Un accès aux données"


class NatureSurveillance(TextChoices):
    """Ce qu'une règle surveille."""

    SEUIL = "seuil", "Seuil franchi"
    CHUTE = "chute", "Chute sur plusieurs relevés"
    CIBLE = "cible", "Cible manquée à son échéance"
    ROUTINE = "routine", "Routine fragilisée"


class EtatPreuve(TextChoices):
    """États d'une preuve d'usage."""

    PREPAREE = "preparee", "En préparation"
    SIGNEE = "signee", "Signée"
    ANNULEE = "annulee", "Annulée"


class EtatRetour(TextChoices):
    """États d'un retour de terrain (metier §9)."""

    NOUVEAU = "nouveau", "Nouveau"
    QUALIFIE = "qualifie", "Qualifié"
    EN_COURS = "en_cours", "En cours"
    RESOLU = "resolu", "Résolu"
    PUBLIE = "publie", "Réponse publiée"
    NON_RETENU = "non_retenu", "Non retenu"
    REGROUPE = "regroupe", "Regroupé"


class GraviteRetour(TextChoices):
    """Ce que le problème empêche."""

    MINEURE = "mineure", "On fait avec"
    GENANTE = "genante", "Ça gêne le travail"
    BLOQUANTE = "bloquante", "On ne peut plus travailler"


class VoieRetour(TextChoices):
    """Qui s'en occupe, pendant qu'un retour est en cours."""

    INTERNE = "interne", "Dans l'ESMS ou la grappe"
    EDITEUR = "editeur", "Chez l'éditeur"


class ThemeRetour(TextChoices):
    """De quoi il s'agit, dit par qui qualifie."""

    ERGONOMIE = "ergonomie", "Écrans et saisie"
    PARAMETRAGE = "parametrage", "Paramétrage"
    ACCES = "acces", "Droits et connexion"
    MATERIEL = "materiel", "Matériel et réseau"
    DONNEES = "donnees", "Données reprises"
    PANNE = "panne", "Panne ou lenteur"
    FORMATION = "formation", "Formation et aide"
    ORGANISATION = "organisation", "Organisation du travail"


class NiveauRetour(TextChoices):
    """D'où parle le retour : dans une petite équipe, on peut choisir de parler au nom de l'ESMS."""

    UNITE = "unite", "Mon unité"
    ESMS = "esms", "L'établissement"


class CanalRetour(TextChoices):
    """Comment son auteur veut connaître la réponse."""

    AUCUN = "aucun", "Je lirai l'affiche"
    CODE = "code", "Par un code que je garde"
    COURRIEL = "courriel", "Par courriel"
    COMPTE = "compte", "Dans Treille"


class NatureSuite(TextChoices):
    """Ce qu'un retour est devenu."""

    ACTION = "action", "Une action"
    RISQUE = "risque", "Un risque"
    EDITEUR = "editeur", "Une demande à l'éditeur"
    SEANCE = "seance", "Un point d'ordre du jour"
    ENSEIGNEMENT = "enseignement", "Un enseignement du pilote"
    ARRIVANT = "arrivant", "Une personne à former"
    VERBATIM = "verbatim", "Un verbatim"


class EtatEnseignement(TextChoices):
    """États d'un enseignement du pilote."""

    OUVERT = "ouvert", "Ouvert"
    CLOS = "clos", "Clos"


class EtatPratique(TextChoices):
    """États d'une pratique partagée."""

    BROUILLON = "brouillon", "Brouillon"
    PARTAGEE = "partagee", "Partagée"
    RETIREE = "retiree", "Retirée"


class Consentement(TextChoices):
    """L'accord de qui a dit un verbatim : sans lui, il ne sort d'aucun document."""

    A_DEMANDER = "a_demander", "À demander"
    DONNE = "donne", "Donné"
    REFUSE = "refuse", "Refusé"
    RETIRE = "retire", "Retiré"
