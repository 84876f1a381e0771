"""`manage.py reprendre FICHIER --correspondance CODE --grappe ID` : reprend un classeur ; à blanc sans `--ecrire`."""

from argparse import ArgumentParser
from typing import IO, Any

from django.core.management.base import CommandError
from django.db import transaction

from programme.management.importer import CommandeRelie, lire_grappe
from programme.models import Grappe, Utilisateur
from programme.permissions import peut_conduire
from programme.resources.reprise import lire, preparer
from programme.services.reprise import Plan, ecrire
from programme.services.reprise.correspondances import GENRE
from programme.socle.imports import Apercu
from programme.socle.models import Correspondance
from programme.socle.nombres import accorde


class Command(CommandeRelie):
    """Compare un classeur à une grappe, dit toutes ses fautes, l'écrit si on le demande et s'il n'en a pas."""

    help = (
        "Reprend le classeur d'un programme déjà en route, avec une correspondance enregistrée depuis la page de la "
        "grappe. À blanc par défaut : rien n'est écrit sans --ecrire, ni tant qu'il reste une faute."
    )
    code = GENRE
    a_qui = "compte"
    rejet = "Faute"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """En plus : où l'écrire."""
        super().add_arguments(parser)
        parser.add_argument("--grappe", required=True, type=int, metavar="ID", help="clé de la grappe")

    def dire_qui(self, ligne: dict[str, Any]) -> str:
        """L'ESMS."""
        return f", « {ligne['nom'] or ligne['cle']} »" if ligne["cle"] or ligne["nom"] else ""

    def comparer(
        self,
        fichier: IO[bytes],
        correspondance: Correspondance,
        par: Utilisateur,
        options: dict[str, Any],
        apercu: Apercu,
    ) -> Plan:
        """Toutes les lignes, toutes les fautes."""
        return preparer(lire(fichier, correspondance), _grappe(options["grappe"], par), apercu, par=par)

    @transaction.atomic
    def ecrire(self, plan: Plan, par: Utilisateur, apercu: Apercu) -> None:
        """Les lignes retenues, d'un bloc."""
        a_inviter = ecrire(plan, par=par)
        self.stdout.write(f"Écrit : {accorde(len(plan.retenues), 'ligne')}.")
        if a_inviter:
            roles = accorde(len(a_inviter), "rôle confié,rôles confiés")
            self.stdout.write(f"{roles} à des comptes pas encore ouverts : invitez-les depuis la page de la grappe.")


def _grappe(cle: int, par: Utilisateur) -> Grappe:
    grappe = lire_grappe(cle, par)
    if not (droit := peut_conduire(par, grappe)):
        raise CommandError(f"« {par.identifiant} » ne peut pas reprendre cette grappe. {droit.motif}")
    return grappe
