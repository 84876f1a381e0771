"""`manage.py importer_finess FICHIER` : met l'annuaire à jour ; à blanc sans `--ecrire`."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from programme.services.annuaire import Analyse, Choix, analyser
from programme.socle.finess.refus import FichierRefuse
from programme.socle.finess.source import ouvrir
from programme.socle.nombres import accorde

REJETS_MONTRES = 100


class Command(BaseCommand):
    """Compare un fichier FINESS à l'annuaire, puis l'écrit si on le demande."""

    help = (
        "Met l'annuaire à jour depuis FINESS+ (.json, .json.gz), l'extrait etalab cs1100502 ou t-finess (.csv, "
        ".csv.gz). À blanc par défaut : rien n'est écrit sans --ecrire."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Le fichier, et ce qu'on en prend."""
        parser.add_argument("fichier", help="chemin du fichier FINESS")
        parser.add_argument("--ecrire", action="store_true", help="écrire dans la base (sinon : à blanc)")
        parser.add_argument(
            "--categories", default="", help="codes à prendre, séparés par des virgules (183,500) ; eux seulement"
        )
        parser.add_argument("--tout", action="store_true", help="prendre aussi les catégories sans secteur")

    def handle(self, *args: Any, **options: Any) -> None:
        """Analyse, dit ce qui cloche, écrit s'il le faut, finit par les six nombres."""
        choix = _choix(options)
        try:
            source = ouvrir(options["fichier"], plafond=settings.TREILLE_TAILLE_IMPORT)
            with analyser(source.lignes(), millesime=source.millesime, choix=choix) as analyse:
                if options["ecrire"]:
                    analyse.ecrire()
                if options["verbosity"]:
                    self._dire(analyse, options["ecrire"])
        except FichierRefuse as refus:
            raise CommandError(f"Fichier refusé, rien n'est écrit. {refus.message}") from None

    def _dire(self, analyse: Analyse, ecrit: bool) -> None:
        bilan = analyse.bilan
        for message, nombre in sorted(analyse.avertissements.items()):
            self.stdout.write(f"Avertissement ({accorde(nombre, 'ligne')}) : {message}")
        for rejet in analyse.rejets[:REJETS_MONTRES]:
            colonne = f", colonne {rejet.colonne}" if rejet.colonne else ""
            self.stdout.write(f"Rejet, ligne {rejet.ligne}{colonne}, « {rejet.numero} » : {rejet.raison}")
        if bilan.rejetes > REJETS_MONTRES:
            self.stdout.write(f"… et {accorde(bilan.rejetes - REJETS_MONTRES, 'autre rejet,autres rejets')}.")
        if bilan.hors_categories:
            self.stdout.write(
                f"{bilan.hors_categories} hors des catégories choisies, laissés de côté (--tout les prend)."
            )
        if bilan.plus_anciens:
            self.stdout.write(f"{bilan.plus_anciens} plus anciens que l'annuaire, laissés tels quels.")
        self.stdout.write(f"{bilan.actifs} en activité. OG : {bilan.og_crees} créés, {bilan.og_modifies} modifiés.")
        self.stdout.write("Écrit." if ecrit else "À blanc : rien n'est écrit ; ajoutez --ecrire pour écrire.")
        self.stdout.write(str(bilan))


def _choix(options: dict[str, Any]) -> Choix:
    codes = frozenset(code.strip().zfill(3) for code in options["categories"].split(",") if code.strip())
    if codes and options["tout"]:
        raise CommandError("Choisissez --categories ou --tout, pas les deux.")
    return Choix(categories=codes or None, tout=options["tout"])
