"""Le formulaire des placements : un profil par poste, celui du métier par défaut."""

from typing import Any

from django import forms

from formation.models import Profil
from formation.services.placements import Placement

PROFIL, VU = "profil", "vu"


class PlacementsForm(forms.Form):
    """Deux champs par poste : le profil choisi, et celui qu'on avait sous les yeux."""

    def __init__(self, *args: Any, placements: list[Placement], profils: list[Profil], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.placements = placements
        choix = [(str(p.pk), p.nom) for p in profils]
        for p in placements:
            cle, actuel = p.poste.pk, str(p.poste.profil_id or "")
            d_office = p.de_son_metier.nom if p.de_son_metier else "aucun profil"
            champ = forms.ChoiceField(
                choices=[("", f"Celui du métier : {d_office}"), *choix],
                required=False,
                initial=actuel,
                label=f"Profil de {p.poste.professionnel}",
            )
            champ.widget.attrs["class"] = "form-select form-select-sm"
            self.fields[f"{PROFIL}-{cle}"] = champ
            self.fields[f"{VU}-{cle}"] = forms.IntegerField(
                required=False, initial=actuel, widget=forms.HiddenInput(attrs={"id": False})
            )

    @property
    def rangees(self) -> list[tuple[Placement, Any, Any]]:
        """Chaque placement, son choix, et le témoin de ce qu'on a lu."""
        return [(p, self[f"{PROFIL}-{p.poste.pk}"], self[f"{VU}-{p.poste.pk}"]) for p in self.placements]

    @property
    def choix(self) -> dict[int, tuple[int | None, int | None]]:
        """Clé du poste → (profil lu, profil choisi)."""
        lus = self.cleaned_data
        return {
            p.poste.pk: (lus[f"{VU}-{p.poste.pk}"], int(voulu) if (voulu := lus[f"{PROFIL}-{p.poste.pk}"]) else None)
            for p in self.placements
        }
