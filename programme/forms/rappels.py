"""Régler ses rappels."""

from typing import Any

from django import forms
from django.utils import timezone

from programme.enums import FrequenceRappel, JourRappel
from programme.forms.passages import saisie_de_date
from programme.models import PreferenceRappel


class ReglagesRappelForm(forms.Form):
    """La fréquence, le jour, et une suspension qui finit d'elle-même."""

    frequence = forms.ChoiceField(
        label="À quelle fréquence",
        choices=FrequenceRappel.choices,
        widget=forms.RadioSelect,
        help_text="« Chaque mois » : la première semaine. Sans rien qui vous attende, aucun courriel ne part.",
        error_messages={"required": "Choisissez une fréquence."},
    )
    jour = forms.TypedChoiceField(
        label="Quel jour", coerce=int, choices=JourRappel.choices, help_text="Le matin, à partir de 7 h."
    )
    muet_jusqu_au = saisie_de_date(
        label="Suspendre jusqu’au",
        required=False,
        help_text="Ce jour compris : un congé, une période chargée. Les rappels reprennent ensuite d’eux-mêmes.",
    )

    def __init__(self, donnees: Any = None, *, preference: PreferenceRappel) -> None:
        # Une suspension finie ne se relit pas : elle ferait refuser le prochain enregistrement.
        muet = preference.muet_jusqu_au
        en_cours = muet if muet and muet >= timezone.localdate() else None
        initial = {"frequence": preference.frequence, "jour": preference.jour, "muet_jusqu_au": en_cours}
        super().__init__(donnees, initial=initial)
