"""Indicateurs et relevés, fichiers des éditeurs, tickets et demandes, tableaux de bord."""

from django.apps import AppConfig


class UsagesConfig(AppConfig):
    """App des indicateurs et des usages."""

    name = "usages"
    verbose_name = "Indicateurs et usages"

    def ready(self) -> None:
        """Branche ce qui suit une preuve signée (ses chiffres se figent), une publication, un retour répondu."""
        from usages.services import preuves
        from usages.services.monographies import editions
        from usages.services.retours import prevenir

        preuves.brancher()
        editions.brancher()
        prevenir.brancher()
