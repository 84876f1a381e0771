"""Ouvrir un partage des risques avec le financeur."""

from django import forms

from programme.forms import partages as communs
from risques.enums import ObjetPartage


class PartageForm(communs.PartageForm):
    """Ce qu'on ouvre, jusqu'à quand, pourquoi."""

    objet = forms.ChoiceField(
        label="Ce que vous ouvrez",
        choices=ObjetPartage.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez ce que vous ouvrez."},
    )
    field_order = ("objet", "au", "pourquoi")
