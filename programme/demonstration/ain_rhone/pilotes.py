"""Les pilotes, un par typologie : deux en routine, un en service régulier, deux qui ouvrent à peine."""

from programme.demonstration.ain_rhone.communs import ATELIERS, EHPAD, INTERNAT, MAISON, TOURNEES, sans_soins
from programme.demonstration.calendrier import Calendrier
from programme.demonstration.scenario import Fil, Ouvrir, Pas
from programme.enums import NatureFait, PointDepart, TempsEcriture


def pilotes(c: Calendrier) -> list[Fil]:
    return [
        Fil(
            finess="010004059",
            direction="direction-personnes-agees",
            depart=PointDepart.BUREAUTIQUE,
            vague=1,
            pilote=True,
            unites=EHPAD,
            gain="Une relève de nuit qui tient en cinq minutes",
            temps=TempsEcriture.DECIDE,
            temps_note="Un quart d'heure à chaque relève, décidé par le directeur du pôle",
            glissement=12,
            passages=(
                Pas("engager", c.mois(19, 12)),
                Pas("preparer", c.mois(13, 24)),
                Pas("piloter", c.mois(11, 9)),
                Pas("ouvrir", c.mois(8, 17)),
                Pas(
                    "verifier_service",
                    c.mois(3, 6),
                    "Le projet personnalisé n'est ouvert que dans deux unités sur trois.",
                ),
                Pas("passer_en_routine", c.jours(24)),
            ),
            fiche=((c.jours(45), {"referent_maintenu": True}),),
            ouvertures=(
                Ouvrir(
                    "journal-de-bord",
                    c.mois(11, 16),
                    unites=("Unité protégée",),
                    support="Cahier de transmission",
                    retrait=60,
                ),
                Ouvrir("agenda", c.mois(10, 12), unites=("Unité protégée",), support="Planning mural", retrait=45),
                Ouvrir(
                    "journal-de-bord",
                    c.mois(8, 21),
                    12,
                    ("Rez-de-jardin", "Premier étage"),
                    support="Cahier de transmission",
                    retrait=50,
                ),
                Ouvrir(
                    "agenda",
                    c.mois(7, 10),
                    12,
                    ("Rez-de-jardin", "Premier étage"),
                    support="Planning mural",
                    retrait=50,
                ),
                Ouvrir("soins", c.mois(7, 20), 20, support="Classeur de soins", retrait=60),
                Ouvrir("dossier-administratif", c.mois(6, 9), 10, support="Classeur du secrétariat"),
                Ouvrir(
                    "projet-personnalise", c.mois(4, 8), 40, support="Projet sur traitement de texte", tient_apres=0
                ),
            ),
        ),
        Fil(
            finess="010784262",
            direction="directrice",
            depart=PointDepart.PAPIER,
            vague=1,
            pilote=True,
            unites=INTERNAT,
            gain="Un agenda partagé entre l'internat et l'école",
            temps=TempsEcriture.DECIDE,
            temps_note="Vingt minutes à la prise de poste, décidées par la directrice du pôle",
            glissement=21,
            passages=(
                Pas("engager", c.mois(19, 18)),
                Pas("preparer", c.mois(13, 26)),
                Pas("piloter", c.mois(11, 16)),
                Pas("ouvrir", c.mois(8, 20)),
                Pas(
                    "verifier_service",
                    c.mois(3, 24),
                    "Le projet personnalisé s'ouvrira en ambulatoire dans les deux mois.",
                ),
            ),
            faits=((NatureFait.ARRIVANTS, c.jours(34)),),
            prevu={"routine": c.dans(1, 15)},
            fiche=((c.jours(38), {"referent_maintenu": True}),),
            ouvertures=(
                Ouvrir("journal-de-bord", c.mois(11, 23), 20, support="Cahier de liaison", retrait=60),
                Ouvrir("agenda", c.mois(8, 27), 14, support="Planning mural", retrait=45),
                Ouvrir("dossier-administratif", c.mois(7, 15), 14, support="Classeur du secrétariat"),
                Ouvrir(
                    "soins",
                    c.mois(6, 12),
                    20,
                    ("Internat", "Accueil de jour"),
                    support="Classeur de l'infirmerie",
                    retrait=60,
                ),
                Ouvrir(
                    "projet-personnalise", c.mois(4, 14), 45, support="Projet sur traitement de texte", tient_apres=0
                ),
            ),
        ),
        Fil(
            finess="010787141",
            direction="direction-travail-logement",
            depart=PointDepart.BUREAUTIQUE,
            vague=1,
            pilote=True,
            unites=ATELIERS,
            gain="Les présences saisies une fois, reprises par la paie",
            temps=TempsEcriture.DECIDE,
            temps_note="Le vendredi de 15 h à 16 h, ateliers fermés",
            glissement=5,
            passages=(
                Pas("engager", c.mois(19, 25)),
                Pas("preparer", c.mois(13, 27)),
                Pas("piloter", c.mois(11, 12)),
                Pas("ouvrir", c.mois(8, 14)),
                Pas("verifier_service", c.mois(4, 9)),
                Pas(
                    "passer_en_routine",
                    c.jours(27),
                    "Le bilan du changement se tiendra avec l'ESAT voisin ; le reste tient sans appui.",
                ),
            ),
            sans=frozenset({NatureFait.BILAN}),
            fiche=((c.mois(3, 12), {"referent_maintenu": True}),),
            ouvertures=(
                Ouvrir("journal-de-bord", c.mois(11, 18), 30, support="Cahier d'atelier", retrait=45),
                Ouvrir("agenda", c.mois(8, 19), 10, support="Planning mural", retrait=30),
                Ouvrir("dossier-administratif", c.mois(7, 8), 10, support="Classeur du secrétariat", retrait=60),
                Ouvrir("projet-personnalise", c.mois(6, 10), 15, support="Projet sur traitement de texte"),
            ),
            exclus=sans_soins(c.mois(12, 8)),
        ),
        Fil(
            finess="010006401",
            direction="voisin",
            depart=PointDepart.AUTRE_DUI,
            vague=1,
            pilote=True,
            unites=TOURNEES,
            gain="Les consignes de la tournée sur le téléphone, même sans réseau",
            glissement=60,
            passages=(
                Pas("engager", c.mois(18, 9)),
                Pas(
                    "preparer", c.mois(10, 6), "Concertation tenue en deux fois, faute de pouvoir réunir les tournées."
                ),
                Pas("piloter", c.jours(45)),
            ),
            sans=frozenset({NatureFait.REPRISE}),
            prevu={"ouverture": c.jours(20), "service_regulier": c.dans(4, 15)},
            revise={"ouverture": c.dans(1, 14), "service_regulier": c.dans(5, 17)},
            ouvertures=(
                Ouvrir(
                    "journal-de-bord",
                    c.jours(40),
                    25,
                    support="Carnet de tournée",
                    motif="La reprise n'est pas finie : les dossiers clos se lisent encore dans l'ancien logiciel.",
                ),
                Ouvrir("agenda", c.dans_jours(16), support="Ancien logiciel"),
                Ouvrir("soins", c.dans(1, 20), support="Ancien logiciel"),
            ),
        ),
        Fil(
            finess="010780864",
            direction="directrice",
            depart=PointDepart.PAPIER,
            vague=1,
            pilote=True,
            unites=MAISON,
            gain="Retrouver en un geste les droits de visite de la semaine",
            temps=TempsEcriture.DECIDE,
            temps_note="Une demi-heure pendant la sieste ou l'école, décidée par la directrice du pôle",
            glissement=40,
            passages=(
                Pas("engager", c.mois(14, 16)),
                Pas("preparer", c.mois(6, 18)),
                Pas("piloter", c.jours(11)),
            ),
            faits=(
                (NatureFait.ECRITS, c.jours(30)),
                (NatureFait.MATERIEL, c.jours(16)),
                (NatureFait.PROCEDURES, c.jours(9)),
                (NatureFait.REPRISE, c.jours(5)),
            ),
            prevu={"ouverture": c.dans(1, 10), "service_regulier": c.dans(6, 10)},
            revise={"ouverture": c.dans(2, 11)},
            ouvertures=(
                Ouvrir("journal-de-bord", c.dans_jours(5), 21, support="Cahier de la maison"),
                Ouvrir("agenda", c.dans_jours(26), 14, support="Planning mural"),
            ),
            exclus=sans_soins(c.jours(20)),
        ),
    ]
