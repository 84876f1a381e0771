"""Écrire une pratique, la corriger, la reprendre."""

from typing import Any

from django import forms

from programme.forms.champs import GardeNir, Versionne
from programme.models import Grappe, Module
from programme.socle.champs import SaisieLibre
from usages.enums import ThemeRetour
from usages.models import Pratique
from usages.services.retours.pratiques import CHAMPS, TEXTES

QUELLE_GRAPPE = "Choisissez votre grappe."


def champ_grappe(grappes: list[Grappe], label: str) -> forms.ModelChoiceField:
    """La grappe au nom de qui l'on agit ; une seule : elle est déjà dite, et cachée."""
    champ = forms.ModelChoiceField(
        Grappe.objects.filter(pk__in=[g.pk for g in grappes]),
        label=label,
        empty_label="Choisir…",
        error_messages={"required": QUELLE_GRAPPE, "invalid_choice": QUELLE_GRAPPE},
    )
    if len(grappes) == 1:
        champ.widget, champ.initial = forms.HiddenInput(), grappes[0].pk
    return champ


class PratiqueForm(Versionne):
    """Une fiche d'une page. `grappes` : celles au nom de qui l'on écrit ; vide, la fiche garde la sienne."""

    field_order = ["grappe", "titre", "contexte", "fait", "effet", "theme", "module", "signature", "contact"]

    titre = forms.CharField(
        label="Titre",
        max_length=120,
        help_text="Ce qu’on fait, en une ligne : « Dix minutes de saisie à la relève ».",
        error_messages={"required": "Donnez un titre à la pratique."},
    )
    contexte = SaisieLibre(
        label="Le contexte",
        max_length=600,
        lignes=3,
        help_text="Combien d’unités, quels métiers, ce qui n’allait pas.",
        error_messages={"required": TEXTES["contexte"]},
    )
    fait = SaisieLibre(
        label="Ce que nous avons fait", max_length=1200, lignes=5, error_messages={"required": TEXTES["fait"]}
    )
    effet = SaisieLibre(
        label="Ce que ça a donné", max_length=600, lignes=3, error_messages={"required": TEXTES["effet"]}
    )
    theme = forms.ChoiceField(
        label="Thème",
        choices=[("", "Choisir…"), *ThemeRetour.choices],
        error_messages={"required": "Dites de quoi il s’agit."},
    )
    module = forms.ModelChoiceField(
        Module.objects.all(), label="Module", required=False, empty_label="Aucun en particulier"
    )
    signature = forms.CharField(
        label="Signée",
        max_length=120,
        help_text="Comment vous voulez être nommés : « Un IME de la région ». La grappe ne se nomme qu’à qui la suit.",
        error_messages={"required": "Dites comment signer la fiche."},
    )
    contact = forms.CharField(
        label="Qui contacter",
        max_length=120,
        required=False,
        help_text="Une fonction, pas une personne : « la cheffe de service de l’internat ».",
    )

    def __init__(
        self, *args: Any, grappes: list[Grappe] | None = None, pratique: Pratique | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if pratique:
            self.initial = {**{nom: getattr(pratique, nom) for nom in CHAMPS}, **self.initial}
        else:
            self.fields["grappe"] = champ_grappe(grappes or [], "Votre grappe")
            self.order_fields(self.field_order)

    def valeurs(self) -> dict[str, Any]:
        """Ce qu'attend le service."""
        return {nom: valeur for nom, valeur in self.cleaned_data.items() if nom != "vu"}


class RepriseForm(GardeNir, forms.Form):
    """Quelle grappe la reprend, et ce qu'elle en change."""

    note = forms.CharField(
        label="Ce que nous en changeons",
        max_length=240,
        required=False,
        help_text="En une ligne, si vous l’adaptez. Seules les grappes qui se voient lisent cette note.",
    )

    def __init__(self, *args: Any, grappes: list[Grappe], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["grappe"] = champ_grappe(grappes, "Votre grappe")
        self.order_fields(["grappe", "note"])
