"""Régler les bornes des niveaux et le seuil d'une réponse qui inquiète."""

from typing import Any

from django import forms

from programme.forms.champs import VersionneEnEntier
from programme.socle.erreurs import Refus
from risques.models import BaremeRisques
from risques.services.reglage_bareme import CHAMPS, verifier


def _borne(nom: str, aide: str) -> forms.IntegerField:
    messages = {
        "required": f"Dites à partir de quelle criticité un risque est {nom}.",
        "invalid": "Écrivez un nombre entier.",
        "min_value": "Donnez au moins 2.",
        "max_value": "Donnez 16 au plus : c'est la plus haute criticité (4 × 4).",
    }
    return forms.IntegerField(
        label=f"{nom.capitalize()} à partir de", min_value=2, max_value=16, help_text=aide, error_messages=messages
    )


class BaremeForm(VersionneEnEntier):
    """Trois bornes qui montent, et un seuil."""

    significatif = _borne("significatif", "Criticité : probabilité (1 à 4) × impact (1 à 4), donc de 1 à 16.")
    critique = _borne("critique", "Au-dessus de la borne précédente.")
    inacceptable = _borne("inacceptable", "Ce niveau prévient la direction et se voit au COMOP.")
    inquietante = forms.IntegerField(
        label="Une réponse inquiète à partir de",
        min_value=2,
        max_value=10,
        help_text="Note de 1 à 10, où 10 est le pire : à partir d'elle, Treille propose une action et un risque.",
        error_messages={
            "required": "Dites à partir de quelle note une réponse inquiète.",
            "invalid": "Écrivez un nombre entier.",
            "min_value": "Donnez au moins 2 : à 1, tout inquiéterait.",
            "max_value": "Donnez 10 au plus : c'est la pire note.",
        },
    )

    def __init__(self, *args: Any, bareme: BaremeRisques, vu: int, **kwargs: Any) -> None:
        initial = {nom: getattr(bareme, nom) for nom in CHAMPS} | {"vu": vu}
        super().__init__(*args, initial=initial, **kwargs)

    def clean(self) -> dict[str, Any]:
        """Les bornes montent : dit sous celle qui ne suit pas, avant même d'enregistrer."""
        lus: dict[str, Any] = super().clean() or self.cleaned_data
        if all(lus.get(nom) is not None for nom in CHAMPS):
            try:
                verifier(BaremeRisques(**{nom: lus[nom] for nom in CHAMPS}))
            except Refus as refus:
                for nom, phrases in refus.champs.items():
                    self.add_error(nom, phrases)
        return lus
