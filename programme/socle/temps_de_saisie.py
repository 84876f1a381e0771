"""Le temps que demande un formulaire, estimé depuis ses champs. Aucune base, aucune horloge.

Les secondes par geste sont des valeurs du produit, arrondies large : lire l'intitulé, choisir ou écrire, relire. Elles
servent à dire un ordre de grandeur avant de commencer et à tenir un budget, jamais à mesurer quelqu'un.
"""

from enum import IntEnum
from typing import Protocol

from django import forms


class Geste(IntEnum):
    """Secondes par geste de saisie (valeurs du produit)."""

    CASE = 4
    CHOIX = 8
    DATE = 10
    NOMBRE = 12
    TEXTE_COURT = 15
    CASES = 20
    TEXTE_LIBRE = 40
    PIECE = 60


class Champs(Protocol):
    """Ce qui porte des champs : un formulaire, ou sa classe."""

    base_fields: dict[str, forms.Field]


def geste_de(champ: forms.Field) -> Geste:
    """Le geste que demande un champ, d'après sa nature et sa saisie."""
    if isinstance(champ, forms.FileField):
        return Geste.PIECE
    if isinstance(champ.widget, forms.CheckboxSelectMultiple | forms.SelectMultiple):
        return Geste.CASES
    if isinstance(champ, forms.BooleanField):
        return Geste.CASE
    if isinstance(champ, forms.ChoiceField):
        return Geste.CHOIX
    if isinstance(champ, forms.DateField | forms.DateTimeField):
        return Geste.DATE
    if isinstance(champ, forms.IntegerField):
        return Geste.NOMBRE
    if isinstance(champ.widget, forms.Textarea) and int(champ.widget.attrs.get("rows", 2)) > 1:
        return Geste.TEXTE_LIBRE
    return Geste.TEXTE_COURT


def secondes_de_champ(champ: forms.Field) -> int:
    """Secondes pour un champ ; facultatif, il compte pour moitié : une fois sur deux, on le laisse."""
    if champ.widget.is_hidden or champ.disabled:
        return 0
    plein = int(geste_de(champ))
    return plein if champ.required else -(-plein // 2)


def secondes_de(formulaire: Champs) -> int:
    """Secondes pour tout remplir : la somme de ses champs visibles."""
    champs: dict[str, forms.Field] = getattr(formulaire, "fields", formulaire.base_fields)
    return sum(secondes_de_champ(champ) for champ in champs.values())


def minutes(secondes: int) -> int:
    """Minutes entamées : un temps se dit arrondi au-dessus, pour ne jamais passer sous un plafond dépassé."""
    return -(-secondes // 60)


def en_mots(secondes: int) -> str:
    """« 45 s », « 12 min », « 2 h », « 2 h 05 » ; sous la minute à la seconde, au-delà à la minute entamée."""
    if secondes < 60:
        return f"{secondes}\u00a0s"
    heures, reste = divmod(minutes(secondes), 60)
    if not heures:
        return f"{reste}\u00a0min"
    return f"{heures}\u00a0h" + (f"\u00a0{reste:02d}" if reste else "")


def annoncer(secondes: int) -> str:
    """« Environ 2 min », ou « Moins d’une minute »."""
    return "Moins d’une minute" if secondes < 60 else f"Environ {en_mots(secondes)}"
