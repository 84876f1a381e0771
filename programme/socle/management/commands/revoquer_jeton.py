"""Révoque un jeton d'API, reconnu par son début."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from programme.socle.models import Jeton


class Command(BaseCommand):
    """Commande `revoquer_jeton DEBUT` : le jeton cesse d'ouvrir, sa ligne reste."""

    help = "Révoque le jeton d'API qui commence ainsi ; il cesse aussitôt d'ouvrir."

    def add_arguments(self, parser: CommandParser) -> None:
        """Le début imprimé à la création, ou le jeton entier."""
        parser.add_argument("debut", help="début du jeton, par exemple treille_Ab3dE9")

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse un début inconnu ; deux jetons au même début se révoquent ensemble, par prudence."""
        vises = [j for j in Jeton.objects.filter(revoque_le=None) if options["debut"].startswith(j.prefixe)]
        if not vises:
            raise CommandError("Aucun jeton en cours ne commence ainsi.")
        for jeton in vises:
            jeton.revoque_le = timezone.now()
            jeton.save(update_fields=["revoque_le"])
            self.stdout.write(f"{jeton} (compte {jeton.utilisateur}) est révoqué.")
