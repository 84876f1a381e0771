"""Plusieurs ouvertures d'un coup : les cases, le geste, la date d'effet, le motif."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone

from programme.forms.champs import Coches
from programme.forms.passages import saisie_de_date
from programme.models import Ouverture
from programme.services.ouvertures import PAR_LOT, chemin
from programme.socle.champs import SaisieLibre


class OuverturesForm(forms.Form):
    """Cocher case par case, ou prendre une unité ou un module entier : alors, ce qui peut faire ce geste."""

    transition = forms.ChoiceField(label="Le geste", widget=forms.RadioSelect, initial="ouvrir")
    unites = Coches(label="Toute une unité")
    modules = Coches(label="Tout un module")
    ouvertures = Coches(label="Cases")
    date_effet = saisie_de_date(
        label="Date d'effet", help_text="Aujourd'hui, ou le jour où la chose a eu lieu. Jamais à venir."
    )
    motif = SaisieLibre(
        label="Motif",
        required=False,
        help_text="Une ligne, la même pour tous. Elle reste au journal ; sous réserve, elle est vue au COMOP.",
    )
    vues = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, donnees: Any = None, *, lignes: Iterable[Ouverture]) -> None:
        super().__init__(donnees, initial={"date_effet": timezone.localdate()})
        self.lignes = list(lignes)
        gestes = Ouverture.transitions()
        self._choix("transition", [(nom, gestes[nom].custom["verbe"]) for nom in PAR_LOT])
        self._choix("unites", list({o.unite_id: (o.unite_id, str(o.unite)) for o in self.lignes}.values()))
        self._choix("modules", list({o.module_id: (o.module_id, str(o.module)) for o in self.lignes}.values()))
        self._choix("ouvertures", [(o.pk, str(o)) for o in self.lignes])

    def _choix(self, nom: str, choix: list[tuple[Any, Any]]) -> None:
        champ: Any = self.fields[nom]
        champ.choices = choix

    def clean(self) -> dict[str, Any]:
        """Réunit les cases, et les unités et modules entiers."""
        donnees = super().clean() or self.cleaned_data
        donnees["retenues"] = self._retenues(donnees)
        if not donnees["retenues"] and not self.errors:
            entier = donnees.get("unites") or donnees.get("modules")
            self.add_error(
                "ouvertures",
                "Rien n'y attend ce geste : choisissez-en un autre, ou cochez d'autres cases."
                if entier
                else "Cochez au moins une case, une unité ou un module.",
            )
        return donnees

    def _retenues(self, donnees: dict[str, Any]) -> list[Ouverture]:
        cochees, geste = set(donnees.get("ouvertures") or ()), donnees.get("transition") or ""
        unites, modules = set(donnees.get("unites") or ()), set(donnees.get("modules") or ())
        return [
            o
            for o in self.lignes
            if o.pk in cochees or ((o.unite_id in unites or o.module_id in modules) and chemin(o, geste))
        ]

    @property
    def cochees(self) -> set[int]:
        """Clés à montrer cochées."""
        donnees = getattr(self, "cleaned_data", {})
        return {o.pk for o in donnees.get("retenues", ())}

    @property
    def versions(self) -> dict[int, int]:
        """Ce que la personne avait sous les yeux : « clé:version », séparées d'une virgule."""
        couples = (mot.split(":") for mot in self.cleaned_data.get("vues", "").split(",") if ":" in mot)
        return {int(c): int(v) for c, v, *_ in couples if c.isdecimal() and v.isdecimal()}
