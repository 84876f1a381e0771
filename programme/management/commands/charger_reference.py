"""`manage.py charger_reference` : territoires, catégories, métiers, modules."""

from typing import Any

from django.core.management.base import BaseCommand

from programme.services.reference import charger_reference


class Command(BaseCommand):
    """Charge ou met à jour les référentiels ; se relance sans risque."""

    help = "Charge les référentiels (territoires, catégories, métiers, modules). Se relance sans rien doubler."

    def handle(self, *args: Any, **options: Any) -> None:
        """Aligne la base, puis dit ce qui a changé."""
        for nom, effets in charger_reference().items():
            if options["verbosity"]:
                self.stdout.write(
                    f"{nom} : {effets.crees} créés, {effets.modifies} modifiés, {effets.inchanges} inchangés"
                )
