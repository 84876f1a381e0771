"""Références et précisions des faits datés : quelques tournures, prises à tour de rôle. Module pur."""

from collections.abc import Mapping
from datetime import date

from programme.enums import NatureFait
from programme.socle.dates import date_courte

N = NatureFait

_TEXTES: Mapping[str, tuple[tuple[str, str], ...]] = {
    N.PREDIAGNOSTIC: (
        (
            "réunion de cadres du {date}",
            "Ampleur jugée forte ; deux équipes sur trois n'ont jamais écrit ailleurs que sur papier.",
        ),
        ("réunion d'équipe du {date}", "Ampleur moyenne : l'agenda partagé est attendu, les écrits inquiètent."),
        ("comité de direction du {date}", "Regards croisés de la direction et des équipes, convergence en séance."),
    ),
    N.ANNONCE: (
        ("réunion plénière du {date}", "Annonce après la convention, avec le calendrier et le nom du référent."),
        ("réunions de service, semaine du {date}", "Annonce service par service, veilleurs de nuit compris."),
    ),
    N.CONCERTATION: (
        ("compte rendu du {date}", "Trois services réunis. Grâce à eux, l'écran de relève tient sur une page."),
        ("atelier du {date}", "Les équipes ont obtenu de commencer par l'agenda, et non par le dossier administratif."),
        ("compte rendu du {date}", "Deux réunions, jour et nuit. Le vocabulaire du projet personnalisé a été repris."),
    ),
    N.BESOINS: (
        ("recueil des besoins du {date}", "Besoins exprimés par métier, priorités arrêtées avec les équipes."),
    ),
    N.CSE: (("PV de consultation du {date}", ""), ("avis du CSE du {date}", "")),
    N.AIPD: (
        ("registre des traitements, entrée du {date}", "Analyse d'impact menée par le siège, reprise ici."),
        ("AIPD validée le {date}", ""),
    ),
    N.HEBERGEMENT: (("contrat d'hébergement et annexe de sous-traitance, {date}", ""),),
    N.PREREQUIS: (
        ("recette technique du {date}", "Postes, réseau sans fil et comptes vérifiés dans les unités du pilote."),
    ),
    N.INFORMATION: (
        (
            "conseil de la vie sociale du {date}",
            "Affiche et courrier en facile à lire, remis aussi aux représentants légaux.",
        ),
        ("courrier du {date}", "Livret d'accueil complété ; une permanence tenue pour les familles."),
    ),
    N.MATERIEL: (
        ("bon de livraison du {date}", "Postes et tablettes en place dans chaque salle de relève."),
        ("inventaire du {date}", "Réseau sans fil étendu aux chambres et aux ateliers."),
    ),
    N.PROCEDURES: (
        ("procédures du {date}", "Procédure dégradée affichée, feuille papier de secours à côté du poste."),
    ),
    N.REPRISE: (
        ("reprise close le {date}", "Dossiers en cours saisis par les secrétariats, relus par les référents."),
        ("reprise close le {date}", "Dossiers administratifs repris, écrits de l'année scannés."),
    ),
    N.ECRITS: (
        ("ateliers d'écriture, {date}", "Trois ateliers : ce que j'écris, pour qui, et ce qui se lit par les proches."),
    ),
    N.ARRIVANTS: (("plan de formation, {date}", "Une demi-journée à l'arrivée, avec le relais du service."),),
    N.BILAN: (
        ("bilan du {date}", "Objectifs de départ relus un à un ; l'agenda et la relève tiennent, le projet avance."),
    ),
}


def texte_du_fait(nature: str, jour: date, rang: int) -> tuple[str, str]:
    """Référence et précision d'un fait ; `rang` fait varier la tournure d'un ESMS à l'autre."""
    tournures = _TEXTES[nature]
    reference, note = tournures[rang % len(tournures)]
    return reference.format(date=date_courte(jour)), note
