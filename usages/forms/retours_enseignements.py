"""Écrire un enseignement du pilote, ou le corriger."""

from typing import Any

from django import forms

from programme.forms.champs import Versionne
from programme.models import Grappe, Module, Parcours
from programme.socle.champs import SaisieLibre
from usages.models import Enseignement
from usages.services.retours.enseignements import CHAMPS, PAS_UN_PILOTE, SANS_CONSEIL


class EnseignementForm(Versionne):
    """`pilotes` : ceux au nom de qui l'on écrit ; `pour_la_grappe` : on peut aussi n'en nommer aucun."""

    libelle = forms.CharField(
        label="Ce qu’on a appris",
        max_length=160,
        help_text="En une ligne : « Ouvrir la nuit en même temps que le jour ».",
        error_messages={"required": "Dites ce que vous avez appris, en une ligne."},
    )
    conseil = SaisieLibre(
        label="Ce qu’on conseille aux suivants",
        max_length=1000,
        lignes=4,
        help_text="Quoi faire, quand, avec qui. Jamais le nom d’une personne.",
        error_messages={"required": SANS_CONSEIL},
    )
    pilote = forms.ModelChoiceField(
        Parcours.objects.none(),
        label="Site pilote",
        help_text="Celui qui l’a vécu. Son nom ne se montre qu’à qui suit cet ESMS.",
        error_messages={"required": "Dites quel site pilote l’a appris.", "invalid_choice": PAS_UN_PILOTE},
    )
    module = forms.ModelChoiceField(
        Module.objects.all(), label="Module", required=False, empty_label="Aucun en particulier"
    )
    a_regler = forms.BooleanField(
        label="À régler avant d’ouvrir ailleurs",
        required=False,
        help_text="Tant qu’il est ouvert, aucun autre ESMS de la grappe n’ouvre, sauf dérogation d’une instance.",
    )

    def __init__(
        self,
        *args: Any,
        grappe: Grappe,
        pilotes: Any,
        pour_la_grappe: bool,
        enseignement: Enseignement | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        champs: Any = self.fields
        champs["pilote"].queryset = pilotes
        champs["pilote"].required = not pour_la_grappe
        champs["pilote"].empty_label = "Aucun en particulier" if pour_la_grappe else "Choisir…"
        champs["module"].queryset = grappe.modules.all() if grappe.modules.exists() else Module.objects.all()
        if enseignement:
            champs["module"].queryset |= Module.objects.filter(enseignements=enseignement)
            self.initial = {**{nom: getattr(enseignement, nom) for nom in CHAMPS}, **self.initial}

    def valeurs(self) -> dict[str, Any]:
        """Ce qu'attend le service."""
        return {nom: self.cleaned_data[nom] for nom in CHAMPS}
