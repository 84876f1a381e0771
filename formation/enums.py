"""Valeurs closes de la formation, du changement et des droits d'accès (metier §7)."""

from django.db.models import TextChoices


class OriginePoste(TextChoices):
    """D'où vient la personne qui tient un poste : la paie, ou ce qu'elle ignore."""

    PAIE = "paie", "Paie de l'organisme"
    MIS_A_DISPOSITION = "mis_a_disposition", "Mise à disposition"
    INTERIM = "interim", "Intérim"
    LIBERAL = "liberal", "Libéral"
    STAGE = "stage", "Stage"


class Rythme(TextChoices):
    """Quand le poste se tient : la nuit compte à part (metier §3)."""

    JOUR = "jour", "De jour"
    NUIT = "nuit", "De nuit"
    JOUR_ET_NUIT = "jour_et_nuit", "De jour et de nuit"


LE_JOUR = (Rythme.JOUR, Rythme.JOUR_ET_NUIT)
LA_NUIT = (Rythme.NUIT, Rythme.JOUR_ET_NUIT)


class NatureFormation(TextChoices):
    """Ce qu'enseigne un module de formation : c'est par elle que deux grappes se comparent."""

    DUI = "dui", "Prise en main du DUI"
    ECRITS = "ecrits", "Écrits professionnels"
    SERVICES_SOCLES = "services_socles", "Services socles"
    NUMERIQUE = "numerique", "Numérique de base"
    AUTRE = "autre", "Autre"


class Modalite(TextChoices):
    """Comment un module de formation se tient."""

    INTERNE = "interne", "En interne"
    EXTERNE = "externe", "Par un organisme extérieur"
    E_LEARNING = "e_learning", "À distance, à son rythme"
    PAIRS = "pairs", "Entre pairs"


class EtatSession(TextChoices):
    """États d'une session de formation."""

    PLANIFIEE = "planifiee", "Planifiée"
    OUVERTE = "ouverte", "Ouverte aux inscriptions"
    TENUE = "tenue", "Tenue"
    EVALUEE = "evaluee", "Évaluée"
    ANNULEE = "annulee", "Annulée"


class StatutInscription(TextChoices):
    """Où en est une inscription."""

    INSCRIT = "inscrit", "Inscrit"
    EN_ATTENTE = "en_attente", "En liste d'attente"
    DESISTE = "desiste", "Désisté"


class Pointage(TextChoices):
    """Ce que dit la feuille d'émargement."""

    NON_POINTE = "non_pointe", "À pointer"
    PRESENT = "present", "Présent"
    ABSENT = "absent", "Absent"


class MomentAvis(TextChoices):
    """Quand on demande l'avis : en sortant, puis après quelques semaines d'usage."""

    A_CHAUD = "a_chaud", "À chaud"
    A_FROID = "a_froid", "À froid"


class OrigineAcquis(TextChoices):
    """D'où l'on sait qu'une personne est formée."""

    SESSION = "session", "Une session"
    CONSTAT = "constat", "Formation déjà reçue"


class Levier(TextChoices):
    """Les quatre leviers du plan de changement (ANAP 2)."""

    INFORMATION = "information", "Information"
    COMMUNICATION = "communication", "Communication"
    FORMATION = "formation", "Formation"
    INCLUSION = "inclusion", "Inclusion"


class PublicVise(TextChoices):
    """À qui s'adresse une action du plan de changement."""

    EQUIPES = "equipes", "Les équipes"
    ENCADREMENT = "encadrement", "L'encadrement"
    REPRESENTANTS = "representants", "Les représentants du personnel"
    PERSONNES = "personnes", "Les personnes accompagnées et leurs proches"
    PARTENAIRES = "partenaires", "Les partenaires"


class MesureObjectif(TextChoices):
    """Le fait qui dira si un objectif de départ est atteint ; « à dire » : rien dans Treille ne le mesure."""

    COUVERTURE = "couverture", "Couverture de formation"
    OUVERTURES = "ouvertures", "Unités ouvertes"
    ACTIONS = "actions", "Actions du plan faites"
    SATISFACTION = "satisfaction", "Satisfaction après formation"
    SUPPORTS = "supports", "Anciens supports retirés"
    A_DIRE = "a_dire", "À dire par l'équipe"


class NatureProfil(TextChoices):
    """Ce que fait un profil : les règles de cohérence s'y adressent."""

    DIRECTION = "direction", "Direction et encadrement"
    ADMINISTRATIF = "administratif", "Administratif"
    EDUCATIF = "educatif", "Accompagnement éducatif et social"
    SOIN = "soin", "Soins"
    MEDICAL = "medical", "Médical"
    TECHNIQUE = "technique", "Technique et logistique"
    ADMINISTRATION = "administration", "Administration du DUI"


class DroitAcces(TextChoices):
    """Ce qu'un profil peut dans un module, du moindre au plus grand ; chacun comprend les précédents."""

    AUCUN = "aucun", "Aucun"
    LECTURE = "lecture", "Lecture"
    ECRITURE = "ecriture", "Écriture"
    VALIDATION = "validation", "Validation"
    ADMINISTRATION = "administration", "Administration"


class PorteeAcces(TextChoices):
    """De qui l'on voit le dossier : un choix local, motivé et daté (metier §7)."""

    TOUTES = "toutes", "Toutes les personnes"
    UNITE = "unite", "Les personnes de l'unité"
    SUIVIES = "suivies", "Les personnes suivies"


class EtatMatrice(TextChoices):
    """États d'une matrice des droits d'accès."""

    BROUILLON = "brouillon", "Brouillon"
    SOUMISE = "soumise", "À valider"
    VALIDEE = "validee", "Validée"
    REMPLACEE = "remplacee", "Remplacée"


class MotifType(TextChoices):
    """Raisons qu'on donne le plus souvent d'une portée ou d'un écart ; aucune ne vaut mieux qu'une autre."""

    SUIVI = "suivi", "On n'ouvre que les dossiers des personnes qu'on suit"
    EQUIPE = "equipe", "Toute l'équipe se relaie auprès des mêmes personnes"
    CONTINUITE = "continuite", "Continuité la nuit, les fins de semaine, en remplacement"
    UNITE = "unite", "Chaque unité vit à part"
    ACCORD_MEDICAL = "accord_medical", "Données de santé ciblées, partagées après accord médical"
    PETITE_EQUIPE = "petite_equipe", "Petite équipe : une personne tient plusieurs rôles"
    AUTRE = "autre", "Autre raison"


class NatureRegle(TextChoices):
    """Ce que vérifie une règle de cohérence."""

    DROIT_INATTENDU = "droit_inattendu", "Un droit inattendu pour ce profil"
    PERSONNE_NE = "personne_ne", "Personne n'a ce droit"
    METIER_SANS_PROFIL = "metier_sans_profil", "Un métier sans profil"


class EcartCompte(TextChoices):
    """Ce qui distingue les comptes signalés par l'éditeur des personnes en poste."""

    MANQUANT = "manquant", "En poste, sans compte"
    EN_TROP = "en_trop", "Compte sans personne connue"
    SORTI_ACTIF = "sorti_actif", "Sorti, compte encore actif"
    PROFIL = "profil", "Profil différent"
    PARTAGE = "partage", "Compte partagé"
