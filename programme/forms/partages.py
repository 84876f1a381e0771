"""Ouvrir un partage avec le financeur : jusqu'à quand, pourquoi ; ce qu'on ouvre est à chaque app."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from programme.forms.champs import GardeNir
from programme.forms.passages import saisie_de_date

SIX_MOIS = timedelta(days=182)


def _dans_six_mois() -> Any:
    return timezone.localdate() + SIX_MOIS


class PartageForm(GardeNir, forms.Form):
    """Jusqu'à quand on ouvre, et pourquoi."""

    au = saisie_de_date(
        label="Jusqu'au",
        required=False,
        initial=_dans_six_mois,
        help_text="Dernier jour où le financeur lit ; sans date, jusqu'à ce que vous fermiez.",
    )
    pourquoi = forms.CharField(
        label="Pourquoi",
        max_length=200,
        help_text="Une ligne, que le financeur ne lit pas : elle reste à côté du partage.",
        error_messages={"required": "Dites pourquoi vous ouvrez ce partage, en une ligne."},
    )
