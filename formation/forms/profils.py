"""Créer ou corriger un profil : son nom, ce qu'il fait, les métiers qui le reçoivent."""

from collections.abc import Mapping
from typing import Any

from django import forms

from formation.enums import NatureProfil
from formation.models import Profil
from programme.forms.champs import Coches, VersionneEnEntier
from programme.models import Metier

DEPLACE = (
    "Entre parenthèses, le profil qui le reçoit aujourd'hui. Un métier n'a qu'un profil : le cocher le déplace ici."
)


class ProfilForm(VersionneEnEntier):
    """Un profil d'une grappe ; un métier déjà donné ailleurs dit où il est."""

    nom = forms.CharField(
        label="Nom",
        max_length=80,
        help_text="Celui que liront les équipes, et l'éditeur : « Éducatif », « Secrétariat ».",
    )
    nature = forms.ChoiceField(
        label="Ce qu'il fait",
        choices=[("", "À choisir"), *NatureProfil.choices],
        help_text="Les règles de cohérence s'y adressent.",
    )
    metiers = Coches(label="Métiers qui le reçoivent d'office", help_text=DEPLACE)

    def __init__(self, *args: Any, profil: Profil | None, ailleurs: Mapping[int, Profil], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.connus = {m.pk: m for m in Metier.objects.all()}
        metiers: Any = self.fields["metiers"]
        metiers.choices = [
            (m.pk, f"{m.nom} ({ailleurs[m.pk].nom})" if m.pk in ailleurs else m.nom) for m in self.connus.values()
        ]
        if profil:
            siens = {"nom": profil.nom, "nature": profil.nature, "metiers": [m.pk for m in profil.metiers.all()]}
            self.initial = {**siens, **self.initial}

    def champs(self) -> dict[str, Any]:
        """Les métiers, en objets."""
        return super().champs() | {"metiers": [self.connus[cle] for cle in self.cleaned_data["metiers"]]}


class SansChamp(forms.Form):
    """Rien à saisir : confirmer suffit."""
