"""Les dates de plusieurs ESMS en retard, et celles d'un ESMS déplacées depuis le calendrier."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms

from programme.calculs.frise import LigneDates
from programme.forms.parcours import DatesForm
from programme.forms.passages import saisie_de_date
from programme.models import Etape, Parcours
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


class DeplacerDatesForm(DatesForm):
    """Les étapes à venir d'un ESMS, sous sa bande du calendrier. Une étape que l'envoi tait ne bouge pas."""

    def __init__(self, donnees: Any = None, *, parcours: Parcours, vu: int, lignes: Iterable[LigneDates]) -> None:
        self.parcours = parcours
        self.a_venir = [ligne for ligne in lignes if not ligne.reelle]
        super().__init__(donnees, vu=vu, lignes=self.a_venir)
        for ligne in self.a_venir:
            self.fields[ligne.etat].label = ligne.nom
            self.fields[ligne.etat].help_text = ""

    def valeurs(self) -> dict[str, Any]:
        """Seulement les dates envoyées, et le jeton lu."""
        lues = super().valeurs()
        return lues | {"dates": {etat: jour for etat, jour in lues["dates"].items() if etat in self.data}}

    @property
    def lignes(self) -> list[tuple[Any, LigneDates, date | None]]:
        """(champ, ses dates, date attendue aujourd'hui), étape par étape."""
        return [(self[ligne.etat], ligne, ligne.revisee or ligne.reference) for ligne in self.a_venir]
