"""Ce qui se calcule d'un relevé : par ensemble, par tranches, sans rien changer à ce que l'ESMS a dit ou transmis.

Chaque app mesure ce qu'elle tient (`indicateurs.py`, au registre du socle) ; ici, on demande à chacune ce que les
relevés ouverts attendent, et l'on pose les réponses par `valeurs.poser_calcules`. Refaire ne change que l'heure.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from programme.models import Parcours
from programme.socle.indicateurs import Mesure, calculs
from usages.calculs.periodes import Periode
from usages.enums import EtatReleve
from usages.models import Releve, Valeur
from usages.services.chiffres.valeurs import Ecart, poser_calcules

TRANCHE = 500
"""Relevés calculés d'un seul tenant : une écriture courte n'attend personne."""
RETARD = timedelta(days=92)
"""Passé ce retard, un relevé encore en saisie n'est plus recalculé d'office : ce qui n'a pas de date y mentirait."""


@dataclass(slots=True)
class Compte:
    """Ce qu'un calcul a fait : relevés calculés, cases écrites, ce qui n'a pu l'être, calculs que personne ne fait."""

    releves: int = 0
    ecrits: int = 0
    ecarts: list[Ecart] = field(default_factory=list)
    inconnus: set[str] = field(default_factory=set)

    def __iadd__(self, autre: "Compte") -> "Compte":
        self.releves += autre.releves
        self.ecrits += autre.ecrits
        self.ecarts += autre.ecarts
        self.inconnus |= autre.inconnus
        return self


def periodes_a_calculer(au: date) -> list[Periode]:
    """Les périodes où il reste des relevés en saisie, attendus depuis moins de trois mois. Une requête."""
    ouverts = Releve.objects.filter(etat=EtatReleve.SAISI, echeance__gte=au - RETARD).order_by()
    return sorted(Periode(debut, cadence) for debut, cadence in ouverts.values_list("debut", "cadence").distinct())


def calculer_dues(au: date, temoin: Callable[[int, int], None] = lambda fait, total: None) -> Compte:
    """Recalcule ce qui se saisit encore : la tâche de chaque jour. `temoin` : combien de tranches sont faites."""
    compte = Compte()
    tranches = [t for periode in periodes_a_calculer(au) for t in _tranches(periode, None, au - RETARD)]
    for rang, (periode, releves) in enumerate(tranches):
        temoin(rang, len(tranches))
        compte += _calculer(periode, releves)
    return compte


def calculer(periode: Periode, *, parcours: QuerySet[Parcours] | None = None) -> Compte:
    """Recalcule cette période pour ces ESMS (tous à défaut), là où le relevé est encore en saisie."""
    compte = Compte()
    for _, releves in _tranches(periode, parcours, None):
        compte += _calculer(periode, releves)
    return compte


def _tranches(
    periode: Periode, parcours: QuerySet[Parcours] | None, attendus_depuis: date | None
) -> Iterator[tuple[Periode, list[int]]]:
    ouverts = Releve.objects.de_la_periode(periode).filter(etat=EtatReleve.SAISI)
    if parcours is not None:
        ouverts = ouverts.filter(parcours__in=parcours.order_by().values("pk"))
    if attendus_depuis:
        ouverts = ouverts.filter(echeance__gte=attendus_depuis)
    cles = list(ouverts.order_by("pk").values_list("pk", flat=True))
    for debut in range(0, len(cles), TRANCHE):
        yield periode, cles[debut : debut + TRANCHE]


def _calculer(periode: Periode, releves: list[int]) -> Compte:
    """Une tranche : ce qu'elle attend, une mesure par calcul, une écriture. L'heure est celle d'avant la lecture."""
    le = timezone.now()
    attendus: dict[str, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
    lignes = Valeur.objects.filter(releve__in=releves, cle="").exclude(indicateur__calcul="").order_by()
    for code, indicateur, parcours in lignes.values_list("indicateur__calcul", "indicateur", "releve__parcours"):
        attendus[code][indicateur].add(parcours)
    mesures: dict[int, dict[int, tuple[Mesure, ...]]] = {}
    for code in sorted(set(attendus) & set(calculs.codes())):
        lues = _mesurer(code, set().union(*attendus[code].values()), periode)
        for indicateur, ceux_la in attendus[code].items():
            mesures[indicateur] = {cle: lues[cle] for cle in ceux_la if cle in lues}
    bilan = poser_calcules(releve_cles=releves, mesures=mesures, le=le)
    return Compte(len(releves), bilan.ecrits, bilan.ecarts, set(attendus) - set(calculs.codes()))


def _mesurer(code: str, cles: set[int], periode: Periode) -> dict[int, tuple[Mesure, ...]]:
    """Ce calcul, pour ces ESMS ; une période qui court se lit jusqu'à aujourd'hui."""
    ensemble: Any = Parcours.objects.filter(pk__in=cles)
    fin = min(periode.fin, timezone.localdate())
    return {cle: tuple(lues) for cle, lues in calculs[code].calculer(ensemble, periode.debut, fin).items()}
