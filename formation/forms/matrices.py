"""Ouvrir une version, donner ses raisons, revoir."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone

from formation.enums import MotifType
from formation.models import RaisonHabilitation
from formation.services.lecture_matrices import Explication
from formation.services.raisons import TOUTES_LES_PORTEES, RaisonDite
from programme.forms.passages import saisie_de_date
from programme.socle.champs import SaisieLibre

A_DIRE = [("", "À dire"), *MotifType.choices]


class OuvrirForm(forms.Form):
    """D'où part la version qu'on ouvre."""

    depuis = forms.ChoiceField(
        label="D'où partir", widget=forms.RadioSelect, error_messages={"required": "Choisissez d'où partir."}
    )

    def __init__(self, *args: Any, choix: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        depuis: Any = self.fields["depuis"]
        depuis.choices = choix
        self.initial.setdefault("depuis", choix[0][0])


class RevoirForm(forms.Form):
    """« Revue le…, rien à changer »."""

    le = saisie_de_date(label="Revue le", initial=timezone.localdate, help_text="Aujourd'hui, ou le jour de la revue.")


class RaisonsForm(forms.Form):
    """Une raison par choix à expliquer, et une pour toutes les portées d'un coup."""

    decidee_le = saisie_de_date(
        label="Décidé le", initial=timezone.localdate, help_text="Le jour où le choix a été fait. Jamais à venir."
    )

    def __init__(
        self,
        *args: Any,
        explications: Sequence[Explication],
        pour_toutes: RaisonHabilitation | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.explications = explications
        portees = [e for e in explications if e.manquement.est_portee]
        self.cles: dict[str, tuple[str, str]] = {}
        if len(portees) > 1 or pour_toutes:
            self._ajouter(TOUTES_LES_PORTEES, "toutes les portées", pour_toutes)
        for e in explications:
            propre = None if e.pour_toutes else e.raison
            self._ajouter((e.manquement.regle, e.manquement.cle), e.manquement.phrase, propre)

    def _ajouter(self, cle: tuple[str, str], quoi: str, raison: RaisonHabilitation | None) -> None:
        nom = ":".join(cle)
        self.cles[nom] = cle
        self.fields[nom] = forms.ChoiceField(
            label="Raison", choices=A_DIRE, required=False, initial=raison.motif_type if raison else ""
        )
        self.fields[f"{nom}:mot"] = SaisieLibre(
            label="En une phrase", required=False, max_length=300, lignes=2, initial=raison.motif if raison else ""
        )

    @property
    def toutes(self) -> tuple[Any, Any] | None:
        """La saisie qui vaut pour toutes les portées, s'il y en a plusieurs."""
        nom = ":".join(TOUTES_LES_PORTEES)
        return (self[nom], self[f"{nom}:mot"]) if nom in self.cles else None

    def _saisies(self, portees: bool) -> list[tuple[Explication, Any, Any]]:
        rendu = []
        for e in self.explications:
            if e.manquement.est_portee == portees:
                nom = f"{e.manquement.regle}:{e.manquement.cle}"
                rendu.append((e, self[nom], self[f"{nom}:mot"]))
        return rendu

    @property
    def portees(self) -> list[tuple[Explication, Any, Any]]:
        """Les choix de portée, avec leurs deux saisies."""
        return self._saisies(True)

    @property
    def incoherences(self) -> list[tuple[Explication, Any, Any]]:
        """Ce qu'une règle signale, avec leurs deux saisies."""
        return self._saisies(False)

    def clean(self) -> dict[str, Any]:
        """Une phrase sans raison type se dit « autre raison »."""
        lus = super().clean() or self.cleaned_data
        for nom in self.cles:
            if lus.get(f"{nom}:mot") and not lus.get(nom) and nom not in self.errors:
                lus[nom] = MotifType.AUTRE.value
        return lus

    def raisons(self) -> dict[tuple[str, str], RaisonDite]:
        """Celles qui sont dites."""
        lus = self.cleaned_data
        return {cle: RaisonDite(lus[nom], lus.get(f"{nom}:mot", "")) for nom, cle in self.cles.items() if lus.get(nom)}
