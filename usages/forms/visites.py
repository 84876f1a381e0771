"""Proposer une visite, en écrire le programme, les rencontres, les trames."""

from collections.abc import Sequence
from typing import Any

from django import forms

from programme.forms.champs import GardeNir, Versionne
from programme.forms.passages import saisie_de_date
from programme.models import Parcours
from programme.socle.champs import SaisieLibre, refuser_nir
from usages.enums import FormeDeTemps, ThemeEffet
from usages.models import Rencontre
from usages.models.visites import hors_du_projet
from usages.services.visites.gestes import HORS_DE_VUE, SANS_OBJET
from usages.services.visites.programme import RENCONTRES_MAXIMALES

LIGNES_LIBRES = 6
THEMES = [("", "Aucun en particulier"), *ThemeEffet.choices]
ROLES_COURANTS = (
    "directeur", "chef de service", "référent du projet", "éducateur", "aide-soignant",
    "accompagnant éducatif et social", "moniteur d'atelier", "infirmier", "psychologue", "enseignant",
    "assistant social", "secrétaire", "personne accompagnée", "représentant de personnes accompagnées",
)  # fmt: skip
"""Ce que propose la saisie d'un rôle ; on écrit le sien."""


class VisiteForm(Versionne):
    """Ce qu'on en dit à l'ESMS."""

    objet = SaisieLibre(
        label="Ce qu'on vient voir, et ce qu'on en fera",
        max_length=1000,
        lignes=5,
        help_text="La direction le lit avant de répondre : dites ce que vous regarderez, qui vous espérez rencontrer.",
        error_messages={"required": SANS_OBJET},
    )
    contraste = forms.CharField(
        label="Cas de contraste, gardé parce que",
        max_length=240,
        required=False,
        help_text="Si cet ESMS est choisi parce qu'il diffère des autres. L'ESMS ne le lit pas.",
    )

    def valeurs(self) -> dict[str, Any]:
        """Ce qu'attend le service."""
        return {nom: valeur for nom, valeur in self.cleaned_data.items() if nom != "vu"}


class ProposerForm(VisiteForm):
    """`offertes` : les ESMS qu'on peut choisir, ceux de l'entonnoir et ceux qu'on vient de chercher."""

    parcours = forms.ChoiceField(
        label="L'ESMS",
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez l'ESMS à visiter.", "invalid_choice": HORS_DE_VUE},
    )
    field_order = ("parcours", "objet", "contraste")

    def __init__(self, *args: Any, offertes: Sequence[Parcours], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offertes = {str(p.pk): p for p in offertes}
        champ: Any = self.fields["parcours"]
        champ.choices = [(cle, _nommer(p)) for cle, p in self.offertes.items()]

    def clean_parcours(self) -> Parcours:
        """L'ESMS choisi."""
        return self.offertes[self.cleaned_data["parcours"]]


def _nommer(parcours: Parcours) -> str:
    ou = parcours.esms.ville or ""
    raison = hors_du_projet(parcours)
    return f"{parcours}{f', {ou}' if ou else ''} · {parcours.grappe}{f' · {raison}' if raison else ''}"


class TempsForm(GardeNir, forms.Form):
    """Un moment du programme."""

    jour = saisie_de_date(label="Jour")
    debut = forms.TimeField(
        label="Début",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": "Donnez l'heure de début.", "invalid": "Écrivez une heure, par exemple 09:30."},
    )
    fin = forms.TimeField(
        label="Fin",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": "Donnez l'heure de fin.", "invalid": "Écrivez une heure, par exemple 10:30."},
    )
    forme = forms.ChoiceField(label="Comment", choices=FormeDeTemps.choices, initial=FormeDeTemps.COLLECTIF)
    theme = forms.ChoiceField(label="Sur quoi", choices=THEMES, required=False)
    avec = forms.CharField(
        label="Avec qui",
        max_length=160,
        required=False,
        help_text="Des rôles, jamais des noms : « deux éducateurs et une infirmière ».",
    )
    lieu = forms.CharField(label="Où", max_length=120, required=False)


class ProgrammeTypeForm(forms.Form):
    """Les deux jours d'un programme ordinaire ; ils peuvent ne pas se suivre."""

    premier = saisie_de_date(label="Premier jour")
    second = saisie_de_date(label="Second jour", help_text="Il peut être plus tard.")


class RencontresForm(forms.Form):
    """Toutes les rencontres en une page : un rôle, un nombre ; quelques lignes libres à la suite."""

    def __init__(self, *args: Any, rencontres: Sequence[Rencontre] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        envoyees = [int(nom[4:]) for nom in self.data if nom[:4] == "qui_" and nom[4:].isdecimal() and len(nom) < 8]
        montrees = [len(rencontres) + LIGNES_LIBRES, *(rang + 1 for rang in envoyees)]
        self.lignes = min(max(montrees), RENCONTRES_MAXIMALES)
        for rang in range(self.lignes):
            self._ajouter(rang, rencontres[rang] if rang < len(rencontres) else None)

    def _ajouter(self, rang: int, rencontre: Rencontre | None) -> None:
        vue = forms.TextInput(attrs={"list": "roles-courants", "autocomplete": "off"})
        self.fields[f"qui_{rang}"] = forms.CharField(
            label=f"Rôle, ligne {rang + 1}",
            max_length=80,
            required=False,
            initial=rencontre.qui if rencontre else None,
            widget=vue,
            validators=[refuser_nir],
        )
        self.fields[f"nombre_{rang}"] = forms.IntegerField(
            label=f"Nombre, ligne {rang + 1}",
            min_value=1,
            max_value=999,
            required=False,
            initial=rencontre.nombre if rencontre else None,
            error_messages={
                "invalid": "Écrivez un nombre entier.",
                "min_value": "Une personne au moins ; pour retirer la ligne, effacez le rôle et le nombre.",
                "max_value": "Ce nombre est trop grand : vérifiez-le.",
            },
        )

    def couples(self) -> list[tuple[Any, Any]]:
        """Les champs liés, deux par deux, pour la page."""
        return [(self[f"qui_{n}"], self[f"nombre_{n}"]) for n in range(self.lignes)]

    def rencontres(self) -> list[tuple[str, int | None]]:
        """Ce qu'attend le service."""
        lus = self.cleaned_data
        return [(lus[f"qui_{n}"], lus[f"nombre_{n}"]) for n in range(self.lignes)]


class TrameForm(Versionne):
    """Les questions d'une trame, une par ligne ; vides, la trame s'efface."""

    questions = SaisieLibre(
        label="Questions, une par ligne",
        max_length=4000,
        lignes=12,
        required=False,
        help_text="Ouvertes, dans l'ordre où vous les posez. Tout effacer retire la trame.",
    )
