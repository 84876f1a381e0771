"""Les retours de terrain, les enseignements, les pratiques (metier §9)."""

from django.db.models import TextChoices


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
