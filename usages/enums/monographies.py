"""Les monographies : leurs états, leurs sections, leurs faits (metier §10)."""

from django.db.models import TextChoices

from usages.enums.etudes import THEMES_D_EFFETS, ThemeEffet


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
