"""Comment l'accueil nomme ce qui manque : un titre par fait daté et par champ de la fiche. Module pur."""

from programme.enums import NatureFait

TITRES_FAITS = {
    NatureFait.ANNONCE: "Dater l'annonce du projet aux équipes",
    NatureFait.PREDIAGNOSTIC: "Dater le pré-diagnostic du changement",
    NatureFait.CONCERTATION: "Dater la concertation des équipes",
    NatureFait.BESOINS: "Dater l'expression des besoins",
    NatureFait.DIFFUSION: "Dater la diffusion des résultats aux équipes",
    NatureFait.CSE: "Dater la consultation du CSE",
    NatureFait.CVS: "Dater l'information du conseil de la vie sociale",
    NatureFait.AIPD: "Dater l'AIPD ou l'inscription au registre",
    NatureFait.HEBERGEMENT: "Dater l'hébergement et la sous-traitance",
    NatureFait.PARAMETRAGE: "Dater la vérification du paramétrage local",
    NatureFait.PREREQUIS: "Dater la validation des prérequis techniques",
    NatureFait.INFORMATION: "Dater l'information des personnes accompagnées",
    NatureFait.MATERIEL: "Dater la mise en place du matériel",
    NatureFait.PROCEDURES: "Dater la mise à jour des procédures",
    NatureFait.REPRISE: "Dater la reprise des données",
    NatureFait.ECRITS: "Dater le travail sur les écrits professionnels",
    NatureFait.ARRIVANTS: "Dater la formation des arrivants",
    NatureFait.BILAN: "Dater le bilan du changement",
}
TITRES_FICHE = {
    "vague": "Choisir la vague de déploiement",
    "premier_gain": "Choisir le premier gain visible",
    "temps_ecriture": "Dire le temps d'écriture et de lecture",
    "referent_maintenu": "Dire si un référent est maintenu",
}
TITRES_PAGES = {
    "etat_des_lieux": "Réunir documents et contacts du système d'information",
    "reprise_soins": "Reprendre les données dont dépend la sécurité des soins",
    "reprise_reste": "Dire ce qui reste à reprendre",
    "ressources": "Dire sur qui l'on compte, et les heures accordées",
}
"""Ce qui se complète sur une page à part, plutôt que sur la fiche."""

_DE = {"la": "de la ", "le": "du ", "les": "des "}


def libelle_de_date(nature: str) -> str:
    """« Dater la concertation des équipes » → « Date de la concertation des équipes »."""
    objet = TITRES_FAITS[NatureFait(nature)].removeprefix("Dater ")
    article, _, reste = objet.partition(" ")
    return f"Date {_DE[article]}{reste}" if article in _DE else f"Date de {objet}"
