"""`manage.py prevoir` : relève les durées observées dont se déduisent les prévisions."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from programme.services.prevision import relever_durees
from programme.socle.nombres import accorde


class Command(BaseCommand):
    """Ce que le travailleur fait chaque nuit ; le refaire ne change rien."""

    help = "Relève les durées observées de tous les ESMS ; les pages en tirent leurs prévisions de routine."

    def handle(self, *args: Any, **options: Any) -> None:
        """Relève, puis dit combien."""
        releve = relever_durees(au=timezone.localdate())
        if options["verbosity"]:
            passages = accorde(releve.nb_passages, "passage observé,passages observés")
            self.stdout.write(f"{passages} dans {accorde(releve.nb_parcours, 'ESMS,ESMS')} du projet.")
