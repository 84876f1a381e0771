"""Ce que les pages montrent d'une prévision : une phrase et sa méthode, ou un dessin et sa table."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from programme.calculs.prevision import AU_DELA, PrevisionEnsemble, Source, en_phrase
from programme.dessins import prevision as dessin
from programme.enums import EtatParcours, Portee
from programme.models import Parcours
from programme.services.prevision import PrevisionGrappe, prevoir_grappe, prevoir_un
from programme.socle.dates import duree
from programme.socle.nombres import ABSENT, liste

OU = {Portee.GRAPPE: "dans la grappe", Portee.REGION: "dans la région", Portee.NATIONAL: "dans toutes les grappes"}
ARRIVES = (EtatParcours.ROUTINE, EtatParcours.SORTI)


@dataclass(frozen=True, slots=True)
class SourceEnMots:
    """Une étape de la méthode, telle qu'elle se lit."""

    etape: str
    nombre: int
    ou: str
    mediane: str
    au_rythme: bool


def _en_mots(source: Source) -> SourceEnMots:
    de, vers = (EtatParcours(e).label for e in source.pas)
    mediane = ABSENT if source.mediane == AU_DELA else duree(int(source.mediane))
    return SourceEnMots(f"{de} → {vers}", source.nombre, OU[Portee(source.etendue)], mediane, source.au_rythme)


def prevision_de(parcours: Parcours, au: date) -> dict[str, Any]:
    """La prévision d'un ESMS et sur quoi elle s'appuie ; rien une fois en routine, ou sorti."""
    if parcours.etat in ARRIVES:
        return {}
    prevision = prevoir_un(parcours, au)
    sources = [_en_mots(s) for s in prevision.sources]
    return {
        "prevision": prevision,
        "sources_prevues": sources,
        "etendues_prevues": liste(dict.fromkeys(s.ou for s in sources)),
    }


@dataclass(frozen=True, slots=True)
class LignePrevue:
    """Une ligne du dessin."""

    nom: str
    prevue: PrevisionEnsemble
    marques: dessin.Marques
    phrase: str
    atteinte: bool


@dataclass(frozen=True, slots=True)
class EnsembleDessine:
    """La prévision de plusieurs ESMS, prête à dessiner."""

    lue: PrevisionGrappe
    lignes: list[LignePrevue]
    axe: dessin.Axe


def ensemble_dessine(parcours: Iterable[Parcours], au: date) -> EnsembleDessine | None:
    """Le dernier ESMS et quatre cinquièmes d'entre eux, sur un axe ; None s'il n'y a rien à en dire."""
    lue = prevoir_grappe(parcours, au)
    if lue is None or lue.nb_en_routine == lue.lignes[-1].total:
        return None
    axe = dessin.axe([j for e in lue.lignes for j in (e.une_sur_deux, e.quatre_sur_cinq)], au)
    return EnsembleDessine(lue, [_ligne(e, axe, lue.nb_en_routine) for e in lue.lignes], axe)


def _ligne(e: PrevisionEnsemble, axe: dessin.Axe, nb_en_routine: int) -> LignePrevue:
    nom = "Le dernier ESMS" if e.nombre == e.total else "80\u202f% des ESMS"
    marques = dessin.marques(e.une_sur_deux, e.quatre_sur_cinq, axe)
    return LignePrevue(nom, e, marques, en_phrase(e.une_sur_deux, e.quatre_sur_cinq), e.nombre <= nb_en_routine)
