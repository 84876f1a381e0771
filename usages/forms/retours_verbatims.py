"""Corriger un verbatim, noter l'accord de qui l'a dit."""

from typing import Any

from django import forms

from programme.forms.champs import Versionne
from programme.forms.passages import saisie_de_date
from programme.socle.champs import SaisieLibre
from usages.enums import Consentement
from usages.models import Verbatim
from usages.services.retours.verbatims import ENSUITE, QUEL_JOUR


class VerbatimForm(Versionne):
    """Les mots, le rôle, l'accord et son jour ; on n'offre que ce que l'accord peut devenir."""

    texte = SaisieLibre(
        label="Ce qui a été dit",
        max_length=1000,
        lignes=4,
        help_text="Les mots se corrigent tant que l'accord est à demander.",
        error_messages={"required": "Gardez au moins quelques mots."},
    )
    qui = forms.CharField(
        label="Qui l'a dit (un rôle)",
        max_length=80,
        help_text="« une éducatrice », jamais un nom.",
        error_messages={"required": "Dites son rôle, ou « dit sans nom »."},
    )
    consentement = forms.ChoiceField(
        label="Accord",
        widget=forms.RadioSelect,
        help_text="Sans accord donné, ces mots ne sortent d'aucun document. Un accord retiré reste noté.",
        error_messages={
            "required": "Dites où en est l'accord.",
            "invalid_choice": "Cet accord ne peut pas devenir cela : choisissez dans la liste.",
        },
    )
    consentement_le = saisie_de_date(
        label="Dit le", required=False, help_text="Le jour où la personne a accepté, refusé ou retiré son accord."
    )

    def __init__(self, *args: Any, verbatim: Verbatim, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        v = verbatim
        self.initial = {
            "texte": v.texte,
            "qui": v.qui,
            "consentement": v.consentement,
            "consentement_le": v.consentement_le,
            "vu": v.consentement,
        }
        champ: Any = self.fields["consentement"]
        champ.choices = [(c.value, c.label) for c in ENSUITE[v.consentement]]
        if v.consentement != Consentement.A_DEMANDER:
            del self.fields["texte"]

    def clean(self) -> dict[str, Any]:
        """Tout accord dit a son jour."""
        lu: dict[str, Any] = super().clean() or self.cleaned_data
        dit = lu.get("consentement") not in (None, Consentement.A_DEMANDER)
        if dit and not lu.get("consentement_le") and "consentement_le" not in self.errors:
            self.add_error("consentement_le", QUEL_JOUR)
        return lu
