"""La carte « à qui m'adresser », une ligne par sujet."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.forms import BoundField

from programme.enums import Sujet
from programme.forms.champs import Versionne
from programme.models import Interlocuteur
from programme.services.interlocuteurs import CHAMPS, Reponse
from programme.socle.champs import SaisieLibre

LIBELLES = {
    "nom": "Nom ou service",
    "fonction": "Fonction",
    "telephone": "Téléphone",
    "courriel": "Courriel",
    "precision": "Quand, comment",
}


def _champ(nom: str, sujet: Sujet) -> forms.Field:
    label = f"{LIBELLES[nom]}, {sujet.label.lower()}"
    if nom == "courriel":
        phrase = "Écrivez un courriel entier, par exemple service@organisme.fr."
        return forms.EmailField(label=label, required=False, error_messages={"invalid": phrase})
    if nom == "precision":
        return SaisieLibre(label=label, required=False, max_length=200, widget=forms.TextInput())
    champ: Any = Interlocuteur._meta.get_field(nom)
    attrs = {"inputmode": "tel"} if nom == "telephone" else {}
    return forms.CharField(
        label=label, required=False, max_length=champ.max_length, widget=forms.TextInput(attrs=attrs)
    )


class InterlocuteursForm(Versionne):
    """Tous les sujets d'une grappe, d'un OG ou d'un ESMS ; `proposes` : ce que disent les comptes, pas encore écrit."""

    def __init__(
        self, donnees: Any = None, *, connus: Mapping[str, Interlocuteur], proposes: Mapping[str, Reponse], vu: int
    ) -> None:
        self.connus, self.proposes = connus, {s: r for s, r in proposes.items() if s not in connus}
        initial: dict[str, Any] = {"vu": vu}
        for sujet, i in [*connus.items(), *((s, r.interlocuteur) for s, r in self.proposes.items())]:
            initial |= {f"{sujet}-{nom}": getattr(i, nom) for nom in CHAMPS}
        super().__init__(donnees, initial=initial)
        for sujet in Sujet:
            for nom in CHAMPS:
                self.fields[f"{sujet.value}-{nom}"] = _champ(nom, sujet)

    def lignes(self) -> Iterator[tuple[Sujet, list[tuple[str, BoundField]], bool]]:
        """Pour l'écran : le sujet, ses champs et leur libellé court, et si la ligne n'est qu'une proposition."""
        for sujet in Sujet:
            champs = [(LIBELLES[nom], self[f"{sujet.value}-{nom}"]) for nom in CHAMPS]
            yield sujet, champs, sujet in self.proposes

    def valeurs(self) -> dict[str, dict[str, str]]:
        """Ce que le service attend, par sujet."""
        return {s.value: {nom: self.cleaned_data[f"{s.value}-{nom}"].strip() for nom in CHAMPS} for s in Sujet}

    def version_vue(self) -> int | None:
        """Le jeton de la page."""
        vu = self.cleaned_data.get("vu", "")
        return int(vu) if vu.isdecimal() else None
