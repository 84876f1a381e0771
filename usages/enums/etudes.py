"""Les études : leur entonnoir, leurs visites, leurs constats (metier §10)."""

from django.db.models import TextChoices


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


class DroitPhoto(TextChoices):
    """L'accord sur une photo ; sans lui, elle ne sort d'aucun document."""

    A_DEMANDER = "a_demander", "À demander"
    ACCORDE = "accorde", "Accordé"
    REFUSE = "refuse", "Refusé"
    RETIRE = "retire", "Retiré"
