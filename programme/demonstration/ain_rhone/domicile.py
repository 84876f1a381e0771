"""Les services à domicile, et les ESMS qui n'ont pas commencé."""

from programme.demonstration.ain_rhone.communs import TOURNEES
from programme.demonstration.calendrier import Calendrier
from programme.demonstration.scenario import Fil, Ouvrir, Pas
from programme.enums import NatureFait, PointDepart


def domicile(c: Calendrier) -> list[Fil]:
    return [
        Fil(
            finess="420015380",
            direction="direction-domicile",
            depart=PointDepart.AUTRE_DUI,
            vague=3,
            unites=TOURNEES,
            gain="Un seul planning pour les soins et l'aide",
            passages=(Pas("engager", c.mois(13, 25)), Pas("preparer", c.mois(6, 22))),
            faits=((NatureFait.MATERIEL, c.jours(35)), (NatureFait.ECRITS, c.jours(21))),
            prevu={"ouverture": c.jours(30), "service_regulier": c.dans(4, 19)},
            ouvertures=(Ouvrir("journal-de-bord", c.dans(1, 24), support="Carnet de tournée"),),
        ),
        Fil(
            finess="380793612",
            direction="direction-domicile",
            depart=PointDepart.PAPIER,
            gain="Savoir avant de sonner que l'infirmière est déjà passée",
            passages=(Pas("engager", c.mois(7, 26)),),
            faits=(
                (NatureFait.CONCERTATION, c.jours(37)),
                (NatureFait.CSE, c.jours(31)),
                (NatureFait.AIPD, c.jours(24)),
                (NatureFait.HEBERGEMENT, c.jours(24)),
            ),
            prevu={"preparation": c.dans_jours(12), "ouverture": c.dans(4, 24)},
        ),
    ]


def au_depart(c: Calendrier) -> list[Fil]:
    """Recensés seulement : le calendrier les attend plus tard."""
    return [
        Fil(
            finess="010786911",
            direction="direction-travail-logement",
            faits=((NatureFait.ANNONCE, c.jours(26)), (NatureFait.PREDIAGNOSTIC, c.jours(8))),
            prevu={"cadrage": c.dans_jours(9), "preparation": c.dans(3, 16)},
        ),
        Fil(
            finess="010787844",
            direction="direction-adultes",
            faits=((NatureFait.ANNONCE, c.jours(26)),),
            prevu={"cadrage": c.dans(1, 20), "preparation": c.dans(4, 16)},
        ),
        Fil(finess="380004218", prevu={"cadrage": c.jours(16), "preparation": c.dans(4, 20)}),
    ]
