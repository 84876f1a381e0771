"""`manage.py recompter_indicateurs` : refait les totaux gardés ; `--verifier` dit seulement où ils se trompent."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from programme.socle.nombres import accorde
from usages.models import CumulIndicateur, Ecart

MONTRES = 10
PAREILS = "Les totaux gardés disent ce que disent les relevés."


class Command(BaseCommand):
    """Se relance sans crainte : des totaux justes ne changent pas. Les transmissions attendent qu'elle ait fini."""

    help = "Refait les totaux des indicateurs depuis les relevés ; avec --verifier, dit les écarts sans rien changer."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Vérifier seulement."""
        aide = "comparer sans rien changer ; échoue s'il y a un écart"
        parser.add_argument("--verifier", action="store_true", help=aide)

    def handle(self, *args: Any, **options: Any) -> None:
        """Compare, ou refait, et le dit."""
        if options["verifier"]:
            ecarts = CumulIndicateur.objects.ecarts()
            for ecart in ecarts[:MONTRES]:
                self.stderr.write(_phrase(ecart))
            if ecarts:
                nombre = accorde(len(ecarts), "total faux,totaux faux")
                raise CommandError(f"{nombre} : relancez sans --verifier pour les refaire.")
            phrase = PAREILS
        else:
            CumulIndicateur.objects.refaire()
            phrase = f"{accorde(CumulIndicateur.objects.count(), 'total refait,totaux refaits')}."
        if options["verbosity"]:
            self.stdout.write(phrase)


def _phrase(ecart: Ecart) -> str:
    debut, cadence, maille, territoire, *_, indicateur, cle = ecart.cle
    ou = f"{maille} {territoire}".strip()
    part = f", part {cle}" if cle else ""
    ecrits = f"gardé {_nombres(ecart.garde)}, relevés {_nombres(ecart.juste)}"
    return f"indicateur {indicateur}{part}, {ou}, {cadence} du {debut:%d/%m/%Y} : {ecrits}"


def _nombres(comptes: tuple[Any, ...]) -> str:
    return " / ".join(str(c) for c in comptes)
