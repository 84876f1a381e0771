"""Tables de liste : django-tables2 pour déclarer, une recette par colonne pour écrire vite.

La bibliothèque relit la signature de la fonction et retraverse les attributs à chaque cellule ; ici, ce travail est
fait une fois par colonne. Les conventions restent les siennes : `render_<nom>`, `value_<nom>`, `linkify`.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from html import escape
from typing import Any, Self

import django_tables2 as tables
from django.urls import reverse
from django.utils.safestring import mark_safe
from django_tables2.columns.base import BoundColumn
from django_tables2.rows import BoundRow, BoundRows
from django_tables2.utils import OrderByTuple, signature

from programme.socle import dates, nombres

Lecture = Callable[[Any], Any]
Ecriture = Callable[[Any, Any], Any]


@dataclass(frozen=True, slots=True)
class Recette:
    """Comment lire la valeur d'une ligne, l'écrire à l'écran, et la donner à un export."""

    lire: Lecture
    ecrire: Ecriture
    exporter: Ecriture
    vides: tuple[Any, ...]
    absent: Any

    def a_l_ecran(self, objet: Any) -> Any:
        """La cellule, prête pour le gabarit."""
        valeur = self.lire(objet)
        return self.absent if valeur in self.vides else self.ecrire(valeur, objet)


def _lecteur(chemin: str) -> Lecture:
    """Suit `a__b.c` d'attribut en attribut (ou de clé en clé), s'arrête au premier absent, appelle une méthode."""
    pas = chemin.replace("__", ".").split(".")

    def lire(objet: Any) -> Any:
        for nom in pas:
            objet = objet.get(nom) if isinstance(objet, dict) else getattr(objet, nom, None)
            if objet is None:
                return None
        return objet() if callable(objet) else objet

    return lire


def _appel(fonction: Callable[..., Any], fixes: dict[str, Any]) -> Ecriture:
    """Enveloppe une fonction à la mode django-tables2 en `(valeur, objet)`, sa signature lue une seule fois."""
    noms, attrape_tout = signature(fonction)
    if noms == ("value",) and not attrape_tout:
        return lambda valeur, objet: fonction(valeur)

    def appeler(valeur: Any, objet: Any) -> Any:
        connus = {**fixes, "value": valeur, "record": objet}
        return fonction(**(connus if attrape_tout else {nom: connus[nom] for nom in noms}))

    return appeler


def _lier(colonne: BoundColumn, ecrire: Ecriture, fixes: dict[str, Any]) -> Ecriture:
    return lambda valeur, objet: colonne.link(ecrire(valeur, objet), record=objet, value=valeur, **fixes)


def _recette(table: "TableListe", colonne: BoundColumn) -> Recette:
    fixes = {"column": colonne.column, "bound_column": colonne, "table": table}
    ecrire = _appel(colonne.render, fixes)
    par_defaut = getattr(colonne.value, "__func__", None) is tables.Column.value
    exporter = ecrire if par_defaut else _appel(colonne.value, fixes)
    if colonne.link:
        ecrire = _lier(colonne, ecrire, fixes)
    lire = _lecteur(str(colonne.accessor)) if colonne.accessor else (lambda objet: objet)
    return Recette(lire, ecrire, exporter, tuple(colonne.column.empty_values), colonne.default)


class Ligne(BoundRow):
    """Une ligne écrite par les recettes de sa table."""

    def __iter__(self) -> Iterator[Any]:
        for recette in self._table.recettes:
            yield recette.a_l_ecran(self._record)


class Lignes(BoundRows):
    """Les lignes d'une page."""

    def __iter__(self) -> Iterator[Ligne]:
        for objet in self.data:
            yield Ligne(objet, self.table)


def echapper(valeur: Any) -> str:
    """Ce qui s'écrit dans une cellule : `conditional_escape`, sans l'enveloppe qui coûte plus que l'échappement."""
    return valeur.__html__() if hasattr(valeur, "__html__") else escape(str(valeur))


_REPERE = 987654321


@lru_cache(maxsize=256)
def _autour(nom: str) -> tuple[str, str]:
    avant, _, apres = reverse(nom, args=[_REPERE]).partition(str(_REPERE))
    return avant, apres


def adresse(nom: str, cle: Any) -> str:
    """L'adresse d'un objet, pour une route à une seule clé (nombre, FINESS, code) : `reverse`, une fois par route."""
    avant, apres = _autour(nom)
    return f"{avant}{cle}{apres}"


class TableListe(tables.Table):
    """Base des tables : une page d'objets déjà filtrés, triés et paginés par la base.

    `colonne_titre` nomme la ligne ; `par_defaut` : colonnes montrées quand on n'en choisit pas (toutes si vide).
    Les noms d'adresse (`tri`, `page`, `par_page`) sont communs à toutes les listes.
    """

    colonne_titre = "nom"
    par_defaut: tuple[str, ...] = ()
    case_a_cocher = ""
    """Nom des cases à cocher qui ouvrent chaque ligne ; vide s'il n'y a pas de geste groupé."""

    def __init__(self, data: Any = (), **kwargs: Any) -> None:
        super().__init__(
            list(data), order_by_field="tri", page_field="page", per_page_field="par_page", default="—", **kwargs
        )
        self.rows = Lignes(self.data, self)
        self.recettes = [_recette(self, colonne) for colonne in self.columns]
        self._exports: list[tuple[Lecture, tuple[Any, ...], Ecriture]] | None = None

    @classmethod
    def reduite(cls, colonnes: Collection[str], objets: Iterable[Any] = (), tri: str = "") -> Self:
        """La table de ces objets, sans les autres colonnes."""
        return cls(objets, exclude=[nom for nom in cls.base_columns if nom not in colonnes], order_by=tri)

    @property
    def order_by(self) -> OrderByTuple:
        """Le tri posé, pour marquer l'en-tête : la base a déjà trié, on ne retrie jamais une page."""
        return self._order_by

    @order_by.setter
    def order_by(self, value: Any) -> None:
        self._order_by = OrderByTuple([value] if isinstance(value, str) else value or ())

    @property
    def paginated_rows(self) -> Lignes:
        """Les lignes : la table ne reçoit jamais que sa page."""
        return self.rows

    def lire_selon(self, lectures: Iterable[Lecture]) -> None:
        """Prend les valeurs par ces lectures, une par colonne montrée : les lignes ne sont plus des objets."""
        self.recettes = [replace(r, lire=lire) for r, lire in zip(self.recettes, lectures, strict=True)]
        self._exports = None

    def en_export(self, objet: Any) -> list[Any]:
        """Les valeurs nues d'une ligne (texte, nombre ou date ; None si elle manque), colonne après colonne."""
        if self._exports is None:
            self._exports = [(r.lire, r.vides, r.exporter) for r in self.recettes]
        ligne = []
        for lire, vides, exporter in self._exports:
            valeur = lire(objet)
            ligne.append(None if valeur in vides else exporter(valeur, objet))
        return ligne

    @property
    def entetes(self) -> list[str]:
        """Les titres des colonnes montrées."""
        return [str(colonne.header) for colonne in self.columns]


class Texte(tables.Column):
    """Colonne de texte ; `classe` s'applique à ses cellules et à son en-tête.

    `sources` et `depuis` : d'où vient la valeur et comment elle se compose, quand `accessor` mène à un objet ; de quoi
    emporter une longue liste sans bâtir d'objets (`programme/socle/valeurs.py`).
    """

    def __init__(
        self,
        *args: Any,
        classe: str = "",
        sources: tuple[str, ...] = (),
        depuis: Callable[..., Any] | None = None,
        **kwargs: Any,
    ) -> None:
        self.sources, self.depuis = sources, depuis
        if classe:
            entete = " ".join(c for c in classe.split() if c in ("num", "insecable"))
            kwargs["attrs"] = {"td": {"class": classe}, "th": {"class": entete}}
        super().__init__(*args, **kwargs)

    def value(self, value: Any) -> Any:
        """Dans un export : le texte."""
        return value if type(value) is str else str(value)


class Lien(Texte):
    """Un texte qui mène à une page ; `url(objet)` peut rendre une chaîne vide."""

    def __init__(self, *args: Any, url: Callable[[Any], str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.url = url

    def render(self, value: Any, record: Any) -> Any:
        """Le lien, ou le texte seul si la ligne ne mène nulle part."""
        adresse = self.url(record)
        return mark_safe(f'<a href="{escape(adresse)}">{echapper(value)}</a>') if adresse else value


class NumeroFiness(Texte):
    """Un FINESS tel qu'on le dicte ; tel qu'on le saisit dans un export."""

    def render(self, value: str) -> str:
        """« 33 990 012 8 »."""
        return nombres.finess(value)


class Jour(Texte):
    """Une date."""

    def render(self, value: date) -> str:
        """« 7 déc. 2026 »."""
        return dates.date_courte(value)

    def value(self, value: date) -> date:
        """La date même : un tableur sait la lire."""
        return value


class OuiNon(Texte):
    """Un booléen en toutes lettres."""

    def __init__(self, *args: Any, oui: str = "oui", non: str = "non", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mots = {True: oui, False: non}

    def render(self, value: Any) -> str:
        """Le mot."""
        return self.mots[bool(value)]

    def value(self, value: Any) -> str:
        """Le même mot."""
        return self.render(value)


class Entier(Texte):
    """Un nombre, aligné à droite ; `zero` : ce qu'on écrit pour 0, quand beaucoup de cases sont vides."""

    def __init__(self, *args: Any, zero: str = "0", **kwargs: Any) -> None:
        kwargs.setdefault("classe", "num")
        super().__init__(*args, **kwargs)
        self.zero = zero

    def render(self, value: int) -> str:
        """« 1 204 »."""
        return nombres.nombre(value) if value else self.zero

    def value(self, value: int) -> int:
        """Le nombre même."""
        return value
