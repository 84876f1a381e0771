"""Indicateurs et relevés, fichiers des éditeurs, tickets et demandes, tableaux de bord."""

from django.apps import AppConfig


class UsagesConfig(AppConfig):
    """App des indicateurs et des usages."""

    name = "usages"
    verbose_name = "Indicateurs et usages"

    def ready(self) -> None:
        """Branche ce qui suit la signature d'une preuve d'usage : ses chiffres se figent."""
        from usages.services import preuves

        preuves.brancher()
