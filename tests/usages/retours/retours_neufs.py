"""Écrits après le lexique, sur d'autres problèmes, sans y revenir : ce que vaut le calcul à neuf.

Le lexique n'a pas changé depuis. La racine des mots (pluriels, « -age »), la part des trigrammes et les seuils, si :
leurs valeurs viennent de la moitié de réglage, mais ces résultats avaient été lus. Ce n'est pas une mesure à l'aveugle.
"""

from tests.usages.retours.etiquettes import (
    AGENDA,
    BORD,
    DOSSIER,
    ECRITS,
    EI,
    FACTURES,
    PRESENCES,
    PROJET,
    SOINS,
    Retour,
    groupe,
)

NEUFS: list[Retour] = [
    *groupe(
        "lunettes-et-appareils",
        DOSSIER,
        (
            "FAM",
            "Nulle part où noter les lunettes et l'appareil auditif de la personne.",
            "Une rubrique aides techniques",
        ),
        ("MAS", "pas de champ pour l'appareillage (lunettes, audio)"),
        ("EHPAD", "les appareils auditifs et lunettes ne figurent pas au dossier, on en perd"),
    ),
    *groupe(
        "argent-de-poche",
        "",
        ("Foyer", "L'argent de poche se suit encore sur un carnet.", "Un module pécule"),
        ("IME", "suivi du pécule des jeunes impossible dans le dui, on tient un carnet"),
        ("ESAT", "gestion de l'argent de poche absente du logiciel"),
    ),
    *groupe(
        "fusion-de-dossiers",
        DOSSIER,
        ("Secrétariat", "Deux dossiers pour le même jeune passé de l'IME au SESSAD.", "Fusionner les dossiers"),
        ("SESSAD", "quand un enfant change de service on crée un 2e dossier, l'historique est coupé"),
        ("Siège", "Changement d'établissement : l'ancien dossier ne suit pas, un nouveau est ouvert"),
    ),
    *groupe(
        "menus-et-textures",
        SOINS,
        ("MAS", "La cuisine n'a pas la liste à jour des textures modifiées.", "Une liste pour la cuisine"),
        ("FAM", "mixé / haché : la cuisine reçoit la liste des textures avec trois jours de retard"),
    ),
    *groupe(
        "filtres-qui-sautent",
        "",
        ("CMPP", "Les filtres se remettent à zéro à chaque retour en arrière.", "Garder les filtres"),
        ("Direction", "je filtre, j'ouvre une fiche, je reviens et mon filtre a sauté"),
        ("SESSAD", "Obligée de refaire le tri et le filtre chaque fois que je reviens à la liste"),
    ),
    *groupe(
        "heure-de-depart",
        PRESENCES,
        ("Externat", "On ne peut pas noter l'heure réelle de départ d'un enfant.", "Heure d'arrivée et de départ"),
        ("IME", "départ anticipé non saisissable, seule la journée complète existe"),
    ),
    *groupe(
        "sorties-et-budget",
        AGENDA,
        ("Foyer", "Quand on crée une sortie il faut inscrire les résidents un à un.", "Inscrire tout le groupe"),
        ("IME", "inscription des jeunes à une activité : un par un, interminable", "sélectionner un groupe entier"),
        ("ESAT", "Ajouter tout un groupe à une activité prend un temps fou, il faut cocher chaque nom"),
    ),
    *groupe(
        "aide-introuvable",
        "",
        ("Jour", "L'aide en ligne parle d'une ancienne version, les écrans ne sont pas les mêmes."),
        ("SAVS", "le guide utilisateur n'est pas à jour, captures d'écran de l'ancienne version"),
        ("Accueil", "documentation périmée depuis la dernière mise à jour du logiciel", "mettre le guide à jour"),
    ),
    *groupe(
        "lettre-de-sortie",
        ECRITS,
        (
            "IME",
            "La lettre de fin d'accompagnement ne se remplit pas toute seule.",
            "Reprendre nom et dates du dossier",
        ),
        ("SESSAD", "courrier de sortie : on retape l'identité et les dates à la main"),
    ),
    *groupe(
        "nuit-calme",
        BORD,
        ("Nuit", "Écrire « nuit calme » pour trente résidents prend une heure.", "Une saisie pour tous"),
        ("MAS", "RAS à saisir pour chaque résident la nuit, pas de saisie groupée"),
        ("Foyer", "pouvoir noter « nuit calme » pour tout le monde d'un coup"),
    ),
    Retour("", AGENDA, "CMPP", "Le nom du lieu de rendez-vous est coupé à l'affichage."),
    Retour("", DOSSIER, "IME", "Le collège de rattachement n'est pas dans la liste des écoles."),
    Retour("", SOINS, "MAS", "On ne peut pas noter la taille, seulement le poids."),
    Retour("", BORD, "Foyer", "Les transmissions importantes ne se distinguent pas des banales."),
    Retour("", "", "SAVS", "La mise à jour du logiciel tombe en pleine journée."),
    Retour("", "", "Jour", "le clavier de la tablette cache le bouton valider"),
    Retour("", FACTURES, "Siège", "La TVA des repas invités n'est pas gérée."),
    Retour("", PROJET, "FAM", "Les progrès ne se mesurent pas d'une année sur l'autre dans le projet."),
    Retour("", PRESENCES, "IME", "Le retard du car compte les jeunes absents."),
    Retour("", ECRITS, "MAS", "Impossible de mettre un écrit en lecture seule une fois rendu."),
    Retour("", EI, "Foyer", "Un événement concernant deux résidents doit être déclaré deux fois."),
]
