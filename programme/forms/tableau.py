"""Déplacer une carte : quel ESMS, vers quelle vague, vu à quelle version."""

from typing import Any

from django import forms

from programme.models import Grappe, Parcours, Vague
from programme.models.parcours import ParcoursQuerySet


class DeplacerForm(forms.Form):
    """Ce qu'envoie une carte ; `vague` vide : hors vague."""

    parcours = forms.ModelChoiceField(
        queryset=Parcours.objects.none(),
        error_messages={
            "required": "Choisissez l'ESMS à déplacer.",
            "invalid_choice": "Cet ESMS n'est plus sur votre tableau : rechargez la page.",
        },
    )
    vague = forms.ModelChoiceField(
        queryset=Vague.objects.none(),
        required=False,
        error_messages={"invalid_choice": "Cette vague n'existe plus dans la grappe : choisissez-en une autre."},
    )
    vu = forms.IntegerField(required=False)

    def __init__(self, donnees: Any, *, grappe: Grappe, visibles: ParcoursQuerySet) -> None:
        super().__init__(donnees)
        champs: dict[str, Any] = self.fields
        champs["parcours"].queryset = visibles.dans_le_projet().select_related("esms__departement", "grappe", "vague")
        champs["vague"].queryset = grappe.vagues.all()

    def clean(self) -> dict[str, Any]:
        """Une vague vide se dit (« hors vague ») ; absente, c'est un envoi incomplet."""
        if "vague" not in self.data:
            self.add_error("vague", "Choisissez la vague où ranger cet ESMS.")
        return self.cleaned_data

    @property
    def phrase(self) -> str:
        """Les fautes, en une phrase."""
        return " ".join(str(faute) for fautes in self.errors.values() for faute in fautes)
