"""Dire l'état d'un chantier à la place du calcul, avec une raison."""

from typing import Any

from django import forms

from programme.enums import EtatChantier
from programme.forms.champs import VersionneEnEntier
from programme.models import AvisChantier
from programme.socle.champs import SaisieLibre


class ChantierForm(VersionneEnEntier):
    """L'état dit, et pourquoi."""

    etat = forms.ChoiceField(
        label="Pour vous, ce chantier est",
        choices=EtatChantier.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez où en est ce chantier.",
            "invalid_choice": "Choisissez un état de la liste.",
        },
    )
    motif = SaisieLibre(
        label="Pourquoi",
        max_length=300,
        help_text="Une ligne, que liront le chef de projet et le siège.",
        error_messages={"required": "Dites pourquoi, en une ligne : le calcul reste affiché à côté."},
    )

    def __init__(self, *args: Any, avis: AvisChantier | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if avis:
            self.initial = {"etat": avis.etat, "motif": avis.motif, **self.initial}
