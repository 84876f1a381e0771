"""Les passages que la direction a reportés : tant que la date est à venir, on ne les repropose pas."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from programme.enums import EtatParcours
from programme.models import Etape, Parcours, Proposition


@dataclass(frozen=True, slots=True)
class Report:
    """Une réponse « plus tard » qui court encore ; `au` : la date désormais prévue de l'étape visée."""

    proposition: Proposition
    etat: EtatParcours
    au: date

    @property
    def transition(self) -> str:
        """Le passage reporté."""
        return self.proposition.transition

    @property
    def le(self) -> date:
        """Le jour de la réponse."""
        return timezone.localtime(self.proposition.close_le).date()


def _vise(proposition: Proposition) -> str:
    return str(Parcours.transitions()[proposition.transition].target)


def reports_en_cours(parcours: Iterable[int], au: date) -> dict[int, Report]:
    """Reports de ces parcours dont la date est à venir, par parcours ; deux requêtes, quel que soit leur nombre."""
    propositions = Proposition.objects.reportees().filter(parcours__in=list(parcours))
    dernieres = {p.parcours_id: p for p in propositions.select_related("close_par", "proposee_par")}
    etapes = Etape.objects.filter(parcours__in=list(dernieres), reelle__isnull=True)
    prevues = {(e.parcours_id, e.etat): e.prevue for e in etapes}
    rendu = {}
    for cle, proposition in dernieres.items():
        etat = _vise(proposition)
        prevue = prevues.get((cle, etat))
        if prevue and prevue > au:
            rendu[cle] = Report(proposition, EtatParcours(etat), prevue)
    return rendu
