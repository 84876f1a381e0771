"""Créer et régler une instance, la clore."""

from typing import Any

from django import forms
from django.utils import timezone

from gouvernance.enums import Cadence, TypeInstance
from gouvernance.models import Instance
from gouvernance.models.instances import DELAI_ALERTE, QUORUM
from gouvernance.services.instances import CHAMPS
from programme.forms.champs import VersionneEnEntier
from programme.forms.passages import saisie_de_date
from programme.socle.champs import SaisieLibre


class InstanceForm(VersionneEnEntier):
    """Ce qu'elle est, à quel rythme elle se réunit, ce qu'il faut pour qu'elle arbitre."""

    type = forms.ChoiceField(
        label="Ce qu'elle est",
        choices=TypeInstance.choices,
        help_text="Seuls un COSTRAT et un COMOP lèvent une condition qui barre.",
    )
    nom = forms.CharField(
        label="Nom", max_length=120, required=False, help_text="Laissé vide, celui de son type : « COMOP »."
    )
    objet = SaisieLibre(label="Ce qu'elle traite", required=False, max_length=500)
    cadence = forms.ChoiceField(label="Se réunit", choices=Cadence.choices, initial=Cadence.MENSUELLE)
    quorum = forms.IntegerField(
        label="Quorum, en % des voix",
        min_value=0,
        max_value=100,
        initial=QUORUM,
        help_text="Sans lui, une séance se tient mais n'arbitre rien. 0 : aucun quorum.",
        error_messages={
            "min_value": "Le quorum est une part des voix : un nombre entre 0 et 100.",
            "max_value": "Le quorum est une part des voix : un nombre entre 0 et 100.",
            "invalid": "Écrivez un nombre entre 0 et 100.",
            "required": "Donnez le quorum ; 0 s'il n'en faut pas.",
        },
    )
    effectif_max = forms.IntegerField(
        label="Effectif au-delà duquel on le signale", required=False, min_value=1, max_value=200
    )
    delai_alerte = forms.IntegerField(
        label="Délai d'une alerte, en jours",
        min_value=1,
        max_value=365,
        initial=DELAI_ALERTE,
        help_text="Sans réponse du COMOP passé ce délai, l'alerte monte au COSTRAT.",
    )

    def __init__(self, *args: Any, instance: Instance | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if instance:
            self.initial = {**{nom: getattr(instance, nom) for nom in CHAMPS}, **self.initial}


class ClotureInstanceForm(forms.Form):
    """Le dernier jour d'une instance."""

    le = saisie_de_date(label="Close le", initial=timezone.localdate)
