"""Ouvre le premier compte d'administrateur, par un lien d'invitation."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from programme.services.administration import creer_administrateur
from programme.socle.erreurs import Refus


class Command(BaseCommand):
    """Commande `creer_administrateur` : imprime une fois le lien où choisir son mot de passe."""

    help = "Crée un compte d'administrateur et imprime le lien où choisir son mot de passe."

    def add_arguments(self, parser: CommandParser) -> None:
        """Identifiant, nom affiché, courriel."""
        parser.add_argument("identifiant")
        parser.add_argument("--nom", default="Administrateur")
        parser.add_argument("--courriel", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        """Crée le compte et dit le chemin du lien."""
        try:
            jeton = creer_administrateur(
                identifiant=options["identifiant"], nom=options["nom"], courriel=options["courriel"]
            )
        except Refus as refus:
            raise CommandError(refus.motif) from refus
        self.stdout.write(f"Ouvrez /invitations/{jeton}/ sous 14 jours pour choisir le mot de passe.")
