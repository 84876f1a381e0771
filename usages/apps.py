"""Indicateurs et relevés, fichiers des éditeurs, tickets et demandes, tableaux de bord."""

from django.apps import AppConfig


class UsagesConfig(AppConfig):
    """App des indicateurs et des usages."""

    name = "usages"
    verbose_name = "Indicateurs et usages"
