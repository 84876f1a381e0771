"""Formulaires du traitement des retours : confier, régler les délais, nommer un relais, agir en lot."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone

from programme.forms.actions import ChampResponsable
from programme.forms.lot import ReglageForm
from programme.models import Parcours, Unite, Utilisateur
from programme.services.actions import comptes_proposes
from usages.enums import VoieRetour
from usages.forms.passages_retours import ChampResume, choix_du_theme
from usages.models import ReglageRetours, Retour
from usages.models.retours import QUELLE_VOIE
from usages.permissions import peut_traiter
from usages.services.retours.traitement import DELAIS

A_PERSONNE = "personne pour l'instant"
SANS_PERSONNE = "personne"


class ConfierForm(forms.Form):
    """Un compte parmi ceux qui lisent ce retour, ou personne."""

    confie_a = ChampResponsable(label="Confier à", help_text="Parmi les comptes qui lisent les retours de cet ESMS.")

    def __init__(self, *args: Any, retour: Retour, comptes: Mapping[Utilisateur, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"confie_a": retour.confie_a}
        if retour.confie_a and retour.confie_a not in comptes:
            # Parti, il reste nommé tant qu'on n'a pas choisi quelqu'un d'autre.
            comptes = {**comptes, retour.confie_a: "ne lit plus ce retour"}
        champ: Any = self.fields["confie_a"]
        champ.proposer(comptes, A_PERSONNE)


class ResumeForm(forms.Form):
    """Redire de quoi il s'agit : tous lisent le résumé, une maladresse s'y corrige à tout moment."""

    theme = choix_du_theme()
    titre = ChampResume()

    def __init__(self, *args: Any, retour: Retour, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"theme": retour.theme, "titre": retour.titre}


class DelaisForm(forms.Form):
    """En combien de jours on lit un retour, en combien on y répond."""

    jours_qualifier = forms.IntegerField(
        label="Jours pour lire un retour",
        min_value=1,
        max_value=365,
        help_text=f"À partir du jour où il est reçu. Sans réglage : {ReglageRetours.QUALIFIER}.",
    )
    jours_repondre = forms.IntegerField(
        label="Jours pour y répondre",
        min_value=1,
        max_value=365,
        help_text=f"À partir du même jour. Sans réglage : {ReglageRetours.REPONDRE}.",
    )

    def clean(self) -> dict[str, Any]:
        """On ne répond pas avant d'avoir lu."""
        champs = super().clean() or self.cleaned_data
        lire, repondre = champs.get("jours_qualifier"), champs.get("jours_repondre")
        if lire and repondre and repondre < lire:
            self.add_error("jours_repondre", DELAIS)
        return champs


class RelaisForm(forms.Form):
    """Qui, et pour quelle unité."""

    compte = ChampResponsable(label="Relais", help_text="Parmi les comptes qui lisent les retours de cet ESMS.")
    unite = forms.ModelChoiceField(Unite.objects.none(), label="Pour", required=False, empty_label="tout l'ESMS")

    def __init__(self, *args: Any, parcours: Parcours, comptes: Mapping[Utilisateur, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        compte: Any = self.fields["compte"]
        compte.required = True
        compte.error_messages["required"] = "Choisissez un compte."
        compte.proposer(comptes, "Choisir…")
        unite: Any = self.fields["unite"]
        unite.queryset = parcours.unites.all()


# --- gestes groupés ------------------------------------------------------------------------------------------------


class ConfierEnLotForm(ReglageForm):
    """Un compte, parmi ceux qui lisent au moins un des retours choisis."""

    confie_a = forms.ChoiceField(
        label="Confier à",
        error_messages={
            "required": "Choisissez un compte.",
            "invalid_choice": "Ce compte ne lit aucun de ces retours : choisissez-en un autre.",
        },
    )

    def preparer(self, objets: list[Retour], par: Utilisateur) -> None:
        """Les comptes et ce qu'ils font ici."""
        cibles = {retour.parcours for retour in objets if peut_traiter(par, retour)}
        self.comptes = {str(c.pk): (c, roles) for c, roles in comptes_proposes(cibles, timezone.localdate()).items()}
        choix = [(cle, f"{compte} · {roles}") for cle, (compte, roles) in self.comptes.items()]
        champ: Any = self.fields["confie_a"]
        champ.choices = [("", "Choisir…"), *choix, (SANS_PERSONNE, A_PERSONNE)]

    def details(self) -> dict[str, Any]:
        """Le compte, ou None pour n'en désigner aucun."""
        compte, _ = self.comptes.get(self.cleaned_data["confie_a"], (None, ""))
        return {"confie_a": compte}


class PrendreEnLotForm(ReglageForm):
    """Qui s'en occupe."""

    voie = forms.ChoiceField(
        label="Qui s'en occupe ?",
        choices=VoieRetour.choices,
        widget=forms.RadioSelect,
        error_messages={"required": QUELLE_VOIE},
    )


class ResoudreEnLotForm(ReglageForm):
    """Rien à régler."""


FORMULAIRES: dict[str, type[ReglageForm]] = {
    "confier": ConfierEnLotForm,
    "prendre_en_charge": PrendreEnLotForm,
    "resoudre": ResoudreEnLotForm,
}
