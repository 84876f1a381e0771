"""Les ESMS pour adultes de la grappe, pilote mis à part."""

from programme.demonstration.ain_rhone.communs import FOYER, HEBERGEMENT, RESERVE_REFUS, etaler, sans_soins
from programme.demonstration.calendrier import Calendrier
from programme.demonstration.scenario import Fil, Ouvrir, Pas
from programme.enums import NatureFait, PointDepart, TempsEcriture


def adultes(c: Calendrier) -> list[Fil]:
    return [
        Fil(
            finess="010787729",
            direction="direction-travail-logement",
            depart=PointDepart.PAPIER,
            vague=3,
            unites=HEBERGEMENT,
            gain="Les repas et les absences partagés avec l'ESAT",
            temps=TempsEcriture.DECIDE,
            temps_note="Une demi-heure le soir, quand un second professionnel est présent",
            glissement=6,
            passages=(Pas("engager", c.mois(14, 13)), Pas("preparer", c.mois(8, 11)), Pas("ouvrir", c.jours(48))),
            prevu={"service_regulier": c.dans(4, 22)},
            ouvertures=etaler(c.jours(46), rythme=20, ecart=12, soins=False, retrait=25),
            exclus=sans_soins(c.jours(56)),
        ),
        Fil(
            finess="010789824",
            direction="direction-travail-logement",
            depart=PointDepart.BUREAUTIQUE,
            vague=4,
            gain="Les comptes rendus de visite écrits dans la voiture, pas le soir",
            passages=(Pas("engager", c.mois(5, 18)),),
            faits=((NatureFait.CONCERTATION, c.jours(15)),),
            prevu={"preparation": c.dans(1, 12), "ouverture": c.dans(4, 16)},
        ),
        Fil(
            finess="010012581",
            direction="delegue-adultes",
            depart=PointDepart.BUREAUTIQUE,
            vague=3,
            unites=FOYER,
            gain="Les changements de posture tracés au chevet",
            temps=TempsEcriture.DECIDE,
            temps_note="Vingt minutes par poste, décidées par le directeur du pôle",
            glissement=18,
            passages=(Pas("engager", c.mois(15, 15)), Pas("preparer", c.mois(9, 16)), Pas("ouvrir", c.mois(3, 27))),
            prevu={"service_regulier": c.dans(2, 20)},
            ouvertures=etaler(c.mois(3, 27), rythme=25, ecart=14),
        ),
        Fil(
            finess="010790012",
            direction="direction-adultes",
            depart=PointDepart.PAPIER,
            vague=3,
            unites=FOYER,
            gain="Le cahier de santé emporté aux urgences sans photocopie",
            passages=(
                Pas("engager", c.mois(15, 19)),
                Pas("preparer", c.mois(9, 23)),
                Pas(
                    "suspendre", c.mois(7, 17), "Épisode infectieux dans les deux maisons : toute l'équipe est au soin."
                ),
                Pas("reprendre", c.mois(4, 12)),
            ),
            prevu={"ouverture": c.mois(3, 20), "service_regulier": c.dans(2, 14)},
            revise={"ouverture": c.dans(2, 12), "service_regulier": c.dans(8, 16)},
            faits=((NatureFait.CSE, c.mois(10, 14)),),
            ouvertures=(Ouvrir("journal-de-bord", c.dans(2, 16), support="Cahier de transmission"),),
        ),
        Fil(
            finess="010790004",
            direction="direction-adultes",
            depart=PointDepart.PAPIER,
            vague=3,
            unites=FOYER,
            gain="Un agenda des activités que les résidents peuvent afficher",
            passages=(
                Pas(
                    "engager",
                    c.mois(14, 22),
                    "Pré-diagnostic à mener avec le foyer voisin, le mois prochain.",
                ),
                Pas("preparer", c.mois(4, 23)),
            ),
            sans=frozenset({NatureFait.PREDIAGNOSTIC}),
            prevu={"ouverture": c.dans(1, 19), "service_regulier": c.dans(6, 18)},
            ouvertures=(Ouvrir("journal-de-bord", c.dans(1, 22), support="Cahier de transmission"),),
        ),
        Fil(
            finess="010010601",
            direction="direction-adultes",
            depart=PointDepart.AUTRE_DUI,
            vague=3,
            unites=FOYER,
            gain="Ne plus tenir deux logiciels pour une même ordonnance",
            passages=(
                Pas("engager", c.mois(14, 26)),
                Pas("preparer", c.mois(5, 19)),
            ),
            faits=((NatureFait.MATERIEL, c.jours(29)), (NatureFait.INFORMATION, c.jours(13))),
            prevu={"ouverture": c.jours(9), "service_regulier": c.dans(5, 16)},
            ouvertures=(
                Ouvrir("journal-de-bord", c.dans_jours(4), 14, support="Ancien logiciel"),
                Ouvrir("agenda", c.dans(1, 15), support="Ancien logiciel"),
            ),
        ),
        Fil(
            finess="740010772",
            direction="direction-montagne",
            depart=PointDepart.BUREAUTIQUE,
            vague=3,
            unites=FOYER,
            gain="Les consignes de kinésithérapie visibles de l'équipe du soir",
            temps=TempsEcriture.REFUSE,
            temps_note="Refusé par le siège pour cette année, à revoir au budget",
            glissement=15,
            passages=(Pas("engager", c.mois(15, 25)), Pas("preparer", c.mois(8, 25)), Pas("ouvrir", c.jours(41))),
            prevu={"service_regulier": c.dans(3, 23)},
            ouvertures=etaler(c.jours(38), rythme=22, ecart=15, motif=RESERVE_REFUS, retrait=0),
        ),
        Fil(
            finess="010007391",
            direction="direction-adultes",
            depart=PointDepart.BUREAUTIQUE,
            passages=(Pas("engager", c.mois(5, 25)),),
            faits=((NatureFait.CONCERTATION, c.jours(44)),),
            prevu={"preparation": c.dans(1, 9), "ouverture": c.dans(5, 9)},
        ),
    ]
