"""Valeurs closes de l'état des lieux, des besoins, des personnes, des interlocuteurs."""

from django.db.models import TextChoices


class Sujet(TextChoices):
    """Sujets de la carte « à qui m'adresser », dans l'ordre où l'on cherche."""

    USAGE = "usage", "Me servir du DUI au quotidien"
    PANNE = "panne", "Panne, connexion, matériel"
    DROITS = "droits", "Mon compte, mes droits d'accès"
    FORMATION = "formation", "Me former, former un arrivant"
    DONNEES = "donnees", "Données personnelles"
    SERVICES_SOCLES = "services_socles", "INS, messagerie sécurisée, Mon espace santé"
    EDITEUR = "editeur", "Une demande à l'éditeur"
    PROJET = "projet", "Le projet, le calendrier, une décision"
    FINANCEMENT = "financement", "Le financement, les pièces"
    SI = "si", "Le système d'information, ses applications"


SUJETS_SI = (Sujet.SI, Sujet.PANNE, Sujet.DONNEES, Sujet.EDITEUR)
"""Ceux que l'état des lieux demande ; le premier suffit à dire que les contacts sont réunis."""


class NatureDocument(TextChoices):
    """Documents que l'état des lieux du système d'information réunit."""

    SCHEMA = "schema", "Schéma directeur, feuille de route"
    CARTOGRAPHIE = "cartographie", "Cartographie, inventaire des applications"
    SECURITE = "securite", "Politique de sécurité, charte informatique"
    CONTRATS = "contrats", "Contrats : hébergement, maintenance, infogérance"
    REGISTRE = "registre", "Registre des traitements"
    CONTINUITE = "continuite", "Plan de continuité, procédure dégradée"
    RESEAU = "reseau", "Plan du réseau, relevé du wifi"
    MATURITE = "maturite", "Autodiagnostic de maturité numérique"
    AUTRE = "autre", "Autre document"


class DomaineApplication(TextChoices):
    """Ce qu'une application sert à faire, dans l'ordre où l'on en parle."""

    DOSSIER = "dossier", "Dossier de la personne, transmissions"
    SOINS = "soins", "Soins, circuit du médicament"
    AGENDA = "agenda", "Agenda, rendez-vous, transports"
    TEMPS = "temps", "Plannings et temps du personnel"
    PAIE = "paie", "Paie, ressources humaines"
    FACTURATION = "facturation", "Facturation, comptabilité"
    QUALITE = "qualite", "Qualité, événements indésirables"
    DOCUMENTS = "documents", "Documents, partage de fichiers"
    MESSAGERIE = "messagerie", "Messagerie, téléphonie, appels"
    HOTELLERIE = "hotellerie", "Restauration, hôtellerie, maintenance"
    SERVICES = "services", "Services socles et portails nationaux"
    AUTRE = "autre", "Autre usage"


class SortApplication(TextChoices):
    """Ce que l'arrivée du DUI fait d'une application."""

    A_DECIDER = "a_decider", "À décider"
    GARDEE = "gardee", "Gardée telle quelle"
    INTERFACEE = "interfacee", "Gardée, à relier au DUI"
    REMPLACEE = "remplacee", "Remplacée par le DUI"
    ARRETEE = "arretee", "À arrêter"


class Couverture(TextChoices):
    """Jusqu'où va le réseau ou le wifi, là où l'on écrit."""

    PARTOUT = "partout", "Partout où l'on écrit"
    EN_PARTIE = "en_partie", "En partie"
    ABSENT = "absent", "Nulle part"


class PrioriteBesoin(TextChoices):
    """Ce que vaut un besoin pour qui l'exprime."""

    INDISPENSABLE = "indispensable", "Indispensable"
    UTILE = "utile", "Utile"
    PLUS_TARD = "plus_tard", "Plus tard"


class MethodeRecolte(TextChoices):
    """Comment un besoin a été recueilli."""

    REUNION = "reunion", "En réunion d'équipe"
    ATELIER = "atelier", "En atelier entre métiers"
    ENTRETIEN = "entretien", "En entretien"
    ENQUETE = "enquete", "Par questionnaire"
    OBSERVATION = "observation", "En observant le travail"


class PerimetreSollicite(TextChoices):
    """À qui l'on a demandé."""

    UNITE = "unite", "Un service, une unité"
    METIER = "metier", "Un métier"
    ESMS = "esms", "Tout l'ESMS"
    PERSONNES = "personnes", "Les personnes accompagnées et leurs proches"
    OG = "og", "Le siège, les fonctions support"


class Expertise(TextChoices):
    """Ce qu'une personne ressource apporte au projet."""

    PILOTAGE = "pilotage", "Piloter le projet dans l'ESMS"
    METIER = "metier", "Connaître un métier, ses écrits"
    INFORMATIQUE = "informatique", "L'informatique, le réseau"
    FORMATION = "formation", "Former, accompagner les collègues"
    QUALITE = "qualite", "La qualité, les procédures"
    DONNEES = "donnees", "Les données, leur reprise, leur protection"
