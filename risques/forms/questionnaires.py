"""Formulaires des questionnaires : déposer un texte, dire s'il se compare à celui d'avant."""

from typing import Any

from django import forms

from programme.forms.champs import GardeNir
from programme.forms.imports import DepotForm
from risques.definition.verification import SENS
from risques.enums import ObjetQuestionnaire
from risques.models import Questionnaire

TREILLE = "treille"
RUBRIQUES = ("code", "nom", "objet", "sens")
SEULE, COMPAREE = "non", "oui"


class DepotQuestionnaireForm(GardeNir, DepotForm):
    """Un questionnaire, et pour qui. Un CSV n'a que les questions : ses rubriques se disent ici."""

    pour = forms.ChoiceField(label="Pour qui", widget=forms.RadioSelect)
    fichier = forms.FileField(
        label="Questionnaire",
        help_text=(
            "Un classeur .xlsx ou un .json emporté d’ici puis corrigé, ou un .csv séparé par des points-virgules ; "
            "10 Mo au plus."
        ),
        error_messages={"required": "Choisissez un fichier.", "empty": "Le fichier est vide : prenez-en un autre."},
    )
    code = forms.CharField(label="Code", required=False, max_length=50, help_text="« nos-risques », par exemple.")
    nom = forms.CharField(label="Nom", required=False, max_length=120)
    objet = forms.ChoiceField(label="Ce qu’il mesure", required=False)
    sens = forms.ChoiceField(label="Sens", required=False)

    field_order = ("pour", "fichier", *RUBRIQUES)

    def __init__(
        self,
        *args: Any,
        portees: list[tuple[str, str]],
        modele: Questionnaire | None = None,
        sens: str = "",
        **kwargs: Any,
    ) -> None:
        """`portees` : pour qui l'on peut apporter. `modele` : le questionnaire d'où l'on part, et son `sens`."""
        if modele is not None:
            depart = {"code": modele.code, "nom": modele.nom, "objet": modele.objet, "sens": sens}
            kwargs["initial"] = depart | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        champs: Any = self.fields
        champs["pour"].choices = portees
        champs["objet"].choices = [("", "Choisir"), *ObjetQuestionnaire.choices]
        champs["sens"].choices = [("", "Choisir"), *((code, mots[-1]) for code, mots in SENS.items())]
        if len(portees) == 1:
            self.initial.setdefault("pour", portees[0][0])

    @property
    def du_csv(self) -> list[Any]:
        """Les champs qui ne servent qu'à un CSV."""
        return [self[nom] for nom in RUBRIQUES]

    @property
    def du_depot(self) -> list[Any]:
        """Les champs de tout dépôt."""
        return [self["pour"], self["fichier"]]

    @property
    def objet_du_travail(self) -> str:
        """« Questionnaire pour la grappe Rives »."""
        champ: Any = self.fields["pour"]
        pour = self.cleaned_data["pour"]
        nom = dict(champ.choices)[pour]
        return f"Questionnaire pour {'Treille' if pour == TREILLE else nom[:1].lower() + nom[1:]}"

    def parametres(self) -> dict[str, Any]:
        """Ce que l'import lira : la grappe (None : Treille), et les rubriques d'un CSV."""
        pour = self.cleaned_data["pour"]
        dites = {nom: valeur for nom in RUBRIQUES if (valeur := self.cleaned_data[nom])}
        return {"grappe": None if pour == TREILLE else int(pour), "rubriques": dites}


class ComparabiliteForm(forms.Form):
    """Si un brouillon se comparera aux versions d'avant."""

    comparable = forms.ChoiceField(label="Ses réponses", widget=forms.RadioSelect)

    def __init__(self, *args: Any, depuis: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ: Any = self.fields["comparable"]
        champ.choices = [
            (COMPAREE, f"se comparent à celles des versions d’avant, depuis la version {depuis}"),
            (SEULE, "ne se comparent qu’entre elles : les mots disent autre chose"),
        ]
