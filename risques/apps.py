"""Questionnaires à points, campagnes, analyses locales, registre des risques."""

from django.apps import AppConfig


class RisquesConfig(AppConfig):
    """App des questionnaires et des risques."""

    name = "risques"
    verbose_name = "Risques"
