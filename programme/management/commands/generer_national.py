"""`manage.py generer_national` : un pays inventé, à l'échelle du vrai, pour mesurer et essayer."""

from datetime import date
from time import perf_counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from programme.generation.pays import Pays, generer
from programme.generation.plan import PaysImpossible
from programme.models import Esms, Grappe, Parcours
from programme.socle.models import Passage
from programme.socle.nombres import nombre


class Command(BaseCommand):
    """Écrit un annuaire, des grappes et des parcours inventés ; même graine, mêmes données."""

    help = "Écrit un pays inventé dans une base neuve (annuaire, grappes, parcours et leur histoire)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Combien, et la graine du tirage."""
        parser.add_argument("--esms", type=int, default=34_000, help="ESMS de l'annuaire (34 000)")
        parser.add_argument("--grappes", type=int, default=1_120, help="grappes (1 120)")
        parser.add_argument("--parcours", type=int, default=None, help="ESMS du projet (25 sur 34 de l'annuaire)")
        parser.add_argument("--graine", type=int, default=1, help="même graine, mêmes données (1)")
        parser.add_argument(
            "--au", type=date.fromisoformat, default=None, help="jour où tout s'arrête, AAAA-MM-JJ (aujourd'hui)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Génère, et dit où il en est."""
        debut = perf_counter()

        def dire(phrase: str) -> None:
            if options["verbosity"]:
                self.stdout.write(f"{perf_counter() - debut:6.1f} s  {phrase}")
                self.stdout.flush()

        voulu = Pays(**{nom: options[nom] for nom in ("esms", "grappes", "graine", "parcours", "au")})
        try:
            generer(voulu, dire)
        except PaysImpossible as faute:
            raise CommandError(faute.args[0]) from None
        comptes = (Esms.objects.count(), Grappe.objects.count(), Parcours.objects.count(), Passage.objects.count())
        dire("{} ESMS, {} grappes, {} parcours, {} passages au journal".format(*map(nombre, comptes)))
