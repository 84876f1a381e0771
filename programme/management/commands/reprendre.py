"""`manage.py reprendre FICHIER --correspondance CODE --grappe ID` : reprend un classeur ; à blanc sans `--ecrire`."""

from argparse import ArgumentParser
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from programme.models import Grappe, Utilisateur
from programme.permissions import peut_conduire
from programme.resources.reprise import lire, preparer
from programme.services.reprise import Plan, ecrire
from programme.services.reprise.correspondances import trouver
from programme.socle.erreurs import Refus
from programme.socle.finess.refus import FichierRefuse
from programme.socle.imports import CREE, LIBELLES, MODIFIE, REJETE, Apercu
from programme.socle.nombres import accorde


class Command(BaseCommand):
    """Compare un classeur à une grappe, dit toutes ses fautes, l'écrit si on le demande et s'il n'en a pas."""

    help = (
        "Reprend le classeur d'un programme déjà en route, avec une correspondance enregistrée depuis la page de la "
        "grappe. À blanc par défaut : rien n'est écrit sans --ecrire, ni tant qu'il reste une faute."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Le fichier, comment le lire, où l'écrire, au nom de qui."""
        parser.add_argument("fichier", help="chemin du classeur (.xlsx ou .csv)")
        parser.add_argument("--correspondance", required=True, metavar="CODE", help="code de la correspondance")
        parser.add_argument("--grappe", required=True, type=int, metavar="ID", help="clé de la grappe")
        parser.add_argument("--par", metavar="IDENTIFIANT", help="compte qui reprend ; à défaut, celui qui l'a reliée")
        parser.add_argument("--ecrire", action="store_true", help="écrire dans la base (sinon : à blanc)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Compare, dit, écrit ; une faute donne un code de sortie non nul."""
        try:
            self._mener(options)
        except FichierRefuse as refus:
            raise CommandError(f"Fichier refusé, rien n'est écrit. {refus.message}") from None
        except Refus as refus:
            raise CommandError(refus.motif) from None

    def _mener(self, options: dict[str, Any]) -> None:
        correspondance = trouver(options["correspondance"], par=_compte(options["par"]))
        par = correspondance.par
        grappe = _grappe(options["grappe"], par)
        chemin = Path(options["fichier"])
        if not chemin.is_file():
            raise CommandError(f"« {chemin} » n'est pas un fichier : vérifiez le chemin.")
        with chemin.open("rb") as fichier:
            lu = lire(fichier, correspondance)
        with TemporaryFile() as rapport:
            apercu = Apercu(rapport, tout_ou_rien=True)
            plan = preparer(lu, grappe, apercu, par=par)
            self._dire(apercu)
            apercu.fermer()
        if fautes := apercu.nombres[REJETE]:
            raise CommandError(f"{accorde(fautes, 'faute')} : rien n'est écrit tant qu'il en reste une.")
        if not options["ecrire"]:
            self.stdout.write("À blanc : rien n'est écrit ; ajoutez --ecrire pour écrire.")
        else:
            self._ecrire(plan, par)

    def _dire(self, apercu: Apercu) -> None:
        resultat = apercu.en_json()
        for phrase, nombre in resultat["avertissements"]:
            self.stdout.write(f"Avertissement ({accorde(nombre, 'ligne')}) : {phrase}")
        for effet in (CREE, MODIFIE):
            for ligne in apercu.lignes[effet]:
                ecarts = " ; ".join(
                    f"{c} : {avant or 'vide'} → {apres or 'vide'}" for c, avant, apres in ligne["ecarts"]
                )
                self.stdout.write(
                    f"{LIBELLES[effet][:-1]}, ligne {ligne['ligne']}, {ligne['nom']} : {ecarts or 'entre'}"
                )
        for phrase in apercu.annonces:
            self.stdout.write(phrase)
        for ligne in apercu.lignes[REJETE]:
            ou = f", ligne {ligne['ligne']}" if ligne["ligne"] else ""
            qui = f", « {ligne['nom'] or ligne['cle']} »" if ligne["cle"] or ligne["nom"] else ""
            self.stdout.write(f"Faute{ou}{qui} : {ligne['raison']}")
        self.stdout.write(resultat["decompte"])

    def _ecrire(self, plan: Plan, par: Utilisateur) -> None:
        if not plan.retenues:
            self.stdout.write("Rien à écrire : le classeur dit la même chose que la base.")
            return
        with transaction.atomic():
            a_inviter = ecrire(plan, par=par)
        self.stdout.write(f"Écrit : {accorde(len(plan.retenues), 'ligne')}.")
        if a_inviter:
            roles = accorde(len(a_inviter), "rôle confié,rôles confiés")
            self.stdout.write(f"{roles} à des comptes pas encore ouverts : invitez-les depuis la page de la grappe.")


def _compte(identifiant: str | None) -> Utilisateur | None:
    if not identifiant:
        return None
    compte = Utilisateur.objects.filter(identifiant__iexact=identifiant, is_active=True).first()
    if compte is None:
        raise CommandError(f"Aucun compte ouvert « {identifiant} » : vérifiez l'identifiant.")
    return compte


def _grappe(cle: int, par: Utilisateur) -> Grappe:
    grappe = Grappe.objects.visibles_par(par).filter(pk=cle).first()
    if grappe is None:
        raise CommandError(f"« {par.identifiant} » ne voit aucune grappe {cle} : vérifiez sa clé, ou --par.")
    if not (droit := peut_conduire(par, grappe)):
        raise CommandError(f"« {par.identifiant} » ne peut pas reprendre cette grappe. {droit.motif}")
    return grappe
