"""Désigner qui évalue, ouvrir une réunion, tenir le consensus."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils import timezone

from programme.forms.actions import ChampResponsable
from programme.forms.champs import Coches, GardeNir
from programme.forms.passages import saisie_de_date
from programme.models import Utilisateur
from risques.enums import Regard
from risques.models import Section


class DesignerForm(GardeNir, forms.Form):
    """Une personne de plus. `comptes` : ceux qui voient l'objet ; `sections` : celles qu'on pose."""

    evaluateur: Any = ChampResponsable(label="Qui évalue", help_text="Parmi les comptes qui voient cet objet.")
    regard = forms.ChoiceField(
        label="À quel titre",
        choices=Regard.choices,
        widget=forms.RadioSelect,
        help_text="Les regards se confrontent ; les personnes ne se comparent pas.",
        error_messages={"required": "Dites à quel titre cette personne répond."},
    )
    sections: Any = Coches(
        label="Sections confiées", help_text="Aucune cochée : toutes. Plusieurs personnes peuvent se partager le reste."
    )

    def __init__(
        self, *args: Any, comptes: Mapping[Utilisateur, str], sections: Sequence[Section], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        evaluateur: Any = self.fields["evaluateur"]
        evaluateur.proposer(comptes, "Choisir…")
        evaluateur.required = True
        evaluateur.error_messages["required"] = "Choisissez la personne à qui demander ses réponses."
        self.posees = {s.pk: s for s in sections}
        if len(sections) > 1:
            coches: Any = self.fields["sections"]
            coches.choices = [(s.pk, f"{s.code}. {s.nom}") for s in sections]
        else:
            del self.fields["sections"]

    def champs(self) -> dict[str, Any]:
        """Ce qu'attend le service."""
        return self.cleaned_data | {"sections": [self.posees[cle] for cle in self.cleaned_data.get("sections", [])]}


class ReunionForm(GardeNir, forms.Form):
    """Qui tient la plume quand on répond ensemble."""

    evaluateur: Any = ChampResponsable(label="Qui tient la plume")

    def __init__(self, *args: Any, comptes: Mapping[Utilisateur, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        evaluateur: Any = self.fields["evaluateur"]
        evaluateur.proposer(comptes, "moi")


class ConsensusForm(GardeNir, forms.Form):
    """Quand, avec qui ; et pourquoi, si deux personnes n'ont pas encore répondu."""

    tenue_le = saisie_de_date(label="Tenu le", initial=timezone.localdate)
    participants = forms.CharField(
        label="Avec qui",
        max_length=300,
        help_text="Des fonctions suffisent : « direction, référente locale, cheffe de service ».",
        error_messages={"required": "Dites qui était là, par fonction."},
    )
    pourquoi = forms.CharField(
        label="Pourquoi déjà",
        max_length=200,
        help_text="Moins de deux personnes ont transmis : dites pourquoi vous n'attendez pas.",
        error_messages={"required": "Dites en une ligne pourquoi vous n'attendez pas deux réponses."},
    )

    def __init__(self, *args: Any, suffit: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if suffit:
            del self.fields["pourquoi"]
