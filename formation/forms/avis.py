"""Donner son avis sur une formation : deux notes, une remarque si l'on veut."""

from typing import Any

from django import forms

from formation.calculs.avis import NOTES
from programme.socle.champs import SaisieLibre

MOTS = {1: "1, pas du tout", 5: "5, tout à fait"}


class NoteField(forms.TypedChoiceField):
    """Une note de 1 à 5, en cinq boutons."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            choices=[(note, MOTS.get(note, str(note))) for note in NOTES],
            coerce=int,
            widget=forms.RadioSelect,
            error_messages={"required": "Choisissez une note de 1 à 5.", "invalid_choice": "Une note va de 1 à 5."},
            **kwargs,
        )


class AvisForm(forms.Form):
    """L'avis, sans rien de qui le donne."""

    satisfaction = NoteField(label="Cette formation m'a été utile")
    acquis = NoteField(label="Je saurais le faire demain")
    remarque = SaisieLibre(
        label="À revoir, à garder",
        required=False,
        max_length=600,
        help_text="Quelques mots. Aucun nom, ni le vôtre, ni celui d'une personne accompagnée.",
    )
