"""Écrire un constat : un effet, un levier ou un frein, en une phrase."""

from typing import Any

from django import forms

from programme.forms.champs import GardeNir
from usages.enums import NatureConstat, ThemeEffet
from usages.models import Constat, NoteDeVisite, Verbatim, Visite
from usages.services.visites.constats import SIGNES_RAPPROCHES


class ConstatForm(GardeNir, forms.Form):
    """Ce qu'on a constaté, son thème, d'où cela vient, et ce dont cela se rapproche ailleurs dans l'étude."""

    nature = forms.ChoiceField(
        label="C'est",
        choices=NatureConstat.choices,
        widget=forms.RadioSelect,
        initial=NatureConstat.EFFET,
        error_messages={"required": "Dites si c'est un effet, un levier ou un frein."},
    )
    libelle = forms.CharField(
        label="En une phrase",
        max_length=240,
        help_text="« Les transmissions de la nuit se lisent à l'arrivée », sans nommer personne.",
        error_messages={"required": "Écrivez le constat en une phrase."},
    )
    theme_propose = forms.ChoiceField(
        label="Thème",
        choices=[("", "Choisir…"), *ThemeEffet.choices],
        help_text="Pour ranger les constats ; la page de codage ne le montre pas, chacun y code le sien.",
        error_messages={"required": "Choisissez le thème."},
    )
    verbatim = forms.ModelChoiceField(
        Verbatim.objects.none(),
        label="Verbatim à l'appui",
        required=False,
        empty_label="Aucun",
        error_messages={"invalid_choice": "Ce verbatim n'est pas de cette visite : choisissez dans la liste."},
    )
    note = forms.ModelChoiceField(
        NoteDeVisite.objects.none(),
        label="Note à l'appui",
        required=False,
        empty_label="Aucune",
        error_messages={"invalid_choice": "Cette note n'est pas de cette visite : choisissez dans la liste."},
    )
    recurrence = forms.CharField(
        label="Se rapproche de",
        max_length=SIGNES_RAPPROCHES,
        required=False,
        widget=forms.TextInput(attrs={"list": "libelles-de-l-etude", "autocomplete": "off"}),
        help_text="Les mots déjà employés pour la même chose dans une autre visite : ils se comptent alors ensemble.",
    )

    def __init__(self, *args: Any, visite: Visite, proposes: list[str], constat: Constat | None = None, **kw: Any):
        super().__init__(*args, **kw)
        champs: Any = self.fields
        champs["verbatim"].queryset = Verbatim.objects.filter(visite=visite)
        champs["note"].queryset = NoteDeVisite.objects.filter(visite=visite)
        self.proposes = proposes
        if constat is not None:
            self.initial = {nom: getattr(constat, nom) for nom in champs}
            if constat.codages.exists():
                for nom in list(champs):
                    if nom != "recurrence":
                        del champs[nom]
