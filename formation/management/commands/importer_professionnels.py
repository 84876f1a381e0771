"""`manage.py importer_professionnels FICHIER --correspondance CODE` : dit ce qui changerait ; écrit avec `--ecrire`."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from formation.resources.professionnels import preparer
from formation.services.import_professionnels import Plan, Portee, ecrire, lire_portee
from formation.services.import_professionnels.correspondances import trouver
from programme.models import OrganismeGestionnaire, Utilisateur
from programme.socle.erreurs import Refus
from programme.socle.finess.numero import expliquer
from programme.socle.finess.refus import FichierRefuse
from programme.socle.imports import CREE, FERME, LIBELLES, MODIFIE, REJETE, Apercu
from programme.socle.models import Correspondance
from programme.socle.nombres import accorde


class Command(BaseCommand):
    """Compare le fichier du personnel d'un organisme à la base, dit tout ligne à ligne sans nommer personne."""

    help = (
        "Importe le fichier du personnel d'un organisme, avec une correspondance enregistrée depuis sa page d'import. "
        "À blanc par défaut : rien n'est écrit sans --ecrire. Les lignes fautives restent dehors."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Le fichier, comment le lire, chez qui, au nom de qui."""
        parser.add_argument("fichier", help="chemin du fichier (.xlsx ou .csv)")
        parser.add_argument("--correspondance", required=True, metavar="CODE", help="code de la correspondance")
        parser.add_argument("--og", metavar="FINESS", help="FINESS juridique, si plusieurs organismes ont ce code")
        parser.add_argument("--par", metavar="IDENTIFIANT", help="compte qui importe ; à défaut, celui qui l'a reliée")
        parser.add_argument(
            "--complet-au", metavar="AAAA-MM-JJ", help="le fichier est complet : sont sortis ceux qui n'y sont plus"
        )
        parser.add_argument("--ecrire", action="store_true", help="écrire dans la base (sinon : à blanc)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Compare, dit, écrit ; un refus est une phrase."""
        try:
            self._mener(options)
        except FichierRefuse as refus:
            raise CommandError(f"Fichier refusé, rien n'est écrit. {refus.message}") from None
        except Refus as refus:
            raise CommandError(refus.motif) from None

    def _mener(self, options: dict[str, Any]) -> None:
        correspondance = trouver(options["correspondance"], og=_og(options["og"]))
        portee = _portee(correspondance, _compte(options["par"]) or correspondance.par)
        complet_au = _jour(options["complet_au"])
        chemin = Path(options["fichier"])
        if not chemin.is_file():
            raise CommandError(f"« {chemin} » n'est pas un fichier : vérifiez le chemin.")
        with chemin.open("rb") as fichier, TemporaryFile() as rapport:
            apercu = Apercu(rapport)
            plan = preparer(fichier, correspondance, portee, apercu, complet_au=complet_au)
            self._dire(apercu)
            a_ecrire = apercu.a_ecrire
            apercu.fermer()
        if not a_ecrire:
            self.stdout.write("Rien à écrire.")
        elif not options["ecrire"]:
            self.stdout.write("À blanc : rien n'est écrit ; ajoutez --ecrire pour écrire.")
        else:
            self._ecrire(plan, a_ecrire)

    def _dire(self, apercu: Apercu) -> None:
        resultat = apercu.en_json()
        for phrase, nombre in resultat["avertissements"]:
            self.stdout.write(f"Avertissement ({accorde(nombre, 'ligne')}) : {phrase}")
        for effet in (CREE, MODIFIE, FERME):
            for ligne in apercu.lignes[effet]:
                ecarts = " ; ".join(f"{c} : {av or 'vide'} → {ap or 'vide'}" for c, av, ap in ligne["ecarts"])
                self.stdout.write(f"{LIBELLES[effet][:-1]}, {ligne['cle']}, {ligne['nom']} : {ecarts}")
            self._dire_le_reste(apercu, effet)
        for phrase in apercu.annonces:
            self.stdout.write(phrase)
        for ligne in apercu.lignes[REJETE]:
            ou = f", ligne {ligne['ligne']}" if ligne["ligne"] else ""
            self.stdout.write(f"Rejeté{ou} : {ligne['raison']}")
        self._dire_le_reste(apercu, REJETE)
        self.stdout.write(resultat["decompte"])

    def _dire_le_reste(self, apercu: Apercu, effet: str) -> None:
        if reste := apercu.nombres[effet] - len(apercu.lignes[effet]):
            self.stdout.write(f"{LIBELLES[effet]} : et {accorde(reste, 'autre')}.")

    def _ecrire(self, plan: Plan, a_ecrire: int) -> None:
        ecrire(plan)
        self.stdout.write(f"Écrit : {accorde(a_ecrire, 'poste')}.")
        if plan.fautives:
            dehors = accorde(len(plan.fautives), "ligne rejetée est restée,lignes rejetées sont restées")
            self.stdout.write(f"{dehors} dehors : corrigez, puis importez de nouveau ; le reste ne bougera pas.")


def _og(finess: str | None) -> OrganismeGestionnaire | None:
    if not finess:
        return None
    lecture = expliquer(finess)
    og = OrganismeGestionnaire.objects.filter(finess=lecture.numero).first() if lecture.numero else None
    if og is None:
        raise CommandError(f"Aucun organisme ne porte le FINESS « {finess} » : vérifiez --og.")
    return og


def _compte(identifiant: str | None) -> Utilisateur | None:
    if not identifiant:
        return None
    compte = Utilisateur.objects.filter(identifiant__iexact=identifiant, is_active=True).first()
    if compte is None:
        raise CommandError(f"Aucun compte ouvert « {identifiant} » : vérifiez l'identifiant.")
    return compte


def _portee(correspondance: Correspondance, par: Utilisateur) -> Portee:
    assert correspondance.og is not None  # `trouver` n'en rend pas d'autre
    portee = lire_portee(correspondance.og, par=par)
    if not portee.parcours or not par.is_active:
        raise CommandError(
            f"« {par.identifiant} » ne gère aucun ESMS de « {correspondance.og} » : dites qui importe avec --par."
        )
    return portee


def _jour(texte: str | None) -> date | None:
    if not texte:
        return None
    try:
        return date.fromisoformat(texte)
    except ValueError:
        raise CommandError(f"« {texte} » n'est pas une date : écrivez-la AAAA-MM-JJ.") from None
