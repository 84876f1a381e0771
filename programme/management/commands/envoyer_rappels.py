"""`manage.py envoyer_rappels` : un tour de rappels par courriel, que le travailleur fait aussi de lui-même."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from programme.services.envoi_rappels import Bilan, EnvoiImpossible, envoyer
from programme.socle.nombres import accorde


class Command(BaseCommand):
    """Se relance sans crainte : au plus un courriel par compte et par semaine."""

    help = "Envoie à chacun ce qui l'attend, à sa cadence ; dit combien, jamais quoi."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Le jour, et de quoi regarder sans rien envoyer."""
        parser.add_argument("--a-blanc", action="store_true", help="composer et compter, sans écrire ni envoyer")
        parser.add_argument(
            "--au", type=date.fromisoformat, metavar="AAAA-MM-JJ", help="comme si l'on était ce jour-là (aujourd'hui)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Un tour, puis son compte rendu ; un échec sort en erreur."""
        au, a_blanc = options["au"] or timezone.localdate(), options["a_blanc"]
        if au > timezone.localdate() and not a_blanc:
            raise CommandError("Un rappel ne part pas d'avance : un jour à venir ne se demande qu'avec --a-blanc.")
        try:
            bilan = envoyer(au=au, a_blanc=a_blanc)
        except EnvoiImpossible as panne:
            raise CommandError(str(panne)) from panne
        if a_blanc:
            self._dire_a_blanc(bilan)
        elif options["verbosity"]:
            self.stdout.write(bilan.decompte())
        if bilan.echecs:
            raise CommandError(f"{accorde(bilan.echecs, 'échec')} : relancez, rien ne part deux fois.")

    def _dire_a_blanc(self, bilan: Bilan) -> None:
        for identifiant, nombre in bilan.a_blanc:
            self.stdout.write(f"  {identifiant} : {accorde(nombre, 'ligne')}")
        rien = accorde(bilan.rien, "compte sans rien à dire,comptes sans rien à dire")
        rappels = accorde(len(bilan.a_blanc), "rappel partirait,rappels partiraient")
        self.stdout.write(f"À blanc, rien n'est envoyé : {rappels}, {rien}, {accorde(bilan.muets, 'muet')}.")
