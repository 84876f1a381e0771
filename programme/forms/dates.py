"""Une date par ESMS en retard."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms

from programme.forms.passages import saisie_de_date
from programme.models import Etape
from programme.socle.dates import date_courte


class DatesEnLotForm(forms.Form):
    """Les dates dépassées, une par ESMS ; celles qu'on laisse vides ne bougent pas."""

    def __init__(self, *args: Any, etapes: Iterable[Etape], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.etapes = list(etapes)
        for etape in self.etapes:
            self.fields[f"date_{etape.parcours_id}"] = saisie_de_date(
                label=f"{etape.parcours} : {etape.get_etat_display().lower()}",
                required=False,
                help_text=f"Prévue le {date_courte(etape.prevue)}.",
            )

    def revisions(self) -> dict[Etape, date]:
        """Les dates données, par étape."""
        donnees = {e: self.cleaned_data.get(f"date_{e.parcours_id}") for e in self.etapes}
        return {etape: jour for etape, jour in donnees.items() if jour}

    @property
    def perimees(self) -> int:
        """Dates envoyées pour un ESMS qui, entre-temps, n'est plus en retard."""
        return sum(bool(v) for nom, v in self.data.items() if nom.startswith("date_") and nom not in self.fields)
