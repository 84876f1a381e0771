"""Ce qu'on s'est promis de réunir en passant sous réserve, et qui manque encore."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from programme.enums import FRISE_PARCOURS, EtatParcours
from programme.models import Parcours
from programme.socle.conditions import Constat, evaluer
from programme.socle.enums import Nature, Severite
from programme.socle.models import Passage

PASSAGES_LUS = 500


@dataclass(frozen=True, slots=True)
class Reserve:
    """Une condition qui manquait au dernier passage sous réserve, et qui manque toujours."""

    constat: Constat
    depuis: date


@dataclass(frozen=True, slots=True)
class _Promesse:
    """Ce qu'un passage sous réserve avait laissé à réunir : les codes, et de quand il date."""

    vers: str
    transition: str
    depuis: date
    promis: frozenset[str]


def _dernier_sous_reserve(parcours: dict[int, Any]) -> dict[int, _Promesse]:
    """Le dernier passage sous réserve de chacun ; revenu en arrière, ses conditions se liront à la prochaine étape."""
    passages = Passage.objects.de_plusieurs(Parcours, list(parcours)).filter(nature=Nature.SOUS_RESERVE)
    derniers = {}
    # Les constats d'un passage pèsent dix fois ce qu'on en garde : ils se lisent au fil, sans bâtir de passage.
    lus = passages.values_list("objet_id", "vers", "transition", "date_effet", "constats")
    for cle, vers, transition, depuis, constats in lus.iterator(chunk_size=PASSAGES_LUS):
        promis = frozenset(c["code"] for c in constats if c["ok"] is False and not c["levee_par"])
        derniers[cle] = _Promesse(vers, transition, depuis, promis)
    return {
        cle: p
        for cle, p in derniers.items()
        if p.vers in FRISE_PARCOURS and FRISE_PARCOURS.index(EtatParcours(p.vers)) < parcours[cle].rang
    }


def reserves_de(parcours: Iterable[Any]) -> dict[int, list[Reserve]]:
    """Réserves encore à lever, par parcours ; le nombre de requêtes suit les sortes de passages, pas les parcours.

    `parcours` : objets, ou lignes lues en valeurs (`pk`, `rang`).
    On remesure la condition sans regarder à qui elle s'adresse : l'étape franchie, certaines ne visent plus personne.
    """
    connus = {p.pk: p for p in parcours}
    par_transition: dict[str, dict[int, _Promesse]] = {}
    for cle, promesse in _dernier_sous_reserve(connus).items():
        par_transition.setdefault(promesse.transition, {})[cle] = promesse
    rendu: dict[int, list[Reserve]] = {}
    for transition, promesses in sorted(par_transition.items()):
        constats = evaluer(Parcours.objects.filter(pk__in=list(promesses)), transition)
        for cle, promesse in promesses.items():
            reserves = [Reserve(c, promesse.depuis) for c in constats[cle] if _reste(c, promesse.promis)]
            if reserves:
                rendu[cle] = reserves
    return rendu


def _reste(constat: Constat, promis: frozenset[str]) -> bool:
    masquee = constat.severite == Severite.MASQUEE
    a_reunir = constat.valeur < constat.seuil and not constat.levee_par and not masquee
    return constat.condition.code in promis and a_reunir
