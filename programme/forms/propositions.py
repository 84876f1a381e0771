"""Proposer un passage à plusieurs directions d'un coup."""

from collections.abc import Iterable
from typing import Any

from django import forms

from programme.forms.champs import Coches
from programme.forms.passages import saisie_de_date
from programme.models import Parcours
from programme.socle.champs import SaisieLibre


class ProposerEnLotForm(forms.Form):
    """Les ESMS, une date visée si elle leur est commune, un mot."""

    transition = forms.CharField(widget=forms.HiddenInput)
    parcours = Coches(label="Proposer aux directions de")
    date_visee = saisie_de_date(
        label="Date visée", required=False, help_text="Vide : la date que chaque ESMS prévoit déjà, s'il en a une."
    )
    mot = SaisieLibre(label="Mot aux directions", required=False, max_length=300)

    def __init__(self, *args: Any, choix: Iterable[tuple[Parcours, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ: Any = self.fields["parcours"]
        champ.choices = [(p.pk, f"{p} · {precision}" if precision else str(p)) for p, precision in choix]
        champ.required = True
        champ.error_messages["required"] = "Cochez au moins un ESMS."
        champ.error_messages["invalid_choice"] = (
            "Un ESMS coché n'est pas de ceux que vous conduisez : relisez la liste."
        )
