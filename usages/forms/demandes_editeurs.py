"""Envoyer ou corriger une demande à l'éditeur."""

from typing import Any

from django import forms
from django.utils import timezone

from programme.forms.champs import VersionneEnEntier
from programme.forms.passages import saisie_de_date
from programme.models import DemandeParametrage, Editeur, Grappe, Module
from programme.socle.champs import SaisieLibre
from usages.enums import NatureDemandeEditeur
from usages.models import DemandeEditeur, Irritant
from usages.services.editeurs.demandes import A_VENIR, CHAMPS
from usages.services.editeurs.lecture import editeurs_de


class DemandeEditeurForm(VersionneEnEntier):
    """Une demande d'une grappe. `depart` : l'irritant ou la demande de paramétrage d'où elle vient."""

    editeur = forms.ModelChoiceField(
        Editeur.objects.none(),
        label="Éditeur",
        empty_label="Choisir…",
        error_messages={"required": "Choisissez l'éditeur.", "invalid_choice": "Choisissez un éditeur de la grappe."},
    )
    nature = forms.ChoiceField(
        label="Ce qu'on attend",
        choices=NatureDemandeEditeur.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Dites ce que vous attendez de l'éditeur."},
    )
    objet = forms.CharField(
        label="Objet",
        max_length=160,
        help_text="En une ligne, comme vous la direz en réunion.",
        error_messages={"required": "Dites ce que vous demandez, en une ligne."},
    )
    precision = SaisieLibre(
        label="Précision",
        required=False,
        max_length=1000,
        lignes=3,
        help_text="Comment refaire l'anomalie, ce qu'elle empêche. Jamais le nom d'une personne accompagnée.",
    )
    module = forms.ModelChoiceField(
        Module.objects.all(), label="Module", required=False, empty_label="Aucun en particulier"
    )
    irritant = forms.ModelChoiceField(
        Irritant.objects.none(),
        label="Irritant",
        required=False,
        empty_label="Aucun",
        help_text="Ce qui gêne déjà plusieurs ESMS : la demande dira dans combien.",
        error_messages={"invalid_choice": "Choisissez un irritant de la grappe."},
    )
    reference = forms.CharField(
        label="Référence chez l'éditeur",
        max_length=80,
        required=False,
        help_text="Le numéro qu'il a donné, pour la retrouver chez lui.",
    )
    envoyee_le = saisie_de_date(label="Envoyée le", initial=timezone.localdate)

    def __init__(
        self,
        *args: Any,
        grappe: Grappe,
        demande: DemandeEditeur | None = None,
        depart: Irritant | DemandeParametrage | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        champs: Any = self.fields
        connus = editeurs_de(grappe)
        champs["editeur"].queryset = connus if connus.exists() else Editeur.objects.all()
        champs["module"].queryset = grappe.modules.all() if grappe.modules.exists() else Module.objects.all()
        champs["irritant"].queryset = grappe.irritants.all()
        if not grappe.irritants.exists():
            del self.fields["irritant"]
        if demande:
            champs["module"].queryset |= Module.objects.filter(demandes_editeurs=demande)
            self.initial = {**{nom: getattr(demande, nom) for nom in CHAMPS}, **self.initial}
        elif depart:
            self.initial = {**_repris(depart), **self.initial}
        elif grappe.solution:
            self.initial = {"editeur": grappe.solution.editeur_id, **self.initial}

    def clean_envoyee_le(self) -> Any:
        """Dite dès la première lecture, avec le reste."""
        jour = self.cleaned_data["envoyee_le"]
        if jour > timezone.localdate():
            raise forms.ValidationError(A_VENIR)
        return jour


def _repris(depart: Irritant | DemandeParametrage) -> dict[str, Any]:
    """Ce que dit déjà l'irritant, ou la demande de paramétrage : on ne le retape pas."""
    if isinstance(depart, Irritant):
        return {
            "editeur": depart.editeur_id,
            "irritant": depart.pk,
            "objet": depart.libelle,
            "module": depart.module_id,
            "nature": NatureDemandeEditeur.ANOMALIE,
        }
    solution = depart.parcours.solution
    return {
        "editeur": solution.editeur_id if solution else None,
        "objet": depart.libelle,
        "precision": depart.precision,
        "module": depart.module_id,
        "nature": NatureDemandeEditeur.EVOLUTION,
    }
