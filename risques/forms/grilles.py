"""Ce qui se saisit d'une grille en plus des réponses : qui était à la réunion, des codes courts repris du papier."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from programme.forms.champs import VersionneEnEntier
from risques.calculs.ressaisie import LIGNES_AU_PLUS, SIGNES_AU_PLUS

TROP = f"C'est trop long pour une grille : {LIGNES_AU_PLUS} lignes au plus. Collez les codes et les notes seulement."


class ReunionForm(VersionneEnEntier):
    """Participants et date d'une réunion ou d'un consensus."""

    participants = forms.CharField(
        max_length=300,
        label="Qui était là",
        help_text="Des fonctions suffisent : direction, référente locale, veilleuse de nuit.",
        error_messages={"required": "Dites qui était là : les fonctions suffisent."},
    )
    tenue_le = forms.DateField(
        label="Tenue le",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Donnez le jour de la réunion."},
    )

    def clean_tenue_le(self) -> date:
        """Une réunion a eu lieu."""
        jour: date = self.cleaned_data["tenue_le"]
        if jour > timezone.localdate():
            raise forms.ValidationError("La réunion n'a pas encore eu lieu : donnez une date passée, ou aujourd'hui.")
        return jour


class RessaisieForm(forms.Form):
    """Des codes et des notes, repris d'une grille de papier. `vu` : ce que l'aperçu montrait.

    Sans la garde des NIR : de ce texte rien n'est gardé que des notes, et une suite de codes chiffrés y ressemblerait.
    """

    texte = forms.CharField(
        label="Codes et notes",
        help_text="Par exemple : P01 7 ; P02 3 ; P03 so. Une ligne ou plusieurs ; « so » pour sans objet.",
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false", "autocapitalize": "characters"}),
        error_messages={"required": "Écrivez au moins un code et sa note, par exemple P01 7."},
    )
    vu = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean_texte(self) -> str:
        """Refuse d'un mot ce qui n'est pas une grille."""
        texte: str = self.cleaned_data["texte"]
        if len(texte) > SIGNES_AU_PLUS or texte.count("\n") >= LIGNES_AU_PLUS:
            raise forms.ValidationError(TROP)
        return texte

    def avec_vu(self, vu: str) -> "RessaisieForm":
        """La même saisie, sur ce que l'aperçu vient de montrer."""
        donnees: Any = self.data
        donnees = donnees.copy()
        donnees["vu"] = vu
        return RessaisieForm(donnees)
