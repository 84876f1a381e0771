"""Indicateurs et relevés, fichiers des éditeurs, tickets et demandes, tableaux de bord."""

from django.apps import AppConfig


class UsagesConfig(AppConfig):
    """App des indicateurs et des usages."""

    name = "usages"
    verbose_name = "Indicateurs et usages"

    def ready(self) -> None:
        """Branche ce qui suit une preuve signée (ses chiffres se figent), un retour répondu (son auteur l'apprend)."""
        from usages.services import preuves
        from usages.services.retours import prevenir

        preuves.brancher()
        prevenir.brancher()
