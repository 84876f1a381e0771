"""Rapprocher des besoins : un besoin commun qui existe, ou un neuf."""

from typing import Any

from django import forms

from programme.forms.champs import GardeNir
from programme.models import BesoinCommun, Grappe


class RapprocherForm(GardeNir, forms.Form):
    """Sous quel besoin commun ranger les besoins choisis."""

    commun = forms.ModelChoiceField(
        label="Besoin commun",
        queryset=BesoinCommun.objects.none(),
        required=False,
        empty_label="Un nouveau, écrit ci-dessous",
    )
    libelle = forms.CharField(label="Nouveau besoin commun", max_length=200, required=False)

    def __init__(self, donnees: Any = None, *, grappe: Grappe, propose: str = "") -> None:
        super().__init__(donnees, initial={"libelle": propose})
        commun: Any = self.fields["commun"]
        commun.queryset = BesoinCommun.objects.filter(grappe=grappe)
        if not commun.queryset.exists():
            del self.fields["commun"]

    def clean(self) -> dict[str, Any]:
        """L'un ou l'autre."""
        lues = super().clean() or self.cleaned_data
        if not lues.get("commun") and not lues.get("libelle"):
            self.add_error("libelle", "Dites le besoin commun en une ligne, ou choisissez-en un qui existe.")
        return lues


class BesoinCommunForm(GardeNir, forms.ModelForm):
    """Redire un besoin commun."""

    class Meta:
        model = BesoinCommun
        fields = ["libelle"]
        error_messages = {"libelle": {"required": "Un besoin commun a des mots à lui : écrivez-les en une ligne."}}
