"""Valeurs closes du programme. Les mots affichés sont ceux du métier."""

from django.db.models import IntegerChoices, TextChoices


class Secteur(TextChoices):
    """Secteur déduit de la catégorie FINESS."""

    PA = "PA", "Personnes âgées"
    PH_ADULTE = "PH_ADULTE", "Handicap, adultes"
    PH_ENFANT = "PH_ENFANT", "Handicap, enfants"
    DOMICILE = "DOMICILE", "Domicile"
    SOCIAL = "SOCIAL", "Social"


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


class EtatGrappe(TextChoices):
    """États d'une grappe."""

    MONTAGE = "montage", "Montage"
    DEPOSEE = "deposee", "Déposée"
    CONVENTIONNEE = "conventionnee", "Conventionnée"
    CONSULTATION = "consultation", "Consultation"
    MODELE_COMMUN = "modele_commun", "Modèle commun"
    PILOTE = "pilote", "Pilote"
    DEPLOIEMENT = "deploiement", "Déploiement"
    MESURE_DES_USAGES = "mesure_usages", "Mesure des usages"
    SOLDEE = "soldee", "Soldée"
    NON_RETENUE = "non_retenue", "Non retenue"
    SUSPENDUE = "suspendue", "Suspendue"
    RESILIEE = "resiliee", "Résiliée"


FRISE_GRAPPE = (
    EtatGrappe.MONTAGE,
    EtatGrappe.DEPOSEE,
    EtatGrappe.CONVENTIONNEE,
    EtatGrappe.CONSULTATION,
    EtatGrappe.MODELE_COMMUN,
    EtatGrappe.PILOTE,
    EtatGrappe.DEPLOIEMENT,
    EtatGrappe.MESURE_DES_USAGES,
    EtatGrappe.SOLDEE,
)


class EtatOuverture(TextChoices):
    """États d'une unité × module."""

    A_PREPARER = "a_preparer", "À préparer"
    PRETE = "prete", "Prête"
    OUVERTE = "ouverte", "Ouverte"
    STABILISEE = "stabilisee", "Stabilisée"
    HORS_PERIMETRE = "hors_perimetre", "Hors périmètre"


class NatureEvenement(TextChoices):
    """Ce que l'annuaire garde de l'histoire d'un ESMS."""

    OG = "og", "Changement d'organisme gestionnaire"
    FERMETURE = "fermeture", "Fermeture"
    REOUVERTURE = "reouverture", "Réouverture"
    FUSION = "fusion", "Fusion déclarée"


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
    AIPD = "aipd", "AIPD ou inscription au registre des traitements"
    HEBERGEMENT = "hebergement", "Hébergement et sous-traitance"
    PREREQUIS = "prerequis", "Prérequis techniques validés"
    ENSEIGNEMENTS = "enseignements", "Enseignements du pilote rédigés"
    INFORMATION = "information", "Information des personnes accompagnées et de leurs proches"
    MATERIEL = "materiel", "Matériel et accès en place"
    PROCEDURES = "procedures", "Procédures à jour, dégradée comprise"
    REPRISE = "reprise", "Reprise des données faite"
    ECRITS = "ecrits", "Écrits professionnels travaillés"
    ARRIVANTS = "arrivants", "Formation des arrivants au socle obligatoire"
    BILAN = "bilan", "Bilan du changement"


class TempsEcriture(TextChoices):
    """Temps d'écriture et de lecture : l'essentiel est de le dire."""

    NON_DECIDE = "non_decide", "Non décidé"
    DECIDE = "decide", "Décidé"
    REFUSE = "refuse", "Refusé"


class TypeVerification(TextChoices):
    """Vérifications contractuelles de la solution."""

    VA = "va", "Vérification d'aptitude (VA)"
    VSR = "vsr", "Vérification de service régulier (VSR)"


class IssueVerification(TextChoices):
    """Issue d'une vérification."""

    PRONONCEE = "prononcee", "Prononcée"
    AVEC_RESERVES = "avec_reserves", "Prononcée avec réserves"
    AJOURNEE = "ajournee", "Ajournée"
    REJETEE = "rejetee", "Rejetée"


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


class EtatJalon(TextChoices):
    """États d'un jalon de financement."""

    A_PRODUIRE = "a_produire", "À produire"
    TRANSMIS = "transmis", "Transmis"
    PRECISION = "precision", "Précision demandée"
    ACCEPTE = "accepte", "Accepté"
    VERSE = "verse", "Versé"
    ABANDONNE = "abandonne", "Abandonné"


FRISE_JALON = (EtatJalon.A_PRODUIRE, EtatJalon.TRANSMIS, EtatJalon.ACCEPTE, EtatJalon.VERSE)


class EtatAction(TextChoices):
    """États d'une action."""

    A_FAIRE = "a_faire", "À faire"
    EN_COURS = "en_cours", "En cours"
    FAITE = "faite", "Faite"
    ABANDONNEE = "abandonnee", "Abandonnée"


class NatureAvenant(TextChoices):
    """Ce qu'un avenant change à la convention."""

    ENTREE = "entree", "Entrée d'ESMS"
    SORTIE = "sortie", "Sortie d'ESMS"
    CALENDRIER = "calendrier", "Calendrier"
    EDITEUR = "editeur", "Changement d'éditeur"


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


class FrequenceRappel(TextChoices):
    """À quelle cadence un compte reçoit son rappel par courriel."""

    SEMAINE = "semaine", "Chaque semaine"
    QUINZAINE = "quinzaine", "Toutes les deux semaines"
    MOIS = "mois", "Chaque mois"
    JAMAIS = "jamais", "Jamais"


class JourRappel(IntegerChoices):
    """Le jour ouvré du rappel, compté comme `date.isoweekday`."""

    LUNDI = 1, "Lundi"
    MARDI = 2, "Mardi"
    MERCREDI = 3, "Mercredi"
    JEUDI = 4, "Jeudi"
    VENDREDI = 5, "Vendredi"


class IssueRappel(TextChoices):
    """Ce qu'il est advenu du rappel d'un compte, pour une semaine."""

    RESERVE = "reserve", "Réservé"
    ENVOYE = "envoye", "Envoyé"
    RIEN = "rien", "Rien à dire"
    ECHEC = "echec", "Échec"


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
