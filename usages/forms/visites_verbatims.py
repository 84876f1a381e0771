"""Garder un verbatim pendant une visite, d'une main."""

from django import forms

from programme.forms.champs import GardeNir
from programme.socle.champs import SaisieLibre
from usages.forms.retours_verbatims import choix_de_situation, choix_de_theme, choix_de_voix


class VerbatimDeVisiteForm(GardeNir, forms.Form):
    """Les mots, qui les a dits, et si cette personne vient d'accepter d'être citée."""

    texte = SaisieLibre(
        label="Ce qui a été dit",
        max_length=1000,
        lignes=3,
        help_text="Mot pour mot, sans ce qui désignerait quelqu'un.",
        error_messages={"required": "Gardez au moins quelques mots."},
    )
    qui = forms.CharField(
        label="Qui l'a dit (un rôle)",
        max_length=80,
        help_text="« une éducatrice », jamais un nom.",
        error_messages={"required": "Dites son rôle."},
    )
    voix = choix_de_voix()
    situation = choix_de_situation()
    theme = choix_de_theme()
    accord_donne = forms.BooleanField(
        label="La personne vient d'accepter d'être citée",
        required=False,
        help_text="Sinon, l'accord se note plus tard. D'une personne mineure ou protégée, il faut aussi celui de son "
        "représentant.",
    )
