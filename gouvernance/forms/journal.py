"""Écrire dans le journal du projet, dire à qui l'on publie ; ouvrir la page des personnes accompagnées."""

from typing import Any

from django import forms
from django.utils import timezone

from gouvernance.enums import Public
from gouvernance.models import Entree, PageOuverte
from gouvernance.services.journal import A_VENIR, CHAMPS
from gouvernance.services.pages_ouvertes import version_de
from programme.forms.champs import Versionne, VersionneEnEntier
from programme.forms.passages import saisie_de_date
from programme.socle.champs import SaisieLibre


class PublicsField(forms.MultipleChoiceField):
    """Les publics d'une entrée, en cases à cocher ; aucun : elle n'est pas publiée."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            choices=Public.choices,
            required=False,
            widget=forms.CheckboxSelectMultiple,
            error_messages={"invalid_choice": "Choisissez les publics dans la liste."},
            **kwargs,
        )


class EntreeForm(VersionneEnEntier):
    """Une entrée : quand, quoi, quelques lignes."""

    titre = forms.CharField(
        label="Titre",
        max_length=120,
        help_text="Ce qui s'est passé, en une ligne : « Le journal de bord est ouvert au foyer ».",
        error_messages={"required": "Dites en une ligne ce qui s'est passé."},
    )
    texte = SaisieLibre(
        label="Texte",
        lignes=4,
        help_text="Quelques lignes. Jamais le nom d'une personne accompagnée.",
        error_messages={"required": "Écrivez quelques lignes."},
    )
    le = saisie_de_date(
        label="Date", initial=timezone.localdate, help_text="Aujourd'hui, ou le jour où cela a eu lieu."
    )

    def __init__(self, *args: Any, entree: Entree | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if entree:
            self.initial = {**{nom: getattr(entree, nom) for nom in CHAMPS}, **self.initial}

    def clean_le(self) -> Any:
        """Jamais à venir ; dit dès la première lecture, avec le reste."""
        le = self.cleaned_data["le"]
        if le > timezone.localdate():
            raise forms.ValidationError(A_VENIR)
        return le


class NouvelleEntreeForm(EntreeForm):
    """Une entrée neuve, et à qui on la publie aussitôt."""

    publics = PublicsField(
        label="Publier à", help_text="Sans case cochée, l'entrée attend : vous la publierez plus tard."
    )


class PublicsForm(forms.Form):
    """À qui s'adresse une entrée ; `vus` : ce que la page montrait, pour ne défaire que ce qu'on a décoché."""

    publics = PublicsField(label="Publiée à", help_text="Décocher retire l'entrée à ce public ; cocher la lui publie.")
    vus = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, publies: list[Public], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"publics": [str(p) for p in publies], "vus": ",".join(publies)}

    def choix(self) -> dict[str, list[str]]:
        """Ce qu'attend le service."""
        return {"publics": self.cleaned_data["publics"], "vus": self.cleaned_data["vus"].split(",")}


class PageForm(Versionne):
    """Ce que dit la page, en quelques mots simples, et à qui poser une question."""

    presentation = SaisieLibre(
        label="En quelques mots simples",
        max_length=600,
        lignes=4,
        help_text="Des phrases courtes : ce qui change, pour qui, quand. Aucun nom de personne.",
        error_messages={"required": "Écrivez une phrase ou deux : c'est ce qu'on lira d'abord."},
    )
    contact = forms.CharField(
        label="À qui poser une question",
        max_length=160,
        required=False,
        help_text="Une fonction, et comment la joindre : « l'accueil, tous les matins ».",
    )

    def __init__(self, *args: Any, page: PageOuverte | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if page:
            depart = {"presentation": page.presentation, "contact": page.contact, "vu": version_de(page)}
            self.initial = {**depart, **self.initial}

    def champs(self) -> dict[str, Any]:
        """Ce qu'attend le service."""
        return {nom: valeur for nom, valeur in self.cleaned_data.items() if nom != "vu"}
