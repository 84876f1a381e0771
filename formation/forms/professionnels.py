"""Ajouter une personne et ses postes, corriger, dire une sortie, compter sans noms."""

from typing import Any

from django import forms
from django.utils import timezone

from formation.enums import OriginePoste, Rythme
from formation.models import Poste, Professionnel
from formation.services.comptage import PLAFOND
from formation.services.professionnels import CHAMPS_PERSONNE, CHAMPS_POSTE, vu_de
from programme.forms.champs import GardeNir, Versionne
from programme.forms.passages import saisie_de_date
from programme.models import Metier, Parcours, Unite

TOUT_L_ESMS = "Tout l'ESMS, ou pas dit"
A_CHOISIR = "À choisir"


def _unites(parcours: Parcours) -> forms.ModelChoiceField:
    """Les unités de cet ESMS ; s'il n'y en a qu'une, c'est elle."""
    siennes = Unite.objects.filter(parcours=parcours)
    seules = list(siennes[:2])
    return forms.ModelChoiceField(
        label="Unité",
        queryset=siennes,
        required=False,
        empty_label=TOUT_L_ESMS,
        initial=seules[0].pk if len(seules) == 1 else None,
        error_messages={"invalid_choice": "Cette unité n'est pas de cet ESMS : choisissez-en une de la liste."},
    )


class PersonneForm(Versionne):
    """Qui elle est : rien de plus que ce qui sert à la former."""

    nom = forms.CharField(
        label="Nom et prénom",
        max_length=120,
        error_messages={"required": "Donnez son nom. Sans nom, prenez « Compter sans noms »."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    matricule = forms.CharField(
        label="Matricule",
        max_length=40,
        required=False,
        help_text="Celui de la paie, s'il y en a un : le prochain fichier reconnaîtra la personne. Jamais le numéro "
        "de sécurité sociale.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    courriel = forms.EmailField(
        label="Courriel professionnel", required=False, help_text="Pour les convocations seulement."
    )
    origine = forms.ChoiceField(
        label="Elle vient de",
        choices=[("", A_CHOISIR), *OriginePoste.choices],
        help_text="Ce que la paie ignore se saisit ici : enseignants mis à disposition, intérim, libéraux, stagiaires.",
        error_messages={"required": "Choisissez d'où elle vient."},
    )

    def de_personne(self) -> dict[str, Any]:
        """Ce qu'écrit le service."""
        return {nom: self.cleaned_data[nom] for nom in CHAMPS_PERSONNE}

    @classmethod
    def pour(cls, personne: Professionnel, donnees: Any) -> "PersonneForm":
        """La fiche telle qu'elle est, à corriger."""
        depart = {nom: getattr(personne, nom) for nom in CHAMPS_PERSONNE}
        return cls(donnees, initial=depart | {"vu": vu_de(personne)})


class PosteForm(Versionne):
    """Ce qu'elle fait dans cet ESMS, et quand."""

    metier = forms.ModelChoiceField(
        label="Métier",
        queryset=Metier.objects.all(),
        empty_label=A_CHOISIR,
        error_messages={"required": "Choisissez son métier."},
    )
    # Sa place dans la page ; ses choix sont ceux de l'ESMS.
    unite = forms.ModelChoiceField(queryset=Unite.objects.none(), required=False)
    rythme = forms.ChoiceField(label="Travaille", choices=Rythme.choices, widget=forms.RadioSelect, initial=Rythme.JOUR)
    debut = saisie_de_date(label="Entrée", error_messages={"required": "Donnez la date d'entrée, même approchée."})
    fin = saisie_de_date(
        label="Sortie",
        required=False,
        help_text="Dernier jour, s'il est connu. Moins d'un mois en poste : un renfort, montré à part.",
    )

    def __init__(self, donnees: Any = None, *, parcours: Parcours, poste: Poste | None = None) -> None:
        depart: dict[str, Any] = {"debut": timezone.localdate()}
        if poste:
            depart = {nom: getattr(poste, nom) for nom in CHAMPS_POSTE} | {"vu": vu_de(poste)}
        super().__init__(donnees, initial=depart)
        self.fields["unite"] = _unites(parcours)

    def de_poste(self) -> dict[str, Any]:
        """Ce qu'écrit le service."""
        return {nom: self.cleaned_data[nom] for nom in CHAMPS_POSTE}


class AjoutForm(PosteForm, PersonneForm):
    """Une personne et son premier poste, d'un trait."""


class SortieForm(GardeNir, forms.Form):
    """Le dernier jour en poste."""

    fin = saisie_de_date(
        label="Dernier jour en poste",
        help_text="Passé ou à venir. Six mois après son dernier poste, son nom s'efface de lui-même.",
    )


class EsmsForm(forms.Form):
    """Dans quel ESMS ajouter un poste."""

    parcours = forms.ModelChoiceField(
        label="ESMS",
        queryset=Parcours.objects.none(),
        empty_label=A_CHOISIR,
        error_messages={"required": "Choisissez l'ESMS.", "invalid_choice": "Choisissez un ESMS de la liste."},
    )

    def __init__(self, donnees: Any = None, *, choix: Any) -> None:
        super().__init__(donnees)
        champ: Any = self.fields["parcours"]
        champ.queryset = choix


class CompteForm(GardeNir, forms.Form):
    """Combien de postes, de quel métier, où et quand : aucun nom."""

    metier = forms.ModelChoiceField(
        label="Métier",
        queryset=Metier.objects.all(),
        empty_label=A_CHOISIR,
        error_messages={"required": "Choisissez le métier."},
    )
    unite = forms.ModelChoiceField(queryset=Unite.objects.none(), required=False)
    rythme = forms.ChoiceField(label="Travaillent", choices=Rythme.choices, widget=forms.RadioSelect)
    nombre = forms.IntegerField(
        label="Combien sont-ils",
        min_value=0,
        max_value=PLAFOND,
        help_text="En tout, aujourd'hui. Zéro efface le compte.",
        error_messages={
            "required": "Dites combien ; zéro efface le compte.",
            "invalid": f"Écrivez un nombre entre 0 et {PLAFOND}.",
            "min_value": f"Écrivez un nombre entre 0 et {PLAFOND}.",
            "max_value": f"Un ESMS compte au plus {PLAFOND} postes sans nom : au-delà, importez le fichier des "
            "ressources humaines.",
        },
    )
    depuis = saisie_de_date(
        label="En poste depuis le",
        required=False,
        help_text="Pour ceux qui s'ajoutent au compte. Laissé vide : aujourd'hui.",
    )

    def __init__(self, donnees: Any = None, *, parcours: Parcours, depart: dict[str, Any]) -> None:
        super().__init__(donnees, initial={"rythme": Rythme.JOUR} | depart)
        self.fields["unite"] = _unites(parcours)
