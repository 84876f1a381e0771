"""`manage.py pseudonymiser_sortis` : efface le nom des personnes parties, ce que le travailleur fait chaque jour."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from formation.services.effacement import APRES_JOURS, nb_a_pseudonymiser, pseudonymiser
from programme.socle.nombres import accorde


class Command(BaseCommand):
    """Se relance sans crainte : ce qui est effacé le reste."""

    help = "Efface nom, matricule et courriel des personnes sorties ; sans --ecrire, dit combien."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Le délai, et de quoi écrire pour de bon."""
        parser.add_argument(
            "--apres", type=int, default=APRES_JOURS, metavar="JOURS", help=f"jours après la sortie ({APRES_JOURS})"
        )
        parser.add_argument("--ecrire", action="store_true", help="effacer pour de bon")

    def handle(self, *args: Any, **options: Any) -> None:
        """Compte, ou efface, et le dit."""
        apres, au = options["apres"], timezone.localdate()
        if apres < 0:
            raise CommandError("--apres est un nombre de jours : zéro ou plus.")
        if options["ecrire"]:
            nombre = pseudonymiser(au=au, apres=apres)
            phrase = f"{accorde(nombre, 'personne effacée,personnes effacées')}."
        else:
            nombre = nb_a_pseudonymiser(au=au, apres=apres)
            phrase = f"{accorde(nombre, 'personne à effacer,personnes à effacer')} ; relancez avec --ecrire."
        if options["verbosity"]:
            self.stdout.write(phrase)
