"""La frise d'un parcours, son tableau de dates et leurs écarts. Module pur : ni base, ni horloge."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from programme.enums import FRISE_PARCOURS, EtatParcours
from programme.socle.dates import JOURS_PAR_MOIS, date_courte

A_LA_DATE = 3


class DatesEtape(Protocol):
    """Les trois dates d'une entrée dans un état."""

    reference: date | None
    revisee: date | None
    reelle: date | None


@dataclass(frozen=True, slots=True)
class Noeud:
    """Un nœud de la frise : `statut` parmi passe, ici, a-venir, sans-objet ; `date` déjà en mots."""

    etat: str
    nom: str
    statut: str
    date: str


@dataclass(frozen=True, slots=True)
class LigneDates:
    """Une ligne du tableau des dates."""

    etat: str
    nom: str
    reference: date | None
    revisee: date | None
    reelle: date | None
    ecart: str
    depassee: bool


def ecart(jour: date | None, reference: date | None) -> str:
    """« + 10 j », « + 4 sem. », « − 2 mois », « à la date » ; vide s'il manque une des deux dates."""
    if jour is None or reference is None:
        return ""
    jours = (jour - reference).days
    if abs(jours) <= A_LA_DATE:
        return "à la date"
    signe = "+" if jours > 0 else "−"
    if abs(jours) < 14:
        return f"{signe} {abs(jours)} j"
    if abs(jours) < 60:
        return f"{signe} {round(abs(jours) / 7)} sem."
    return f"{signe} {round(abs(jours) / JOURS_PAR_MOIS)} mois"


def sans_objet(*, est_pilote: bool, chemin_court: bool, franchies: Mapping[str, DatesEtape], etat: str) -> set[str]:
    """Étapes que ce parcours ne traverse pas : le pilote s'il ne l'est pas, l'ouverture sur le chemin court."""
    absentes: set[str] = set()
    if not est_pilote:
        absentes.add(EtatParcours.PILOTE)
    if chemin_court:
        absentes |= {EtatParcours.PILOTE, EtatParcours.OUVERTURE}
    traversees = {e for e, dates in franchies.items() if dates.reelle} | {etat}
    return absentes - traversees


def _quand(statut: str, dates: DatesEtape | None) -> str:
    if statut == "sans-objet":
        return "sans objet ici"
    if dates is None:
        return ""
    if statut == "ici":
        return f"depuis le {date_courte(dates.reelle)}" if dates.reelle else ""
    if statut == "passe":
        return f"réel {date_courte(dates.reelle)}" if dates.reelle else ""
    if dates.revisee:
        return f"révisée {date_courte(dates.revisee)}"
    return f"prévue {date_courte(dates.reference)}" if dates.reference else ""


def noeuds(rang: int, etapes: Mapping[str, DatesEtape], absentes: set[str]) -> list[Noeud]:
    """Les sept nœuds, `rang` (de 1 à 7) étant celui où l'on est."""
    rendu = []
    for position, etat in enumerate(FRISE_PARCOURS, 1):
        statut = "passe" if position < rang else "ici" if position == rang else "a-venir"
        if etat in absentes:
            statut = "sans-objet"
        rendu.append(Noeud(etat.value, str(etat.label), statut, _quand(statut, etapes.get(etat))))
    return rendu


def tableau(etapes: Mapping[str, DatesEtape], absentes: set[str], au: date) -> list[LigneDates]:
    """Une ligne par étape traversée, l'entrée dans le parcours exceptée."""
    lignes = []
    for etat in FRISE_PARCOURS[1:]:
        if etat in absentes:
            continue
        e = etapes.get(etat)
        reference, revisee, reelle = (e.reference, e.revisee, e.reelle) if e else (None, None, None)
        attendue = revisee or reference
        depassee = reelle is None and attendue is not None and attendue < au
        mot = ecart(reelle or revisee, reference)
        lignes.append(LigneDates(etat.value, str(etat.label), reference, revisee, reelle, mot, depassee))
    return lignes
