"""L'analyse locale d'un ESMS : six lignes dans un seul formulaire."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from django import forms

from programme.forms.champs import VersionneEnEntier
from programme.socle.champs import SaisieLibre
from risques.enums import CategorieRisque, Impact, Probabilite
from risques.services.analyses import LigneLue

SANS_TRANSMETTRE = "Votre réponse part avec l'analyse : transmettez, ou videz ce champ pour enregistrer seulement."


def _quatre(label: str, valeurs: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        choices=valeurs.choices,
        coerce=int,
        empty_value=None,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choisissez un des quatre mots."},
    )


class LigneAnalyseForm(forms.Form):
    """Une catégorie : ce qu'on demande six fois."""

    probabilite = _quatre("Probabilité", Probabilite)
    impact = _quatre("Impact", Impact)
    mot = forms.CharField(label="En une ligne", max_length=200, required=False)


@dataclass(frozen=True, slots=True)
class LigneSaisie:
    """Une ligne du formulaire : ce qu'on en sait, et ses trois champs."""

    lue: LigneLue
    probabilite: forms.BoundField
    impact: forms.BoundField
    mot: forms.BoundField

    @property
    def est_amorcee(self) -> bool:
        """Vrai si ce qui est coché vient de la grappe, faute d'avoir été dit ici."""
        return self.lue.amorce is not None and not self.lue.est_dite


class AnalyseForm(VersionneEnEntier):
    """Les six lignes. `lues` : ce qui est enregistré et ce que dit la grappe.

    `entiere` : rien ne doit manquer, on transmet ; `repond` : une précision est demandée, on peut y répondre.
    """

    def __init__(
        self, *args: Any, lues: list[LigneLue], entiere: bool = False, repond: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.entiere = entiere
        if repond:
            self.fields["reponse"] = SaisieLibre(
                label="Votre réponse",
                required=False,
                max_length=500,
                help_text="Elle part quand vous transmettez et reste dans l'histoire de l'analyse.",
                widget=forms.Textarea(attrs={"rows": 2}),
            )
        self.lues = lues
        for lue in lues:
            for nom, modele in LigneAnalyseForm.base_fields.items():
                champ = deepcopy(modele)
                champ.label = f"{lue.categorie.label}, {str(modele.label).lower()}"
                if nom != "mot":
                    champ.required = entiere
                    champ.error_messages["required"] = "à choisir avant de transmettre."
                self.fields[f"{lue.categorie}-{nom}"] = champ
            depart = lue if lue.est_dite else lue.amorce
            self.initial[f"{lue.categorie}-probabilite"] = depart.probabilite if depart else lue.probabilite
            self.initial[f"{lue.categorie}-impact"] = depart.impact if depart else lue.impact
            self.initial[f"{lue.categorie}-mot"] = lue.mot

    def clean_reponse(self) -> str:
        """Elle n'a de place qu'au journal : enregistrer sans transmettre la perdrait."""
        reponse: str = self.cleaned_data["reponse"]
        if reponse and not self.entiere:
            raise forms.ValidationError(SANS_TRANSMETTRE)
        return reponse

    def lignes(self) -> Iterator[LigneSaisie]:
        """Les six, dans l'ordre."""
        for lue in self.lues:
            yield LigneSaisie(lue, *(self[f"{lue.categorie}-{nom}"] for nom in LigneAnalyseForm.base_fields))

    def dites(self) -> dict[str, dict[str, Any]]:
        """Ce qu'attend le service : par catégorie, probabilité, impact, mot."""
        return {
            str(c): {nom: self.cleaned_data[f"{c}-{nom}"] for nom in LigneAnalyseForm.base_fields}
            for c in CategorieRisque
        }
