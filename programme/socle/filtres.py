"""Filtres d'une liste : django-filter, des menus légers, et les puces qui disent ce qui est posé."""

from collections.abc import Iterator
from copy import copy
from datetime import date
from functools import cached_property
from html import escape
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.forms.utils import flatatt
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django_filters.fields import ModelChoiceField, ModelChoiceIterator

from programme.socle.dates import date_courte
from programme.socle.recherche import mots_contenus

_ENTRE = "\x1f"
"""Séparateur d'unités : aucun texte n'en contient, les champs de texte refusent les signes de contrôle."""


class MenuLeger(forms.Select):
    """Un menu écrit d'un trait : le gabarit de Django par option coûte plus que la page entière."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Le <select> et ses options, sans groupe."""
        choisi = "" if value is None else str(value)
        couples = [(str(cle or ""), str(libelle)) for cle, libelle in self.choices]
        # Tout échapper d'un coup : mille grappes coûtent alors ce que coûtait une seule.
        cles = escape(_ENTRE.join(cle for cle, _ in couples)).split(_ENTRE)
        libelles = escape(_ENTRE.join(libelle for _, libelle in couples)).split(_ENTRE)
        options = [
            f'<option value="{cle}"{" selected" if brute == choisi else ""}>{libelle}</option>'
            for cle, libelle, (brute, _) in zip(cles, libelles, couples, strict=False)
        ]
        corps = SafeString("".join(options))
        return format_html("<select{}>{}</select>", flatatt(self.build_attrs({"name": name}, attrs)), corps)


class Choix(django_filters.ChoiceFilter):
    """Un choix dans une liste close."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("empty_label", "Tous")
        super().__init__(*args, widget=MenuLeger, **kwargs)


class _Options(ModelChoiceIterator):
    """Les options lues d'un trait : ni curseur du serveur, ni objet entier quand un champ suffit à les nommer."""

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        if self.field.null_label is not None:
            yield self.field.null_value, self.field.null_label
        if self.field.nomme_par:
            yield from self.queryset.values_list("pk", self.field.nomme_par)
        else:
            yield from ((objet.pk, self.field.label_from_instance(objet)) for objet in list(self.queryset))


class _ChampObjet(ModelChoiceField):
    """Le champ d'un choix parmi des objets ; `nomme_par` : le champ qui les nomme, s'il suffit."""

    iterator = _Options

    def __init__(self, *args: Any, nomme_par: str = "", **kwargs: Any) -> None:
        self.nomme_par = nomme_par
        super().__init__(*args, **kwargs)


class ChoixObjet(django_filters.ModelChoiceFilter):
    """Un choix parmi des objets ; `queryset` peut être une fonction de la requête (ce que le lecteur voit).

    `nomme_par` : le champ qui nomme l'objet comme le ferait `str()` ; à donner quand ils sont des centaines.
    """

    field_class = _ChampObjet

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("empty_label", "Tous")
        super().__init__(*args, widget=MenuLeger, **kwargs)


class Cases(django_filters.MultipleChoiceFilter):
    """Plusieurs valeurs à la fois, en cases à cocher."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, widget=forms.CheckboxSelectMultiple, **kwargs)


class Cle(django_filters.Filter):
    """Une clé donnée par un lien, jamais tapée ; hors de ce que range la base, elle se refuse au lieu de l'étourdir."""

    field_class = forms.IntegerField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, widget=forms.HiddenInput, min_value=1, max_value=2**63 - 1, **kwargs)


class Mots(django_filters.CharFilter):
    """Des mots, accents ignorés : cherchés dans la colonne normalisée que désigne `field_name`."""

    def filter(self, qs: QuerySet, value: str) -> QuerySet:
        """Garde les lignes qui contiennent tous les mots."""
        return qs.filter(mots_contenus(self.field_name, value or ""))


class _Modeles(dict[str, django_filters.Filter]):
    """Les filtres d'une classe : chaque liste en prend un double, sans recopier les choix qu'ils partagent."""

    def __deepcopy__(self, _: Any) -> dict[str, django_filters.Filter]:
        doubles = {nom: copy(filtre) for nom, filtre in self.items()}
        for double in doubles.values():
            double.extra = dict(double.extra)
            # Ce qui appelle la méthode du filtre tient à lui : le double refait le sien.
            double.method = double.method
        return doubles


class FiltreListe(django_filters.FilterSet):
    """Base des filtres de liste. Un critère vide ne filtre rien, sauf si son filtre en décide autrement.

    Une adresse qui n'en nomme aucun ne bâtit pas le formulaire : c'est la page la plus lue.
    """

    @classmethod
    def get_filters(cls) -> dict[str, django_filters.Filter]:
        """Ceux que déclare la classe."""
        return _Modeles(super().get_filters())

    @cached_property
    def est_pose(self) -> bool:
        """Vrai si l'adresse nomme au moins un critère, même vide."""
        return not self.is_bound or not self.filters.keys().isdisjoint(self.data.keys())

    def is_valid(self) -> bool:
        """Vrai si tout ce que nomme l'adresse se comprend."""
        return not self.est_pose or super().is_valid()

    @property
    def qs(self) -> Any:
        """L'ensemble filtré ; sans critère, ce que chaque filtre garde de lui-même."""
        return super().qs if self.est_pose else self._sans_critere

    @cached_property
    def _sans_critere(self) -> QuerySet:
        lignes = self.queryset.all()
        for filtre in self.filters.values():
            lignes = filtre.filter(lignes, _vide(filtre))
        return lignes

    def puces(self) -> Iterator[tuple[str, str, str]]:
        """Critères posés : (nom du paramètre, valeur dans l'adresse, libellé à l'écran)."""
        if not self.est_pose:
            return
        for nom, champ in self.form.fields.items():
            valeurs = self.form.cleaned_data.get(nom)
            for valeur in valeurs if isinstance(valeurs, list | tuple | QuerySet) else [valeurs]:
                if valeur not in (None, ""):
                    yield nom, str(getattr(valeur, "pk", valeur)), f"{champ.label} : {_en_mots(champ, valeur)}"

    def fautes(self) -> list[str]:
        """Ce qui n'a pas été compris, en une phrase par critère."""
        return [f"{self.form.fields[nom].label} : {' '.join(textes)}" for nom, textes in self.form.errors.items()]


def _vide(filtre: django_filters.Filter) -> Any:
    """Ce que le formulaire rendrait d'un critère absent."""
    if isinstance(filtre, django_filters.MultipleChoiceFilter):
        return []
    if isinstance(filtre, django_filters.ModelChoiceFilter):
        return None
    return "" if isinstance(filtre, django_filters.ChoiceFilter | django_filters.CharFilter) else None


def _en_mots(champ: forms.Field, valeur: Any) -> str:
    if isinstance(valeur, date):
        return date_courte(valeur)
    if hasattr(valeur, "pk"):
        return str(valeur)
    return str(dict(getattr(champ, "choices", ())).get(valeur, valeur))
