"""Cocher ce qui demande à passer en séance."""

from collections.abc import Iterable
from typing import Any

from django import forms

from gouvernance.services.propositions import Choix


class OrdreDuJourForm(forms.Form):
    """Des propositions à inscrire, par leur clé ; ce qui presse est coché d'avance."""

    cles = forms.MultipleChoiceField(
        label="Points à inscrire",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Cochez au moins un point à inscrire.",
            "invalid_choice": "Un point coché n'est plus proposé, ou vient d'être inscrit : relisez la liste, à jour.",
        },
    )

    def __init__(self, *args: Any, choix: Iterable[Choix], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ: Any = self.fields["cles"]
        champ.choices = [(c.proposition.cle, c.proposition.titre) for c in choix]

    def cochees(self, d_avance: Iterable[Choix]) -> set[str]:
        """Ce que la page coche : ce qu'on vient de saisir, sinon ce qui presse."""
        saisies: Any = self.data
        return set(saisies.getlist("cles")) if self.is_bound else {c.proposition.cle for c in d_avance}
