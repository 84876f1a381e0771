"""Donner l'alerte."""

from typing import Any

from django import forms

from programme.forms.champs import GardeNir
from programme.socle.champs import SaisieLibre


class AlerteForm(GardeNir, forms.Form):
    """Ce qui se passe, et de quoi le comprendre."""

    intitule = forms.CharField(
        label="Ce qui se passe",
        max_length=160,
        help_text="En une ligne : « L'éditeur ne répond plus depuis trois semaines ».",
        error_messages={"required": "Dites ce qui se passe, en une ligne."},
    )
    texte = SaisieLibre(
        label="Précision",
        required=False,
        max_length=1000,
        lignes=4,
        help_text="Ce que vous avez déjà tenté, ce que vous attendez. Jamais le nom d'une personne accompagnée.",
    )

    def champs(self) -> dict[str, Any]:
        """Ce qu'attend le service."""
        return dict(self.cleaned_data)
