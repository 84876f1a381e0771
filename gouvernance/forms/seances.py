"""Prévoir une séance ou une série, la corriger ; écrire un point, en porter un au COMOP."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone

from gouvernance.enums import MOIS_PAR_CADENCE, NaturePoint
from gouvernance.models import Instance, Point, Seance
from gouvernance.models.seances import MINUTES
from gouvernance.services.ordre_du_jour import CHAMPS as CHAMPS_DE_POINT
from gouvernance.services.seances import SERIE_MAX
from programme.forms.champs import GardeNir, VersionneEnEntier
from programme.forms.passages import saisie_de_date
from programme.socle.champs import SaisieLibre

REPRIS = ("titre", "duree", "lieu", "lien", "invites")


class SeanceForm(VersionneEnEntier):
    """Quand, où, qui l'on invite ; `nombre` et `confirmee` : une série, dont on relit les dates avant de la prévoir."""

    date = saisie_de_date(label="Date")
    heure = forms.TimeField(
        label="Heure de début",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": "Donnez l'heure.", "invalid": "Donnez une heure, par exemple 14:00."},
    )
    duree = forms.IntegerField(
        label="Durée, en minutes",
        min_value=5,
        max_value=600,
        initial=MINUTES,
        error_messages={
            "required": "Donnez la durée.",
            "min_value": "Une séance dure au moins 5 minutes.",
            "max_value": "Une séance dure 10 heures au plus : 600 minutes.",
            "invalid": "Écrivez un nombre de minutes, par exemple 90.",
        },
    )
    nombre = forms.IntegerField(
        label="Combien de séances",
        min_value=1,
        max_value=SERIE_MAX,
        initial=1,
        error_messages={
            "required": "Dites combien de séances : une, ou plusieurs à la cadence de l'instance.",
            "min_value": "Prévoyez au moins une séance.",
            "max_value": "Douze séances au plus à la fois.",
            "invalid": "Écrivez un nombre de séances.",
        },
    )
    lieu = forms.CharField(label="Lieu", max_length=160, required=False)
    lien = forms.URLField(
        label="Lien de visioconférence",
        max_length=300,
        required=False,
        assume_scheme="https",
        error_messages={"invalid": "Collez l'adresse entière, qui commence par https://."},
    )
    invites = forms.CharField(
        label="Invités, par fonction",
        max_length=300,
        required=False,
        help_text="Par exemple « le référent ARS, l'éditeur » : ils ne siègent pas.",
    )
    titre = forms.CharField(
        label="Titre, s'il en faut un", max_length=120, required=False, help_text="Sans titre, le nom de l'instance."
    )
    confirmee = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, instance: Instance, seance: Seance | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance = instance
        if seance:
            local = timezone.localtime(seance.debut)
            lus = {nom: getattr(seance, nom) for nom in REPRIS} | {"date": local.date(), "heure": local.time()}
            self.initial = {**lus, **self.initial}
        if seance or instance.cadence not in MOIS_PAR_CADENCE:
            del self.fields["nombre"], self.fields["confirmee"]
        else:
            cadence = instance.get_cadence_display().lower()
            self.fields["nombre"].help_text = f"Plus d'une : {cadence}, le même jour de semaine."

    def champs(self) -> dict[str, Any]:
        """Ce qu'attend le service ; date et heure sont celles de Paris."""
        lu = dict(super().champs())
        debut = timezone.make_aware(datetime.combine(lu.pop("date"), lu.pop("heure")))
        lu.pop("confirmee", None)
        return lu | {"debut": debut}

    @property
    def marque(self) -> str:
        """Ce que la personne a relu : le premier jour, l'heure et le nombre."""
        lu = self.cleaned_data
        return f"{lu['date']:%Y-%m-%d} {lu['heure']:%H:%M} {lu.get('nombre') or 1}"

    @property
    def a_relire(self) -> bool:
        """Vrai si c'est une série dont les dates n'ont pas encore été relues."""
        return (self.cleaned_data.get("nombre") or 1) > 1 and self.cleaned_data.get("confirmee") != self.marque

    def montrer(self) -> None:
        """Garde la saisie, et ce que la page montre à relire."""
        saisie: Any = self.data
        saisie = saisie.copy()
        saisie["confirmee"] = self.marque
        self.data = saisie


def _duree_de_point() -> forms.IntegerField:
    return forms.IntegerField(
        label="Durée, en minutes",
        min_value=1,
        max_value=480,
        initial=10,
        error_messages={
            "required": "Donnez la durée prévue, en minutes.",
            "min_value": "Un point dure au moins une minute.",
            "max_value": "Un point dure huit heures au plus.",
            "invalid": "Écrivez un nombre de minutes, par exemple 10.",
        },
    )


class PointForm(VersionneEnEntier):
    """Un point : quoi, ce qu'on en attend, combien de temps."""

    titre = forms.CharField(
        label="Point",
        max_length=160,
        help_text="En une ligne : « Où en sont les formations de nuit ».",
        error_messages={"required": "Dites de quoi l'on parlera."},
    )
    nature = forms.ChoiceField(
        label="Ce qu'on en attend",
        choices=NaturePoint.choices,
        widget=forms.RadioSelect,
        initial=NaturePoint.ECHANGE,
        error_messages={"required": "Dites ce qu'on en attend."},
    )
    duree = _duree_de_point()
    expose = SaisieLibre(
        label="De quoi il s'agit",
        required=False,
        max_length=1000,
        lignes=4,
        help_text="Jamais le nom d'une personne accompagnée.",
    )

    def __init__(self, *args: Any, point: Point | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if point:
            self.initial = {**{nom: getattr(point, nom) for nom in CHAMPS_DE_POINT}, **self.initial}


class PorterForm(GardeNir, forms.Form):
    """Ce que le comité utilisateurs porte au COMOP."""

    titre = forms.CharField(
        label="Votre point",
        max_length=160,
        help_text="En une ligne, dans vos mots : « La connexion tombe aux relèves du soir ».",
        error_messages={"required": "Dites votre point en une ligne."},
    )
    expose = SaisieLibre(
        label="Ce qui se passe",
        required=False,
        max_length=1000,
        lignes=4,
        help_text="Où, depuis quand, ce que vous proposez. Jamais le nom d'une personne accompagnée.",
    )
