"""Écrire ou corriger une demande de paramétrage."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone

from programme.forms.champs import VersionneEnEntier
from programme.forms.passages import saisie_de_date
from programme.models import DemandeParametrage, Module, Parcours
from programme.services.demandes import A_VENIR, CHAMPS
from programme.socle.champs import SaisieLibre


class DemandeForm(VersionneEnEntier):
    """Une demande. `choix` : groupes d'ESMS à qui elle peut s'adresser, quand l'adresse ne le dit pas."""

    parcours = forms.ChoiceField(
        label="ESMS",
        error_messages={"required": "Choisissez l'ESMS.", "invalid_choice": "Choisissez un ESMS de la liste."},
    )
    libelle = forms.CharField(
        label="Demande",
        max_length=160,
        help_text="Ce qui gêne ou ce qui manque, en une ligne, dans les mots de l'équipe.",
        error_messages={"required": "Dites ce que l'équipe demande, en une ligne."},
    )
    module = forms.ModelChoiceField(
        Module.objects.all(), label="Module", required=False, empty_label="Aucun en particulier"
    )
    demandee_par = forms.CharField(
        label="Demandée par",
        max_length=120,
        required=False,
        help_text="Un service, un métier : « équipe de nuit ». Pas besoin d'un nom.",
    )
    ouverte_le = saisie_de_date(label="Faite le", initial=timezone.localdate)
    precision = SaisieLibre(
        label="Précision",
        required=False,
        max_length=1000,
        help_text="Une situation de travail aide à comprendre. Jamais le nom d'une personne accompagnée.",
    )

    def __init__(
        self,
        *args: Any,
        demande: DemandeParametrage | None = None,
        parcours: Parcours | None = None,
        choix: Sequence[tuple[str, Any]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if parcours:
            del self.fields["parcours"]
            au_projet = parcours.grappe.modules.all()
            module: Any = self.fields["module"]
            module.queryset = au_projet if au_projet.exists() else Module.objects.all()
        else:
            champ: Any = self.fields["parcours"]
            champ.choices = [("", "Choisir…"), *choix]
        if demande:
            self.initial = {**{nom: getattr(demande, nom) for nom in CHAMPS}, **self.initial}

    def clean_ouverte_le(self) -> Any:
        """Dite dès la première lecture, avec le reste."""
        jour = self.cleaned_data["ouverte_le"]
        if jour > timezone.localdate():
            raise forms.ValidationError(A_VENIR)
        return jour
