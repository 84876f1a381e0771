"""Crée un jeton d'API et l'imprime une seule fois."""

from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser

from programme.socle.jetons import JOURS, creer_jeton


class Command(BaseCommand):
    """Commande `creer_jeton IDENTIFIANT [--jours 90] [--lecture-seule]`."""

    help = "Crée un jeton d'API pour un compte ; il est imprimé une fois et ne se relit plus."

    def add_arguments(self, parser: CommandParser) -> None:
        """Compte, durée, portée."""
        parser.add_argument("identifiant", help="identifiant du compte")
        parser.add_argument("--jours", type=int, default=JOURS, help=f"durée en jours ({JOURS} par défaut)")
        parser.add_argument("--lecture-seule", action="store_true", help="le jeton ne peut rien écrire")

    def handle(self, *args: Any, **options: Any) -> None:
        """Le jeton sur la sortie standard, le reste à côté : `JETON=$(manage.py creer_jeton …)` marche."""
        Utilisateur = get_user_model()
        try:
            utilisateur = Utilisateur.objects.get_by_natural_key(options["identifiant"])
        except Utilisateur.DoesNotExist:
            raise CommandError(f"Aucun compte ne porte l'identifiant « {options['identifiant']} ».") from None
        if not utilisateur.is_active:
            raise CommandError(f"Le compte « {utilisateur.identifiant} » n'est plus actif.")
        if not 1 <= options["jours"] <= 3650:
            raise CommandError("La durée se donne en jours, de 1 à 3650.")
        jeton, clair = creer_jeton(
            utilisateur=utilisateur, jours=options["jours"], lecture_seule=options["lecture_seule"]
        )
        portee = "lecture seule" if jeton.lecture_seule else "lecture et écriture"
        self.stderr.write(
            f"Jeton de {utilisateur} ({portee}), valable jusqu'au {jeton.expire_le:%d/%m/%Y}. "
            "Notez-le : il ne sera plus montré."
        )
        self.stdout.write(clair)
