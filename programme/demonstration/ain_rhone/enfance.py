"""Les ESMS d'enfance de la grappe, pilotes mis à part."""

from programme.demonstration.ain_rhone.communs import INTERNAT, RESERVE_REFUS, RESERVE_TEMPS, etaler, sans_soins
from programme.demonstration.calendrier import Calendrier
from programme.demonstration.scenario import Fil, Ouvrir, Pas
from programme.enums import NatureFait, PointDepart, TempsEcriture, TypeProjet


def enfance(c: Calendrier) -> list[Fil]:
    return [
        Fil(
            finess="010780591",
            direction="directrice",
            depart=PointDepart.BUREAUTIQUE,
            vague=3,
            unites=INTERNAT,
            gain="Un écran de relève commun aux éducateurs et aux enseignants",
            glissement=14,
            passages=(Pas("engager", c.mois(12, 11)), Pas("preparer", c.mois(5, 12))),
            faits=(
                (NatureFait.ECRITS, c.jours(25)),
                (NatureFait.MATERIEL, c.jours(18)),
                (NatureFait.REPRISE, c.jours(6)),
            ),
            prevu={"ouverture": c.jours(18), "service_regulier": c.dans(5, 12)},
            revise={"ouverture": c.dans_jours(8)},
            ouvertures=(
                Ouvrir("journal-de-bord", c.dans_jours(10), 21, support="Cahier de liaison"),
                Ouvrir("agenda", c.dans(1, 18), 21, support="Planning mural"),
            ),
        ),
        Fil(
            finess="010014132",
            direction="directrice",
            depart=PointDepart.BUREAUTIQUE,
            vague=3,
            gain="Écrire l'échéance de la mesure une fois, et la voir partout",
            temps=TempsEcriture.DECIDE,
            temps_note="Une demi-heure par visite, décidée par la directrice du pôle",
            glissement=9,
            passages=(
                Pas("engager", c.mois(13, 7)),
                Pas("preparer", c.mois(4, 14)),
                Pas("ouvrir", c.jours(6), "La maison d'enfants pilote ouvre en même temps ; ici, une seule équipe."),
            ),
            faits=(
                (NatureFait.ECRITS, c.jours(28)),
                (NatureFait.MATERIEL, c.jours(19)),
                (NatureFait.PROCEDURES, c.jours(13)),
                (NatureFait.REPRISE, c.jours(8)),
            ),
            prevu={"service_regulier": c.dans(4, 18)},
            ouvertures=(
                Ouvrir("journal-de-bord", c.dans_jours(4), support="Cahier de visites"),
                Ouvrir("agenda", c.dans_jours(24), support="Agenda papier de chacun"),
            ),
            exclus=sans_soins(c.jours(30)),
        ),
        Fil(
            finess="740785274",
            direction="direction-montagne",
            depart=PointDepart.PAPIER,
            vague=2,
            unites=INTERNAT,
            gain="Savoir qui prend le taxi du soir sans rappeler l'accueil",
            glissement=30,
            passages=(
                Pas("engager", c.mois(17, 8)),
                Pas("preparer", c.mois(11, 5)),
                Pas("ouvrir", c.mois(7, 6)),
                Pas(
                    "revenir",
                    c.mois(6, 15),
                    "Deux relais partis en même temps : on reprend la préparation avec leurs remplaçants.",
                ),
                Pas("ouvrir", c.mois(4, 20)),
            ),
            prevu={"service_regulier": c.dans(1, 15)},
            revise={"service_regulier": c.dans(3, 15)},
            ouvertures=etaler(c.mois(4, 20), rythme=34, motif=RESERVE_TEMPS),
        ),
        Fil(
            finess="740003058",
            direction="interim-montagne",
            depart=PointDepart.BUREAUTIQUE,
            vague=3,
            gain="Les rendez-vous à l'école visibles par tous les intervenants",
            temps=TempsEcriture.REFUSE,
            temps_note="Refusé par le siège tant que l'intérim dure",
            glissement=45,
            passages=(Pas("engager", c.mois(13, 10)), Pas("preparer", c.mois(6, 4))),
            prevu={"ouverture": c.jours(25), "service_regulier": c.dans(4, 11)},
            revise={"ouverture": c.dans(2, 9)},
            ouvertures=(Ouvrir("journal-de-bord", c.dans(2, 12), support="Cahier de liaison", motif=RESERVE_REFUS),),
            exclus=sans_soins(c.mois(3, 9)),
        ),
        Fil(
            finess="010780575",
            direction="direction-surdite",
            depart=PointDepart.AUTRE_DUI,
            vague=2,
            unites=INTERNAT,
            gain="Des transmissions lisibles en langue simple, avec pictogrammes",
            temps=TempsEcriture.DECIDE,
            temps_note="Un quart d'heure par demi-journée, interprètes compris",
            glissement=10,
            passages=(Pas("engager", c.mois(17, 15)), Pas("preparer", c.mois(11, 12)), Pas("ouvrir", c.mois(5, 11))),
            prevu={"service_regulier": c.dans_jours(24), "routine": c.dans(7, 9)},
            ouvertures=etaler(c.mois(5, 11), rythme=32),
        ),
        Fil(
            finess="010008183",
            direction="direction-surdite",
            depart=PointDepart.MEME_DUI,
            type_projet=TypeProjet.MISE_EN_CONFORMITE,
            vague=2,
            gain="L'identité nationale de santé vérifiée dès l'accueil",
            temps=TempsEcriture.DECIDE,
            temps_note="Temps inchangé, déjà prévu au planning",
            glissement=-12,
            passages=(
                Pas("engager", c.mois(16, 9)),
                Pas("preparer", c.mois(9, 18)),
                Pas(
                    "verifier_service",
                    c.jours(50),
                    "Les modules s'ouvrent avec la montée de version, la semaine suivante.",
                ),
            ),
            prevu={"routine": c.dans(4, 16)},
            ouvertures=etaler(c.jours(45), rythme=5, ecart=4, soins=False, retrait=0),
            exclus=sans_soins(c.jours(55)),
        ),
        Fil(
            finess="010011914",
            direction="direction-surdite",
            depart=PointDepart.BUREAUTIQUE,
            passages=(
                Pas(
                    "engager", c.mois(6, 11), "L'annonce attendra la nouvelle cheffe de service, attendue dans le mois."
                ),
            ),
            sans=frozenset({NatureFait.ANNONCE}),
            prevu={"preparation": c.jours(14), "ouverture": c.dans(4, 10)},
        ),
    ]
