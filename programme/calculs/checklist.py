"""Checklist du directeur : quelle réponse vaut pour un ESMS, et ce qu'une version du modèle change. Module pur.

Une réponse tient à un code d'action et à un niveau (grappe, OG, groupe, ESMS), jamais à une version du modèle : une
version nouvelle n'en perd donc aucune. Répondue à un niveau, l'action l'est pour tous dessous ; la réponse la plus
proche l'emporte (exception locale). Une réponse donnée plus haut que là où l'action se répond aujourd'hui ne vaut
plus d'elle-même : elle reste, et se propose (ANAP 1 à 5 ; metier §4).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Protocol

from programme.enums import FRISE_GRAPPE as _FRISE
from programme.enums import EtatGrappe, Niveau, PointDepart, SansObjetSi, StatutAction, TypeProjet

REGLES = (StatutAction.FAIT, StatutAction.DEJA_FAIT, StatutAction.SANS_OBJET)
"""Statuts qui ne demandent plus rien."""

RANG = {niveau: rang for rang, niveau in enumerate((Niveau.ESMS, Niveau.GROUPE, Niveau.OG, Niveau.GRAPPE))}
"""Du plus proche au plus large."""

MESURE = "mesure"
"""D'où vient un statut que personne n'a écrit : le fait est daté, la fiche le dit."""
D_OFFICE = "d_office"


class Ligne(Protocol):
    """Une action du modèle."""

    niveau: str
    libelle: str


class Reponse(Protocol):
    """Une réponse gardée ; `libelle_repondu` : l'intitulé qu'avait l'action quand on y a répondu."""

    pk: Any
    niveau: str
    statut: str
    modifiee_le: Any
    libelle_repondu: str


@dataclass(frozen=True, slots=True)
class Resolue:
    """Le statut qui vaut pour un ESMS, et d'où il vient.

    `herite_de` : niveau de la réponse quand elle vient de plus haut, « mesure », « d_office », ou vide. `anciennes` :
    réponses données plus haut que le niveau d'aujourd'hui ; elles ne valent plus, on peut les reprendre.
    """

    statut: str
    herite_de: str = ""
    reponse: Any = None
    anciennes: tuple[Any, ...] = ()
    est_reformulee: bool = False

    @property
    def est_reglee(self) -> bool:
        """Vrai si plus rien n'est à faire."""
        return self.statut in REGLES


def resoudre(ligne: Ligne, reponses: Iterable[Any], *, mesuree: bool = False, dispensee: bool = False) -> Resolue:
    """Ce qui vaut pour un ESMS, parmi les réponses qui le couvrent (la sienne, celles de ses groupes, OG, grappe).

    `mesuree` : le fait est constaté ailleurs, il l'emporte sur tout. `dispensee` : sans objet d'office, sauf réponse.
    À niveau égal (un ESMS de deux groupes), la plus récente.
    """
    plafond = RANG[Niveau(ligne.niveau)]
    valables = [r for r in reponses if RANG[Niveau(r.niveau)] <= plafond]
    anciennes = tuple(r for r in reponses if RANG[Niveau(r.niveau)] > plafond)
    proche = min(valables, key=lambda r: (RANG[Niveau(r.niveau)], -r.modifiee_le.timestamp()), default=None)
    if mesuree:
        return Resolue(StatutAction.FAIT, MESURE, proche, anciennes)
    if proche is None:
        if dispensee:
            return Resolue(StatutAction.SANS_OBJET, D_OFFICE, None, anciennes)
        return Resolue(StatutAction.A_FAIRE, "", None, anciennes)
    herite = "" if proche.niveau == Niveau.ESMS else str(proche.niveau)
    reformulee = bool(proche.libelle_repondu) and proche.libelle_repondu != ligne.libelle
    return Resolue(proche.statut, herite, proche, anciennes, reformulee)


def est_dispense(regle: str, *, type_projet: str, point_depart: str, etat_grappe: str, etat_suspendu: str = "") -> bool:
    """Vrai si la règle « sans objet si » s'applique à un ESMS."""
    if regle == SansObjetSi.CONFORMITE:
        return type_projet != TypeProjet.ACQUISITION
    if regle == SansObjetSi.DEJA_CONFORME:
        return point_depart == PointDepart.DEJA_CONFORME
    if regle == SansObjetSi.MARCHE_PASSE:
        etat = etat_suspendu if etat_grappe == EtatGrappe.SUSPENDUE else etat_grappe
        passe = etat in _FRISE and _FRISE.index(EtatGrappe(etat)) >= _FRISE.index(EtatGrappe.MODELE_COMMUN)
        return passe or type_projet != TypeProjet.ACQUISITION
    return False


def echeance(dates: Mapping[str, date | None], etat: str, jours: int | None) -> date | None:
    """Date due : l'entrée dans `etat` (réelle, à défaut prévue), plus `jours` ; None si elle n'est pas connue."""
    entree = dates.get(etat) if etat else None
    return entree + timedelta(days=jours or 0) if entree else None


@dataclass
class Differences:
    """Ce qu'une version change à la précédente, par code d'action."""

    ajoutees: list[str] = field(default_factory=list)
    retirees: list[str] = field(default_factory=list)
    reformulees: list[str] = field(default_factory=list)
    deplacees: dict[str, tuple[str, str]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.ajoutees or self.retirees or self.reformulees or self.deplacees)


def comparer(avant: Mapping[str, Ligne], apres: Mapping[str, Ligne]) -> Differences:
    """Différences de `avant` à `apres` (code → ligne)."""
    communs = [code for code in apres if code in avant]
    return Differences(
        [code for code in apres if code not in avant],
        [code for code in avant if code not in apres],
        [code for code in communs if avant[code].libelle != apres[code].libelle],
        {
            code: (avant[code].niveau, apres[code].niveau)
            for code in communs
            if avant[code].niveau != apres[code].niveau
        },
    )
