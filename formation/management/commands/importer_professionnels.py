"""`manage.py importer_professionnels FICHIER --correspondance CODE` : dit ce qui changerait ; écrit avec `--ecrire`."""

from argparse import ArgumentParser
from typing import IO, Any

from formation.resources.professionnels import preparer
from formation.services.import_professionnels import Plan, ecrire, exiger_portee
from formation.services.import_professionnels.correspondances import GENRE
from programme.management.importer import CommandeRelie, lire_jour
from programme.models import Utilisateur
from programme.socle.imports import Apercu
from programme.socle.models import Correspondance
from programme.socle.nombres import accorde


class Command(CommandeRelie):
    """Compare le fichier du personnel d'un organisme à la base, dit tout ligne à ligne sans nommer personne."""

    help = (
        "Importe le fichier du personnel d'un organisme, avec une correspondance enregistrée depuis sa page d'import. "
        "À blanc par défaut : rien n'est écrit sans --ecrire. Les lignes fautives restent dehors."
    )
    code = GENRE

    def add_arguments(self, parser: ArgumentParser) -> None:
        """En plus : si le fichier est complet."""
        super().add_arguments(parser)
        parser.add_argument(
            "--complet-au", metavar="AAAA-MM-JJ", help="le fichier est complet : sont sortis ceux qui n'y sont plus"
        )

    def comparer(
        self,
        fichier: IO[bytes],
        correspondance: Correspondance,
        par: Utilisateur,
        options: dict[str, Any],
        apercu: Apercu,
    ) -> Plan:
        """Toutes les lignes, face aux ESMS que ce compte gère."""
        portee, complet_au = exiger_portee(correspondance, par), lire_jour(options["complet_au"])
        return preparer(fichier, correspondance, portee, apercu, complet_au=complet_au)

    def ecrire(self, plan: Plan, par: Utilisateur, apercu: Apercu) -> None:
        """Les lignes justes, d'un bloc."""
        ecrire(plan)
        self.stdout.write(f"Écrit : {accorde(apercu.a_ecrire, 'poste')}.")
        if plan.fautives:
            dehors = accorde(len(plan.fautives), "ligne rejetée est restée,lignes rejetées sont restées")
            self.stdout.write(f"{dehors} dehors : corrigez, puis importez de nouveau ; le reste ne bougera pas.")
