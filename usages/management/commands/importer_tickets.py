"""`manage.py importer_tickets FICHIER --correspondance CODE --grappe ID --source OUTIL` ; écrit avec `--ecrire`."""

from argparse import ArgumentParser
from typing import IO, Any

from django.core.management.base import CommandError
from django.utils import timezone

from programme.management.importer import CommandeRelie, lire_grappe
from programme.models import Grappe, Utilisateur
from programme.services.correspondances import Chez
from programme.socle.imports import Apercu
from programme.socle.models import Correspondance
from programme.socle.nombres import accorde
from usages.permissions import peut_suivre_les_editeurs
from usages.resources.tickets import preparer
from usages.services.tickets.correspondances import GENRE
from usages.services.tickets.importation import Plan, ecrire, lire_portee, source_connue


class Command(CommandeRelie):
    """Compare l'export d'un outil d'assistance aux tickets d'une grappe, dit tout sans citer une case."""

    help = (
        "Importe l'export de tickets d'une grappe, avec une correspondance enregistrée depuis sa page d'import. À "
        "blanc par défaut : rien n'est écrit sans --ecrire. Les lignes fautives restent dehors."
    )
    code = GENRE
    a_qui = "grappe"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """En plus : la grappe, et l'outil d'où vient le fichier."""
        super().add_arguments(parser)
        parser.add_argument("--grappe", required=True, type=int, metavar="ID", help="clé de la grappe")
        parser.add_argument(
            "--source", required=True, metavar="OUTIL", help="l'outil d'assistance, le même à chaque fois"
        )

    def lire_chez(self, options: dict[str, Any], compte: Utilisateur | None) -> Chez | None:
        """La grappe dite."""
        grappe = Grappe.objects.filter(pk=options["grappe"]).first()
        if grappe is None:
            raise CommandError(f"Aucune grappe {options['grappe']} : vérifiez sa clé.")
        return Chez(self.code, grappe=grappe)

    def comparer(
        self,
        fichier: IO[bytes],
        correspondance: Correspondance,
        par: Utilisateur,
        options: dict[str, Any],
        apercu: Apercu,
    ) -> Plan:
        """Toutes les lignes, face aux tickets de la grappe."""
        grappe = lire_grappe(options["grappe"], par)
        if not (droit := peut_suivre_les_editeurs(par, grappe)):
            raise CommandError(f"« {par.identifiant} » ne peut pas importer ces tickets. {droit.motif}")
        source, portee = source_connue(grappe, " ".join(options["source"].split())), lire_portee(grappe)
        return preparer(fichier, correspondance, portee, apercu, source=source, au=timezone.localdate())

    def ecrire(self, plan: Plan, par: Utilisateur, apercu: Apercu) -> None:
        """Les tickets qui changent."""
        ecrits = accorde(ecrire(plan), "ticket,tickets")
        self.stdout.write(f"Écrit : {ecrits}. Le fichier est resté où il est : effacez-le, il porte des noms.")
