"""Champs de modèle du socle."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models

from programme.socle import texte


def refuser_nir(valeur: str) -> None:
    """Lève `ValidationError` si le texte porte un NIR ou un INS valide."""
    if texte.trouver_nir(valeur):
        raise ValidationError(texte.REFUS_NIR, code="nir")


class SaisieLibre(forms.CharField):
    """Le même texte, dans un formulaire : nettoyé et gardé des NIR avant d'atteindre un service."""

    def __init__(self, *, max_length: int | None = 2000, lignes: int = 2, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": lignes}))
        super().__init__(max_length=max_length, **kwargs)
        self.validators = [*self.validators, refuser_nir]

    def to_python(self, value: Any) -> str:
        """Nettoie avant de valider."""
        return texte.nettoyer(super().to_python(value) or "")


class _TexteGarde(models.Field):
    """Ce que partagent les textes saisis : nettoyés, bornés, gardés des NIR et INS jusqu'à l'écriture."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.validators = [*self.validators, refuser_nir]

    def to_python(self, value: Any) -> Any:
        """Nettoie avant toute validation."""
        valeur = super().to_python(value)
        return texte.nettoyer(valeur) if isinstance(valeur, str) else valeur

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """Dernière garde : un service qui n'appelle pas `full_clean` n'écrit pas de NIR pour autant."""
        valeur = self.to_python(getattr(model_instance, self.attname))
        if valeur:
            refuser_nir(valeur)
        setattr(model_instance, self.attname, valeur)
        return valeur


class TexteCourtField(_TexteGarde, models.CharField):
    """Une ligne saisie par un humain : un nom, une référence."""


class TexteLibreField(_TexteGarde, models.TextField):
    """Texte saisi par un humain, 2 000 signes par défaut."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 2000)
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", "")
        super().__init__(*args, **kwargs)
        self.validators = [*self.validators, MaxLengthValidator(self.max_length or 2000)]


class DonneesField(models.JSONField):
    """Du JSON où quelqu'un a écrit des mots (un motif, un libellé) : gardé des NIR et INS comme un texte."""

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """Refuse d'écrire si l'un des textes porte un NIR, clés comprises."""
        valeur = super().pre_save(model_instance, add)
        for ecrit in _textes_de(valeur):
            refuser_nir(ecrit)
        return valeur


def _textes_de(valeur: Any) -> Iterator[str]:
    if isinstance(valeur, str):
        yield valeur
    elif isinstance(valeur, Mapping):
        for cle, dedans in valeur.items():
            yield str(cle)
            yield from _textes_de(dedans)
    elif isinstance(valeur, list | tuple):
        for dedans in valeur:
            yield from _textes_de(dedans)
