"""Champs de formulaire partagés : la garde des NIR, un organisme gestionnaire désigné par écrit."""

import re
from decimal import Decimal
from typing import Any

from django import forms

from programme.models import OrganismeGestionnaire
from programme.socle.champs import refuser_nir
from programme.socle.nombres import finess
from programme.socle.texte import normaliser

MONTRES = 8


class GardeNir:
    """À mêler à un formulaire : aucun champ écrit à la main, même court, ne laisse passer un NIR."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for champ in self.fields.values():
            # Une clé (UUID) est un CharField pour Django : ce n'est pas du texte.
            ecrit = isinstance(champ, forms.CharField) and not isinstance(champ, forms.UUIDField)
            if ecrit and refuser_nir not in champ.validators:
                champ.validators = [*champ.validators, refuser_nir]


_BLANCS = re.compile(r"[\s\u00a0\u202f€]+")
_SOMME = re.compile(r"\d+(?:[.,]\d+)?")


class MontantField(forms.DecimalField):
    """Une somme en euros, comme on l'écrit : « 12 500,50 », « 12500.5 € »."""

    def __init__(self, **kwargs: Any) -> None:
        messages = {
            "invalid": "Écrivez une somme en euros, par exemple 12 500,50.",
            "max_decimal_places": "Deux décimales au plus : l'euro s'arrête au centime.",
            "max_digits": "Cette somme est trop grande : vérifiez le nombre de chiffres.",
            "max_whole_digits": "Cette somme est trop grande : vérifiez le nombre de chiffres.",
        }
        super().__init__(
            max_digits=12,
            decimal_places=2,
            widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
            error_messages=messages | kwargs.pop("error_messages", {}),
            **kwargs,
        )

    def to_python(self, value: Any) -> Any:
        """La somme ; blancs, signe euro et virgule admis, jamais de signe moins."""
        if isinstance(value, str):
            value = _BLANCS.sub("", value)
            if value and not _SOMME.fullmatch(value):
                raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
            value = value.replace(",", ".")
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        """« 12500,50 », sans centimes s'il n'y en a pas : ce que la personne récrirait."""
        if not isinstance(value, Decimal):
            return value
        return f"{value:.0f}" if value == value.to_integral_value() else f"{value:.2f}".replace(".", ",")


class Coches(forms.TypedMultipleChoiceField):
    """Des cases à cocher qui rendent des clés."""

    def __init__(self, **kwargs: Any) -> None:
        messages = {"invalid_choice": "Une case cochée n'est plus sur cette page : relisez-la."}
        super().__init__(
            coerce=int, required=False, widget=forms.CheckboxSelectMultiple, error_messages=messages, **kwargs
        )


def nommer_og(og: OrganismeGestionnaire) -> str:
    """« Association des Coteaux (33 990 012 8) » : ce que propose la recherche, et que relit le champ."""
    return f"{og.nom} ({finess(og.finess)})" if og.finess else og.nom


def chercher_og(texte: str) -> list[OrganismeGestionnaire]:
    """Premiers OG dont le nom, le SIREN ou le FINESS correspond."""
    return list(OrganismeGestionnaire.objects.chercher(_compacter(texte))[:MONTRES]) if normaliser(texte) else []


def _compacter(texte: str) -> str:
    """Recolle un numéro que l'on a aéré (« 33 990 012 8 ») : la recherche le garde d'un bloc."""
    avant, _, numero = texte.rstrip(") ").rpartition("(")
    compact = "".join(numero.split())
    if avant and compact.isalnum():
        return compact
    entier = "".join(texte.split())
    return entier if entier.isdecimal() else texte


class OgField(forms.CharField):
    """Un OG désigné par son nom, son SIREN ou son FINESS ; rend l'objet, ou dit lesquels se ressemblent."""

    def prepare_value(self, value: Any) -> Any:
        """Le nom, à la place de la clé qu'un modèle donne au formulaire."""
        if isinstance(value, int):
            value = OrganismeGestionnaire.objects.filter(pk=value).first()
        return nommer_og(value) if isinstance(value, OrganismeGestionnaire) else value

    def clean(self, value: Any) -> OrganismeGestionnaire | None:
        """L'OG, ou None si rien n'est écrit."""
        texte = super().clean(value)
        if not texte:
            return None
        trouves = chercher_og(texte)
        exacts = [og for og in trouves if normaliser(og.nom) == normaliser(texte)]
        if len(exacts) == 1 or len(trouves) == 1:
            return (exacts or trouves)[0]
        if not trouves:
            raise forms.ValidationError(
                "Aucun organisme gestionnaire ne correspond : essayez un mot du nom, le SIREN ou le FINESS juridique."
            )
        noms = ", ".join(nommer_og(og) for og in trouves)
        raise forms.ValidationError(f"Plusieurs organismes gestionnaires correspondent, précisez : {noms}.")


class Versionne(GardeNir, forms.Form):
    """Porte ce que la personne avait sous les yeux, pour lui dire ce qui a changé depuis."""

    vu = forms.CharField(widget=forms.HiddenInput, required=False)

    def reprendre(self, vu: Any) -> None:
        """Garde la saisie, sur la version qu'on vient de relire."""
        # Une copie, et non un dictionnaire neuf : une réponse à plusieurs valeurs les garde toutes.
        saisie: Any = self.data
        saisie = saisie.copy()
        saisie[self.add_prefix("vu")] = str(vu)
        self.data = saisie


class VersionneEnEntier(Versionne):
    """Un formulaire qui porte le numéro de la dernière écriture connue."""

    def version_vue(self) -> int:
        """Ce que la personne avait sous les yeux ; 0 si rien n'existait."""
        vu = self.cleaned_data["vu"]
        return int(vu) if vu.isdecimal() and len(vu) < 19 else 0

    def champs(self) -> dict[str, Any]:
        """Ce qu'attend le service."""
        return {nom: valeur for nom, valeur in self.cleaned_data.items() if nom != "vu"}
