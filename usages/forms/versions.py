"""Les versions d'une solution, et les montées de version des ESMS."""

from collections.abc import Collection
from typing import Any

from django import forms

from programme.forms.champs import Coches, GardeNir, VersionneEnEntier
from programme.forms.passages import saisie_de_date
from programme.models import Parcours
from programme.socle.champs import SaisieLibre
from programme.socle.dates import date_courte
from usages.models import MonteeDeVersion, VersionSolution
from usages.services.editeurs.versions import PERSONNE

CHAMPS_DE_VERSION = ("nom", "apports", "prevue_le", "sortie_le")
CHAMPS_DE_MONTEE = ("prevue_le", "faite_le", "note")
NOTE = "Ce qu'il faut savoir : une coupure, une reprise à faire, qui prévenir."


class VersionForm(VersionneEnEntier):
    """Une version : ce qu'elle apporte, quand elle est annoncée, quand elle sort."""

    nom = forms.CharField(
        label="Version",
        max_length=60,
        help_text="Le nom que lui donne l'éditeur : « 4.2 », « Printemps 2027 ».",
        error_messages={"required": "Donnez le nom de la version."},
    )
    apports = SaisieLibre(
        label="Ce qu'elle apporte",
        required=False,
        max_length=600,
        lignes=3,
        help_text="Ce que l'éditeur annonce, en une ou deux phrases.",
    )
    prevue_le = saisie_de_date(label="Annoncée pour le", required=False)
    sortie_le = saisie_de_date(label="Sortie le", required=False, help_text="À laisser vide tant qu'elle ne l'est pas.")

    def __init__(self, *args: Any, version: VersionSolution | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if version:
            self.initial = {**{nom: getattr(version, nom) for nom in CHAMPS_DE_VERSION}, **self.initial}


class MonteesForm(GardeNir, forms.Form):
    """La même montée pour plusieurs ESMS. `choix` : ceux qui emploient la solution, et où ils en sont."""

    parcours = Coches(label="ESMS", help_text="Ceux qui emploient cette solution.")
    prevue_le = saisie_de_date(label="Prévue le", required=False)
    faite_le = saisie_de_date(
        label="Faite le", required=False, help_text="Une date laissée vide ne change pas celle déjà notée."
    )
    note = forms.CharField(label="À savoir", max_length=240, required=False, help_text=NOTE)

    def __init__(self, *args: Any, choix: Collection[tuple[Parcours, MonteeDeVersion | None]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ: Any = self.fields["parcours"]
        champ.choices = [(p.pk, f"{p}{_dire(montee)}") for p, montee in choix]
        champ.required, champ.error_messages["required"] = True, PERSONNE


def _dire(montee: MonteeDeVersion | None) -> str:
    if montee is None:
        return ""
    if montee.faite_le:
        return f", faite le {date_courte(montee.faite_le)}"
    return f", prévue le {date_courte(montee.prevue_le)}"


class MonteeForm(VersionneEnEntier):
    """Une montée de version d'un ESMS."""

    prevue_le = saisie_de_date(label="Prévue le", required=False)
    faite_le = saisie_de_date(label="Faite le", required=False)
    note = forms.CharField(label="À savoir", max_length=240, required=False, help_text=NOTE)

    def __init__(self, *args: Any, montee: MonteeDeVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {**{nom: getattr(montee, nom) for nom in CHAMPS_DE_MONTEE}, **self.initial}
