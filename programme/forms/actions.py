"""Formulaires des actions : pour quoi, puis quoi, qui, pour quand."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone

from programme.forms.champs import VersionneEnEntier
from programme.forms.lot import ReglageForm
from programme.forms.passages import saisie_de_date
from programme.models import Action, Utilisateur
from programme.permissions import peut_tenir_action
from programme.services.actions import CHAMPS, DEUX_RESPONSABLES, comptes_proposes, faute_d_echeance
from programme.socle.champs import SaisieLibre

SANS_RESPONSABLE = "personne"
A_DESIGNER = "à désigner, ou sans compte"


class CibleForm(forms.Form):
    """La grappe ou l'ESMS de l'action ; `choix` : groupes d'options (grappes, puis ESMS par grappe)."""

    cible = forms.ChoiceField(
        label="Pour quoi ?",
        error_messages={
            "required": "Choisissez la grappe ou l'ESMS.",
            "invalid_choice": "Choisissez une grappe ou un ESMS de la liste.",
        },
    )

    def __init__(self, *args: Any, choix: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ: Any = self.fields["cible"]
        champ.choices = [("", "Choisir…"), *choix]


class ChampResponsable(forms.ChoiceField):
    """Un compte parmi ceux qui voient l'action ; rend le compte, ou None."""

    def __init__(self, **kwargs: Any) -> None:
        messages = {
            "invalid_choice": "Ce compte n'est pas, ou plus, de ceux qui voient cette action : choisissez-en un."
        }
        super().__init__(required=False, error_messages=messages, **kwargs)
        self.comptes: dict[str, Utilisateur] = {}

    def proposer(self, comptes: Mapping[Utilisateur, str], vide: str = A_DESIGNER) -> None:
        """Les comptes et ce qu'ils font ici."""
        self.comptes = {str(c.pk): c for c in comptes}
        self.choices = [("", vide), *((str(c.pk), f"{c} · {roles}") for c, roles in comptes.items())]

    def prepare_value(self, value: Any) -> Any:
        """La clé, à la place du compte."""
        return str(value.pk) if isinstance(value, Utilisateur) else value

    def clean(self, value: Any) -> Utilisateur | None:
        """Le compte choisi."""
        return self.comptes.get(super().clean(value))


class ActionForm(VersionneEnEntier):
    """Une action : quoi, qui, pour quand."""

    libelle = forms.CharField(
        label="Action",
        max_length=160,
        help_text="Ce qu'il faut faire, en une ligne : un verbe d'abord.",
        error_messages={"required": "Dites ce qu'il faut faire."},
    )
    responsable = ChampResponsable(
        label="Responsable", help_text="Parmi les comptes qui voient cette action : elle entre dans son « À faire »."
    )
    responsable_nom = forms.CharField(
        label="Ou une fonction, sans compte",
        max_length=120,
        required=False,
        help_text="Par exemple « le prestataire réseau ». Treille ne la préviendra pas.",
    )
    echeance = saisie_de_date(label="Échéance", required=False)
    precision = SaisieLibre(
        label="Précision", required=False, max_length=1000, help_text="Jamais le nom d'une personne accompagnée."
    )

    def __init__(self, *args: Any, action: Action | None, comptes: Mapping[Utilisateur, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if action:
            self.initial = {**{nom: getattr(action, nom) for nom in CHAMPS}, **self.initial}
            if action.responsable and action.responsable not in comptes:
                # Parti, il reste nommé tant qu'on n'a pas choisi quelqu'un d'autre.
                comptes = {**comptes, action.responsable: "ne voit plus cette action"}
        champ: Any = self.fields["responsable"]
        champ.proposer(comptes)

    def clean_echeance(self) -> Any:
        """Dite dès la première lecture, avec le reste ; celle d'une action en retard n'est pas redemandée."""
        echeance = self.cleaned_data["echeance"]
        if echeance != self.initial.get("echeance") and (phrase := faute_d_echeance(echeance, timezone.localdate())):
            raise forms.ValidationError(phrase)
        return echeance

    def clean_responsable_nom(self) -> str:
        """Un compte ou une fonction."""
        nom: str = self.cleaned_data["responsable_nom"]
        if nom and self.cleaned_data.get("responsable"):
            raise forms.ValidationError(DEUX_RESPONSABLES)
        return nom


# --- gestes groupés ------------------------------------------------------------------------------------------------


class EcheanceEnLotForm(ReglageForm):
    """Une échéance commune."""

    echeance = saisie_de_date(label="Nouvelle échéance")

    def clean_echeance(self) -> Any:
        """Une échéance à venir : passée, elle serait déjà en retard."""
        echeance = self.cleaned_data["echeance"]
        if phrase := faute_d_echeance(echeance, timezone.localdate()):
            raise forms.ValidationError(phrase)
        return echeance


class ResponsableEnLotForm(ReglageForm):
    """Un compte, parmi ceux qui voient au moins une des actions choisies."""

    responsable = forms.ChoiceField(
        label="Confier à",
        error_messages={
            "required": "Choisissez un compte.",
            "invalid_choice": "Ce compte ne voit aucune de ces actions : choisissez-en un autre.",
        },
    )

    def preparer(self, objets: list[Action], par: Utilisateur) -> None:
        """Les comptes et ce qu'ils font ici."""
        cibles = {action.cible for action in objets if peut_tenir_action(par, action)}
        self.comptes = {str(c.pk): (c, roles) for c, roles in comptes_proposes(cibles, timezone.localdate()).items()}
        choix = [(cle, f"{compte} · {roles}") for cle, (compte, roles) in self.comptes.items()]
        champ: Any = self.fields["responsable"]
        champ.choices = [("", "Choisir…"), *choix, (SANS_RESPONSABLE, "personne pour l'instant : à désigner")]

    def details(self) -> dict[str, Any]:
        """Le compte, ou None pour n'en désigner aucun."""
        compte, _ = self.comptes.get(self.cleaned_data["responsable"], (None, ""))
        return {"responsable": compte}


class FaitesEnLotForm(ReglageForm):
    """Le jour où elles ont été faites."""

    date_effet = saisie_de_date(
        label="Faites le",
        help_text="Aujourd'hui, ou le jour où elles l'ont été. Jamais à venir.",
        initial=timezone.localdate,
    )


FORMULAIRES: dict[str, type[ReglageForm]] = {
    "echeance": EcheanceEnLotForm,
    "responsable": ResponsableEnLotForm,
    "terminer": FaitesEnLotForm,
}
