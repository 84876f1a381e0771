"""`manage.py rafraichir_dates` : recalcule les dates entretenues des parcours."""

from typing import Any

from django.core.management.base import BaseCommand

from programme.models import Parcours
from programme.socle.nombres import accorde


class Command(BaseCommand):
    """Remet d'accord les colonnes entretenues avec le journal et les étapes ; n'écrit que ce qui en diffère."""

    help = "Recalcule « dans cet état depuis » et « prochaine date » de chaque parcours, là où ils diffèrent."

    def handle(self, *args: Any, **options: Any) -> None:
        """Cherche les écarts, les corrige, dit combien."""
        ecarts = Parcours.objects.a_rafraichir().order_by().values("pk")
        corriges = Parcours.objects.filter(pk__in=ecarts).rafraichir_dates()
        if options["verbosity"]:
            self.stdout.write(f"{accorde(corriges, 'parcours corrigé,parcours corrigés')}.")
