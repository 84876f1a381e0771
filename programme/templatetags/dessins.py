"""Ce que les gabarits de dessins écrivent en mots."""

from django import template

from programme.dessins import glissement

register = template.Library()

register.filter("en_jours", glissement.en_jours)
