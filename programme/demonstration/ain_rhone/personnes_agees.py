"""Les ESMS pour personnes âgées de la grappe, pilote mis à part."""

from programme.demonstration.ain_rhone.communs import ABSORBANT, ABSORBE, EHPAD, RESERVE_TEMPS, etaler, sans_soins
from programme.demonstration.calendrier import Calendrier
from programme.demonstration.scenario import Fil, Lieu, Pas
from programme.enums import MotifSortie, NatureFait, PointDepart, TempsEcriture


def personnes_agees(c: Calendrier) -> list[Fil]:
    return [
        Fil(
            finess="010010494",
            direction="direction-personnes-agees",
            depart=PointDepart.BUREAUTIQUE,
            vague=2,
            unites=EHPAD,
            gain="Le plan de soins du jour sur la tablette du chariot",
            glissement=25,
            passages=(
                Pas("engager", c.mois(17, 19)),
                Pas("preparer", c.mois(11, 20)),
                Pas("ouvrir", c.mois(6, 9)),
            ),
            prevu={"service_regulier": c.jours(12), "routine": c.dans(6, 15)},
            revise={"service_regulier": c.dans(1, 22)},
            ouvertures=etaler(c.mois(6, 9), rythme=28, motif=RESERVE_TEMPS),
        ),
        Fil(
            finess="010010791",
            direction="direction-personnes-agees",
            depart=PointDepart.PAPIER,
            vague=2,
            unites=(Lieu("Résidence", 40, nuit=True),),
            gain="Une seule liste des absences, du restaurant au veilleur",
            glissement=35,
            passages=(Pas("engager", c.mois(16, 20)), Pas("preparer", c.mois(10, 14)), Pas("ouvrir", c.mois(3, 13))),
            sans=frozenset({NatureFait.MATERIEL}),
            prevu={"service_regulier": c.dans(3, 12)},
            ouvertures=etaler(
                c.mois(3, 13),
                rythme=30,
                soins=False,
                motif="Deux postes manquent encore ; le bureau d'accueil dépanne.",
            ),
            exclus=sans_soins(c.mois(3, 12)),
        ),
        Fil(
            finess="010780906",
            direction="voisin",
            depart=PointDepart.AUTRE_DUI,
            vague=2,
            unites=EHPAD,
            gain="Une ordonnance lue au même endroit le jour et la nuit",
            temps=TempsEcriture.DECIDE,
            temps_note="Dix minutes à chaque relève, décidées par le directeur",
            glissement=8,
            passages=(
                Pas("engager", c.mois(18, 12)),
                Pas("preparer", c.mois(12, 19)),
                Pas("ouvrir", c.mois(7, 13)),
                Pas("verifier_service", c.jours(33)),
            ),
            prevu={"routine": c.dans(3, 18)},
            ouvertures=etaler(c.mois(7, 13), rythme=26, ecart=14),
        ),
        Fil(
            finess="010784130",
            direction="direction-residences",
            depart=PointDepart.BUREAUTIQUE,
            vague=2,
            unites=EHPAD,
            gain="Les régimes à jour en cuisine avant 9 heures",
            temps=TempsEcriture.DECIDE,
            temps_note="Un quart d'heure à chaque relève",
            glissement=20,
            passages=(
                Pas("engager", c.mois(17, 22)),
                Pas("preparer", c.mois(11, 26)),
                Pas("ouvrir", c.mois(6, 16)),
                Pas(
                    "verifier_service",
                    c.jours(12),
                    "Une unité garde son classeur de projets encore deux mois.",
                ),
            ),
            prevu={"routine": c.dans(5, 20)},
            ouvertures=etaler(c.mois(6, 16), rythme=30, ecart=16),
        ),
        Fil(
            finess="690790357",
            direction="direction-residences",
            depart=PointDepart.BUREAUTIQUE,
            vague=3,
            unites=EHPAD,
            gain="Une relève écrite, lisible par l'équipe de week-end",
            passages=(
                Pas("engager", c.mois(13, 19)),
                Pas("preparer", c.mois(7, 22)),
                Pas("suspendre", c.jours(52), "Travaux du bâtiment : deux étages déménagent pour six mois."),
            ),
            prevu={"ouverture": c.dans(1, 16), "service_regulier": c.dans(7, 14)},
            revise={"ouverture": c.dans(6, 15), "service_regulier": c.dans(12, 15)},
        ),
        Fil(
            finess=ABSORBE.finess,
            direction="direction-personnes-agees",
            depart=PointDepart.PAPIER,
            gain="Prévenir les familles d'un changement de transport",
            passages=(
                Pas("engager", c.mois(17, 26)),
                Pas(
                    "sortir",
                    c.mois(7, 1),
                    f"Fusion avec l'EHPAD Le Clos Chevalier (FINESS {ABSORBANT}), dont l'équipe ouvre déjà le DUI.",
                    details={"raison": MotifSortie.FUSION.value},
                ),
            ),
        ),
    ]
