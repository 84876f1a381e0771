"""Saisies du plan de changement : une action sous un levier, l'annonce, un objectif, le bilan."""

from typing import Any

from django import forms
from django.utils import timezone

from formation.calculs.gestes_types import Geste
from formation.enums import Levier, MesureObjectif, PublicVise
from formation.models import Annonce, MesureChangement, Objectif
from formation.services import annonces
from formation.services.bilans import faute_de_part
from programme.forms.actions import ActionForm
from programme.forms.champs import GardeNir, VersionneEnEntier
from programme.forms.passages import saisie_de_date
from programme.models import Fait
from programme.socle.champs import SaisieLibre


class MesureForm(ActionForm):
    """Une action du plan : le levier, à qui elle s'adresse, puis ce qui fait toute action."""

    levier = forms.ChoiceField(
        label="Levier",
        choices=Levier.choices,
        error_messages={"required": "Choisissez un levier.", "invalid_choice": "Choisissez un des quatre leviers."},
    )
    public = forms.ChoiceField(
        label="Pour qui",
        choices=PublicVise.choices,
        error_messages={"required": "Dites à qui elle s'adresse.", "invalid_choice": "Choisissez dans la liste."},
    )
    field_order = ("libelle", "levier", "public", "responsable", "responsable_nom", "echeance", "precision")

    def __init__(
        self, *args: Any, mesure: MesureChangement | None = None, geste: Geste | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, action=mesure.action if mesure else None, **kwargs)
        depart = mesure or geste
        if depart:
            self.initial = {"levier": depart.levier, "public": depart.public, **self.initial}
        if geste:
            self.initial = {"libelle": geste.libelle, **self.initial}


class AnnonceForm(VersionneEnEntier):
    """Les trois temps, où, et quand."""

    contexte = SaisieLibre(
        label="1. Pourquoi maintenant",
        required=False,
        max_length=1000,
        lignes=4,
        help_text="Ce qui ne va plus, ce que demande la grappe, ce qu'on a appris ailleurs.",
    )
    ambition = SaisieLibre(
        label="2. Ce qui va changer, et ce qui ne changera pas",
        required=False,
        max_length=1000,
        lignes=4,
        help_text="Pour les équipes et pour les personnes accompagnées. Dites aussi ce qu'on garde.",
    )
    demarche = SaisieLibre(
        label="3. Comment on s'y prend, et la place de vos idées",
        required=False,
        max_length=1000,
        lignes=4,
        help_text="Les étapes, qui contacter, où l'on peut encore peser.",
    )
    lieu = forms.CharField(label="Où", max_length=120, required=False)
    date_prevue = saisie_de_date(label="Prévue le", required=False)
    date_tenue = saisie_de_date(
        label="Tenue le", required=False, help_text="Une fois faite : cette date vaut pour le cadrage de l'ESMS."
    )

    def __init__(self, *args: Any, annonce: Annonce | None, fait: Fait | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        depart: dict[str, Any] = {"date_tenue": fait.date} if fait else {}
        if annonce:
            depart = {nom: getattr(annonce, nom) for nom in annonces.CHAMPS}
        self.initial = {**depart, **self.initial}

    def clean_date_tenue(self) -> Any:
        """Jamais à venir : la date se donne une fois la chose faite."""
        le = self.cleaned_data["date_tenue"]
        if le and le > timezone.localdate():
            raise forms.ValidationError("Tenue, elle est passée : écrivez « prévue le » tant qu'elle est à venir.")
        return le


class ObjectifForm(VersionneEnEntier):
    """Un objectif, et le fait qui dira s'il est atteint."""

    intitule = forms.CharField(
        label="Objectif",
        max_length=200,
        help_text="Ce qui doit aller mieux, en une ligne : « une relève lisible par toute l'équipe ».",
        error_messages={"required": "Dites en une ligne ce qui doit aller mieux."},
    )
    mesure = forms.ChoiceField(
        label="Mesuré par",
        choices=MesureObjectif.choices,
        initial=MesureObjectif.A_DIRE,
        help_text="Un fait déjà dans Treille, si l'un convient : personne n'aura rien à compter.",
        error_messages={"invalid_choice": "Choisissez dans la liste."},
    )
    part_visee = forms.IntegerField(
        label="Part visée, en %",
        min_value=0,
        max_value=100,
        required=False,
        help_text="Avec un fait qui le mesure seulement.",
        error_messages={
            "invalid": "Écrivez un nombre entier.",
            "min_value": "Une part visée va de 0 à 100.",
            "max_value": "Une part visée va de 0 à 100.",
        },
    )
    resultat = SaisieLibre(
        label="Ce qu'on en dit",
        required=False,
        max_length=600,
        help_text="Au moment du bilan : ce que l'équipe constate. Aucun nom de personne.",
    )

    def __init__(self, *args: Any, objectif: Objectif | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if objectif:
            depart = {nom: getattr(objectif, nom) for nom in ("intitule", "mesure", "resultat")}
            self.initial = {**depart, "part_visee": objectif.part_visee, **self.initial}
        else:
            del self.fields["resultat"]

    def clean(self) -> dict[str, Any]:
        """La part visée va avec un fait qui mesure, et avec lui seulement ; dit dès la première lecture."""
        lues = super().clean() or self.cleaned_data
        if "part_visee" in lues and (phrase := faute_de_part(lues.get("mesure", ""), lues["part_visee"])):
            self.add_error("part_visee", phrase)
        return lues


class BilanForm(GardeNir, forms.Form):
    """Ce qu'on retient, avant d'arrêter le bilan."""

    texte = SaisieLibre(
        label="Ce qu'on retient",
        required=False,
        max_length=2000,
        lignes=5,
        help_text="Ce qui a marché, ce qu'on referait autrement, ce qui reste à faire. Aucun nom de personne.",
    )
