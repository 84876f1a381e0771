"""Passages de la gouvernance : ce qu'ils demandent de plus qu'une date et un motif."""

from typing import Any

from django.utils import timezone

from gouvernance.models import Decision
from programme.forms.passages import PassageForm, propres
from programme.socle.machine import ModeleAEtats
from programme.socle.porte import Lecture


class ArbitrerForm(PassageForm):
    """L'arbitrage vaut du jour de la séance."""

    def __init__(self, donnees: Any = None, *, objet: ModeleAEtats, lecture: Lecture) -> None:
        super().__init__(donnees, objet=objet, lecture=lecture)
        date_effet = self.fields["date_effet"]
        date_effet.label, date_effet.help_text = "Arbitrée le", "Le jour de la séance. Jamais à venir."
        if isinstance(objet, Decision) and objet.seance:
            self.initial["date_effet"] = min(timezone.localdate(objet.seance.debut), timezone.localdate())


propres.inscrire("decision:arbitrer", ArbitrerForm)
