"""`manage.py charger_demonstration` : trois grappes inventées sur l'annuaire réel."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from programme.demonstration.charger import charger
from programme.socle.finess.refus import FichierRefuse


class Command(BaseCommand):
    """Charge la démonstration ; se relance sans rien ajouter."""

    help = "Charge la démonstration (comptes, annuaire réel, trois grappes). Se relance sans rien ajouter."

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse hors démonstration, sinon charge et dit ce qui a été fait."""
        if not settings.DEMONSTRATION:
            raise CommandError(
                "La démonstration ne se charge pas ici : elle demande une base à elle, et TREILLE_DEMONSTRATION=oui."
            )
        try:
            faite = charger()
        except FichierRefuse as refus:
            raise CommandError(refus.message) from None
        if options["verbosity"]:
            self.stdout.write("Démonstration chargée." if faite else "La démonstration était déjà chargée.")
