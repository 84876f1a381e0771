"""`manage.py importer_connexions FICHIER --correspondance CODE` : dit ce qui changerait ; écrit avec `--ecrire`."""

from argparse import ArgumentParser
from typing import IO, Any

from django.core.management.base import CommandError

from formation.services.import_professionnels import Portee, exiger_portee
from programme.management.importer import CommandeRelie, lire_jour
from programme.models import Utilisateur
from programme.socle.finess.numero import expliquer
from programme.socle.imports import Apercu
from programme.socle.models import Correspondance
from programme.socle.nombres import accorde
from programme.socle.travaux import empreinte_de
from usages.resources.connexions import remplir
from usages.services.connexions import Demande, Plan, comparer, ecrire
from usages.services.connexions.correspondances import GENRE


class Command(CommandeRelie):
    """Dépouille le fichier de connexion d'un éditeur, dit ce qui changerait sans désigner un compte."""

    help = (
        "Importe un journal de connexion ou une liste d'utilisateurs, avec une correspondance enregistrée depuis la "
        "page « Connexions » d'un ESMS. À blanc par défaut : rien n'est écrit sans --ecrire."
    )
    code = GENRE
    extensions = ".csv"
    rejet = "Mise de côté"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """En plus : de quel ESMS il parle, ce qu'il couvre."""
        super().add_arguments(parser)
        parser.add_argument("--esms", metavar="FINESS", help="l'ESMS du fichier, s'il n'a pas de colonne d'ESMS")
        parser.add_argument("--du", metavar="AAAA-MM-JJ", help="premier jour que le fichier couvre")
        parser.add_argument(
            "--au", metavar="AAAA-MM-JJ", help="dernier jour couvert ; d'une liste, le jour d'extraction"
        )

    def comparer(
        self,
        fichier: IO[bytes],
        correspondance: Correspondance,
        par: Utilisateur,
        options: dict[str, Any],
        apercu: Apercu,
    ) -> tuple[Plan, str]:
        """Tous les mois, face aux ESMS que ce compte gère ; avec l'empreinte du fichier."""
        portee = exiger_portee(correspondance, par)
        jours = lire_jour(options["du"]), lire_jour(options["au"])
        plan = comparer(Demande(portee, correspondance, _esms(options["esms"], portee), *jours), fichier)
        remplir(plan, apercu)
        return plan, empreinte_de(fichier)

    def ecrire(self, plan: tuple[Plan, str], par: Utilisateur, apercu: Apercu) -> None:
        """Les mois qui changent."""
        nombre = ecrire(plan=plan[0], par=par, empreinte=plan[1])
        ecrits = accorde(nombre, "mois d'ESMS,mois d'ESMS")
        self.stdout.write(f"Écrit : {ecrits}. Le fichier est resté où il est : effacez-le, il désigne des comptes.")


def _esms(finess: str | None, portee: Portee) -> int | None:
    if not finess:
        return None
    parcours = portee.parcours.get(expliquer(finess).numero or "")
    if parcours is None:
        raise CommandError(f"« {finess} » n'est pas un ESMS que ce compte gère ici : vérifiez --esms.")
    return parcours.pk
