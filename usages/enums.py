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


class EtatEtude(TextChoices):
    """États d'une étude (metier §10)."""

    PREPARATION = "preparation", "En préparation"
    EN_COURS = "en_cours", "En cours"
    CLOSE = "close", "Close"


class RoleEtude(TextChoices):
    """Ce qu'on fait dans l'équipe d'une étude."""

    PILOTE = "pilote", "Pilote l'étude"
    AUTEUR = "auteur", "Visite, code et écrit"
    LECTEUR = "lecteur", "Lit"


class GenreEtape(TextChoices):
    """Ce que fait une étape de l'entonnoir ; les mots sont ceux de `calculs.entonnoir`."""

    FILTRE = "filtre", "Des prérequis"
    PASSAGE = "passage", "Un changement d'unité"
    EXCEPTIONS = "exceptions", "Des exceptions"
    SELECTION = "selection", "Un classement et des places"


class EtatVisite(TextChoices):
    """États d'une visite."""

    PROPOSEE = "proposee", "Proposée"
    ACCEPTEE = "acceptee", "Acceptée"
    FAITE = "faite", "Faite"
    REFUSEE = "refusee", "Refusée"
    ANNULEE = "annulee", "Annulée"


class FormeDeTemps(TextChoices):
    """Comment on recueille, à un moment de la visite."""

    OBSERVATION = "observation", "Observation"
    INDIVIDUEL = "individuel", "Entretien individuel"
    COLLECTIF = "collectif", "Entretien collectif"
    AUTRE = "autre", "Accueil, bilan"


class ThemeEffet(TextChoices):
    """Les thèmes d'une visite (metier §10) ; les six du milieu sont ceux des effets."""

    DEPLOIEMENT = "deploiement", "Déploiement"
    ORGANISATION = "organisation", "Organisation et métiers"
    QVCT = "qvct", "Qualité de vie et conditions de travail"
    AUTODETERMINATION = "autodetermination", "Autodétermination des personnes"
    ACCOMPAGNEMENT = "accompagnement", "Accompagnement des personnes"
    PILOTAGE = "pilotage", "Pilotage de la structure"
    EFFICIENCE = "efficience", "Efficience économique"
    SECTEUR = "secteur", "Transformation du secteur"


THEMES_D_EFFETS = tuple(t for t in ThemeEffet if t not in (ThemeEffet.DEPLOIEMENT, ThemeEffet.SECTEUR))
"""Les six thèmes dont une monographie décrit les effets, dans l'ordre de ses sections."""


class SensEffet(TextChoices):
    """Ce que l'effet change, pour qui en parle."""

    POSITIF = "positif", "Positif"
    NEGATIF = "negatif", "Négatif"
    MITIGE = "mitige", "Mitigé"
    AUCUN = "aucun", "Sans effet"


class ForceEffet(TextChoices):
    """Combien on le dit, et chez combien de métiers."""

    FAIBLE = "faible", "Faible"
    MOYENNE = "moyenne", "Moyenne"
    FORTE = "forte", "Forte"


class PreuveEffet(TextChoices):
    """Sur quoi il s'appuie."""

    DITE = "dite", "Dit par une personne"
    CROISEE = "croisee", "Dit par plusieurs métiers"
    OBSERVEE = "observee", "Observé sur place"
    MESUREE = "mesuree", "Mesuré"


class NatureConstat(TextChoices):
    """Ce qu'un constat apporte à la synthèse."""

    EFFET = "effet", "Un effet"
    LEVIER = "levier", "Un levier"
    FREIN = "frein", "Un frein"


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


class DroitPhoto(TextChoices):
    """L'accord sur une photo ; sans lui, elle ne sort d'aucun document."""

    A_DEMANDER = "a_demander", "À demander"
    ACCORDE = "accorde", "Accordé"
    REFUSE = "refuse", "Refusé"
    RETIRE = "retire", "Retiré"


class EtatMonographie(TextChoices):
    """États d'une monographie (metier §10)."""

    BROUILLON = "brouillon", "Brouillon"
    RELECTURE = "relecture", "En relecture par l'ESMS"
    VALIDEE = "validee", "Validée par la direction"
    PUBLIEE = "publiee", "Publiée"


class CodeSection(TextChoices):
    """Les sections d'une monographie, dans l'ordre du document."""

    FICHE = "fiche", "Fiche d'identité"
    VISITE = "visite", "Déroulé de la visite"
    HISTORIQUE = "historique", "Historique et contexte du projet"
    MOTIVATIONS = "motivations", "Motivations au déploiement"
    ACTEURS = "acteurs", "Acteurs du pilotage"
    STRATEGIE = "strategie", "Stratégie d'accompagnement et de formation"
    QUESTIONNAIRE = "questionnaire", "Données du questionnaire"
    ORGANISATION = "organisation", "Effets sur l'organisation"
    QVCT = "qvct", "Effets sur la qualité de vie et les conditions de travail"
    AUTODETERMINATION = "autodetermination", "Effets sur l'autodétermination des personnes"
    ACCOMPAGNEMENT = "accompagnement", "Effets sur l'accompagnement des personnes"
    PILOTAGE = "pilotage", "Effets sur le pilotage de la structure"
    EFFICIENCE = "efficience", "Effets sur l'efficience économique"
    RESUME = "resume", "Résumé des effets par thème"
    PERSPECTIVES = "perspectives", "Perspectives"
    GLOSSAIRE = "glossaire", "Glossaire"
    DOCUMENTS = "documents", "Documents consultés"
    METHODE = "methode", "Annexe : la méthode"


class CodeFait(TextChoices):
    """Ce qu'une monographie dit en une ligne : rempli par l'outil quand il le sait, écrit par l'équipe sinon."""

    TYPE = "type", "Type d'établissement"
    RAISON_SOCIALE = "raison_sociale", "Raison sociale"
    OG = "og", "Organisme gestionnaire"
    STATUT = "statut", "Statut juridique"
    FINESS_JURIDIQUE = "finess_juridique", "FINESS juridique"
    FINESS = "finess", "FINESS géographique"
    REGION = "region", "Région"
    DEPARTEMENT = "departement", "Département"
    ARS = "ars", "ARS qui finance"
    ETP = "etp", "Professionnels, en ETP"
    PERSONNES = "personnes", "Personnes accompagnées"
    TYPOLOGIE = "typologie", "Public accompagné"
    FINANCEMENT = "financement", "Année de financement"
    PARAMETRAGE = "parametrage", "Fin du paramétrage pour les ESMS de la grappe"
    VSR = "vsr", "Fin de la VSR pour les ESMS de la grappe"
    FORMES_DUI = "formes_dui", "Tous les professionnels formés au DUI"
    FORMES_SOCLES = "formes_socles", "Tous les professionnels formés aux services socles"
    UTILISATION = "utilisation", "Niveau d'utilisation par les professionnels"
    EFFETS_POSITIFS = "effets_positifs", "Effets positifs perçus"
    EFFETS_NEGATIFS = "effets_negatifs", "Effets négatifs perçus"
    EFFET_QVCT = "effet_qvct", "Effets sur la QVCT"
    MOTIVATION = "motivation", "Effets sur la motivation et la satisfaction des équipes"
    EFFET_AUTODETERMINATION = "effet_autodetermination", "Capacité d'autodétermination"
    EFFET_ACCOMPAGNEMENT = "effet_accompagnement", "Accompagnement des personnes"
    EFFET_PILOTAGE = "effet_pilotage", "Effets sur le pilotage et la gestion"


_F = CodeFait
FAITS_DES_SECTIONS: dict[CodeSection, tuple[CodeFait, ...]] = {
    CodeSection.FICHE: tuple(_F)[: list(_F).index(_F.FINANCEMENT)],
    CodeSection.HISTORIQUE: (_F.FINANCEMENT, _F.PARAMETRAGE, _F.VSR),
    CodeSection.QUESTIONNAIRE: tuple(_F)[list(_F).index(_F.FORMES_DUI) :],
}
"""Les faits qu'une section montre en tableau, dans l'ordre."""

EFFETS_DES_SECTIONS: dict[CodeSection, ThemeEffet] = {CodeSection(t.value): t for t in THEMES_D_EFFETS}
"""Le thème dont chaque section d'effets parle."""

SANS_PROSE = (CodeSection.GLOSSAIRE, CodeSection.DOCUMENTS)
"""Sections que l'outil écrit seul."""
