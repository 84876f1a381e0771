"""Les faits d'une monographie : ce que l'outil sait, remplacé par ce que l'équipe a écrit."""

from dataclasses import dataclass

from programme.socle.nombres import finess
from usages.enums import CodeFait
from usages.models import Monographie

REPERTOIRE = "répertoire FINESS"


@dataclass(frozen=True, slots=True)
class FaitLu:
    """Un fait : sa valeur, d'où il vient, et si c'est l'équipe qui l'a écrit."""

    valeur: str
    source: str
    est_ecrit: bool = False


def faits_sus(monographie: Monographie) -> dict[CodeFait, FaitLu]:
    """Ce que l'outil sait, sans ce que l'équipe a écrit."""
    esms = monographie.parcours.esms
    departement, og = esms.departement, esms.og
    sus = {
        CodeFait.TYPE: str(esms.categorie or ""),
        CodeFait.RAISON_SOCIALE: esms.nom,
        CodeFait.OG: str(og or ""),
        CodeFait.FINESS_JURIDIQUE: finess(og.finess) if og and og.finess else "",
        CodeFait.FINESS: finess(esms.finess) if esms.finess else "",
        CodeFait.REGION: str(departement.region) if departement and departement.region else "",
        CodeFait.DEPARTEMENT: str(departement or ""),
    }
    return {code: FaitLu(valeur, REPERTOIRE) for code, valeur in sus.items() if valeur}


def faits_de(monographie: Monographie) -> dict[CodeFait, FaitLu]:
    """Tous les faits connus, par code ; ce que l'équipe a écrit l'emporte."""
    ecrits = {CodeFait(f.code): FaitLu(f.valeur, f.source, True) for f in monographie.faits.all()}
    return faits_sus(monographie) | ecrits
