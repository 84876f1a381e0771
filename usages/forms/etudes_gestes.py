"""Choisir des exceptions, noter des projets, dire pourquoi l'on rouvre une étape."""

from collections.abc import Sequence
from typing import Any

from django import forms

from programme.forms.champs import GardeNir, Versionne
from programme.socle.champs import SaisieLibre
from usages.calculs.faits_entonnoir import CONNUS
from usages.calculs.unites_entonnoir import Unite


class ReadmettreForm(Versionne):
    """Quelles unités réadmettre, et pourquoi."""

    refs = forms.MultipleChoiceField(
        label="Unités à réadmettre",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Cochez au moins une unité à réadmettre."},
    )
    motif = SaisieLibre(
        label="Pourquoi",
        max_length=240,
        lignes=2,
        help_text="Le même motif pour toutes celles que vous cochez.",
        error_messages={"required": "Dites pourquoi : l'entonnoir le montre à côté de chaque exception."},
    )

    def __init__(self, *args: Any, offertes: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champs: Any = self.fields
        champs["refs"].choices = offertes

    def valeurs(self) -> dict[str, Any]:
        """Ce qu'attend le service."""
        return {nom: self.cleaned_data[nom] for nom in ("refs", "motif")}


class NotesForm(Versionne):
    """Ce que l'équipe note elle-même, unité par unité."""

    def __init__(self, *args: Any, unites: Sequence[Unite], faits: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unites, self.faits = unites, faits
        for i, unite in enumerate(unites):
            for fait in faits:
                sur = CONNUS[fait].sur
                nom = f"n-{i}-{fait}"
                self.fields[nom] = forms.IntegerField(
                    label=f"{CONNUS[fait].libelle.capitalize()}, {unite.nom}",
                    required=False,
                    min_value=0,
                    max_value=sur,
                )
                self.initial.setdefault(nom, unite.faits.get(fait))

    def lignes(self) -> list[tuple[Unite, list[Any]]]:
        """Une unité, ses champs."""
        return [(u, [self[f"n-{i}-{f}"] for f in self.faits]) for i, u in enumerate(self.unites)]

    def notes(self) -> dict[str, dict[str, int | None]]:
        """Ce qu'attend le service."""
        return {u.ref: {f: self.cleaned_data[f"n-{i}-{f}"] for f in self.faits} for i, u in enumerate(self.unites)}


class MotifForm(GardeNir, forms.Form):
    """Pourquoi l'on rouvre une étape."""

    motif = SaisieLibre(
        label="Pourquoi la rouvrir",
        max_length=300,
        lignes=2,
        help_text="L’étude le garde, avec votre nom et le jour.",
        error_messages={"required": "Dites pourquoi vous la rouvrez."},
    )
