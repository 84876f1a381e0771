"""`manage.py calculer_indicateurs` : refait ce qui se calcule des relevés en saisie, comme la tâche de chaque jour."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from programme.socle.nombres import accorde
from usages.calculs.periodes import Periode
from usages.services.chiffres.calculs import calculer, calculer_dues


class Command(BaseCommand):
    """Se relance sans crainte : refait, il dit la même chose. Rien ne change d'un relevé transmis ou verrouillé."""

    help = "Recalcule les chiffres des relevés en saisie ; d'une seule période si on la nomme."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """La période."""
        parser.add_argument(
            "--periode", default="", metavar="AAAA-MM", help="une seule période : 2026-11, 2026-T4 ou 2026"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Calcule, et le dit."""
        try:
            periode = Periode.lire(options["periode"]) if options["periode"] else None
        except ValueError as faute:
            raise CommandError(str(faute)) from None
        compte = calculer(periode) if periode else calculer_dues(timezone.localdate())
        if compte.inconnus:
            self.stderr.write(f"Rien ne calcule : {', '.join(sorted(compte.inconnus))}.")
        for ecart in compte.ecarts if options["verbosity"] else ():
            self.stderr.write(f"ESMS {ecart.parcours}, indicateur {ecart.indicateur} : {ecart.raison}")
        if options["verbosity"]:
            releves = accorde(compte.releves, "relevé calculé,relevés calculés")
            self.stdout.write(f"{releves}, {accorde(compte.ecrits, 'chiffre changé,chiffres changés')}.")
