#!/usr/bin/env python
"""Point d'entrée des commandes de Treille."""

import os
import sys


def main() -> None:
    """Exécute une commande d'administration Django."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.base")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
