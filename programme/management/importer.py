"""La commande d'un import qui se relie : comparer un fichier à la base, tout dire, n'écrire qu'avec `--ecrire`."""

from abc import abstractmethod
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, Literal

from django.core.management.base import BaseCommand, CommandError

from programme.models import Grappe, OrganismeGestionnaire, Utilisateur
from programme.services.correspondances import Chez, trouver
from programme.socle.erreurs import Refus
from programme.socle.finess.numero import expliquer
from programme.socle.finess.refus import FichierRefuse
from programme.socle.imports import CREE, FERME, LIBELLES, MODIFIE, REJETE, Apercu
from programme.socle.imports_relies import import_relie
from programme.socle.models import Correspondance
from programme.socle.nombres import accorde


class CommandeRelie(BaseCommand):
    """Chaque commande dit le code de son genre, comment elle compare (`comparer`) et ce qu'elle écrit (`ecrire`).

    `a_qui` : à qui est la correspondance ; d'un compte, `--par` dit lequel. `rejet` : ce qu'est une ligne mise dehors.
    """

    code: str
    extensions = ".xlsx ou .csv"
    a_qui: Literal["og", "grappe", "compte"] = "og"
    rejet = "Rejeté"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Le fichier, comment le lire, chez qui, au nom de qui."""
        parser.add_argument("fichier", help=f"chemin du fichier ({self.extensions})")
        parser.add_argument("--correspondance", required=True, metavar="CODE", help="code de la correspondance")
        if self.a_qui == "og":
            parser.add_argument("--og", metavar="FINESS", help="FINESS juridique, si plusieurs organismes ont ce code")
        parser.add_argument("--par", metavar="IDENTIFIANT", help="compte qui importe ; à défaut, celui qui l'a reliée")
        parser.add_argument("--ecrire", action="store_true", help="écrire dans la base (sinon : à blanc)")

    @abstractmethod
    def comparer(
        self,
        fichier: IO[bytes],
        correspondance: Correspondance,
        par: Utilisateur,
        options: dict[str, Any],
        apercu: Apercu,
    ) -> Any:
        """Lit, compare, remplit l'aperçu ; rend le plan. `par` : au nom de qui."""

    @abstractmethod
    def ecrire(self, plan: Any, par: Utilisateur, apercu: Apercu) -> None:
        """Écrit le plan, et dit ce qui l'a été."""

    def lire_chez(self, options: dict[str, Any], compte: Utilisateur | None) -> Chez | None:
        """Chez qui chercher la correspondance ; None : chez tous."""
        if self.a_qui == "og":
            og = lire_og(options["og"])
            return Chez(self.code, og=og) if og else None
        return Chez(self.code, compte=compte) if compte else None

    def dire_qui(self, ligne: dict[str, Any]) -> str:
        """De qui parle une ligne laissée dehors ; rien à défaut : elle peut nommer quelqu'un."""
        return ""

    def handle(self, *args: Any, **options: Any) -> None:
        """Compare, dit, écrit ; un refus est une phrase."""
        try:
            self._mener(options)
        except FichierRefuse as refus:
            raise CommandError(f"Fichier refusé, rien n'est écrit. {refus.message}") from None
        except Refus as refus:
            raise CommandError(refus.motif) from None

    def _mener(self, options: dict[str, Any]) -> None:
        compte = lire_compte(options["par"])
        correspondance = trouver(options["correspondance"], genre=self.code, chez=self.lire_chez(options, compte))
        par = compte or correspondance.par
        chemin = Path(options["fichier"])
        if not chemin.is_file():
            raise CommandError(f"« {chemin} » n'est pas un fichier : vérifiez le chemin.")
        with chemin.open("rb") as fichier, TemporaryFile() as rapport:
            apercu = Apercu(rapport, tout_ou_rien=import_relie(self.code).tout_ou_rien)
            plan = self.comparer(fichier, correspondance, par, options, apercu)
            self._dire(apercu)
            if apercu.tout_ou_rien and (fautes := apercu.nombres[REJETE]):
                raise CommandError(f"{accorde(fautes, 'faute')} : rien n'est écrit tant qu'il en reste une.")
            if not apercu.a_ecrire:
                self.stdout.write("Rien à écrire.")
            elif not options["ecrire"]:
                self.stdout.write("À blanc : rien n'est écrit ; ajoutez --ecrire pour écrire.")
            else:
                self.ecrire(plan, par, apercu)
            apercu.fermer()

    def _dire(self, apercu: Apercu) -> None:
        resultat = apercu.en_json()
        for phrase, nombre in resultat["avertissements"]:
            self.stdout.write(f"Avertissement ({accorde(nombre, 'ligne')}) : {phrase}")
        for effet in (CREE, MODIFIE, FERME):
            for ligne in apercu.lignes[effet]:
                ecarts = " ; ".join(f"{c} : {av or 'vide'} → {ap or 'vide'}" for c, av, ap in ligne["ecarts"])
                mots = [f"ligne {ligne['ligne']}" if ligne["ligne"] else "", ligne["cle"], ligne["nom"]]
                tete = ", ".join([LIBELLES[effet][:-1], *dict.fromkeys(filter(None, mots))])
                self.stdout.write(f"{tete} : {ecarts}" if ecarts else tete)
            self._dire_le_reste(apercu, effet)
        for phrase in resultat["annonces"]:
            self.stdout.write(phrase)
        for ligne in apercu.lignes[REJETE]:
            ou = f", ligne {ligne['ligne']}" if ligne["ligne"] else ""
            self.stdout.write(f"{self.rejet}{ou}{self.dire_qui(ligne)} : {ligne['raison']}")
        self._dire_le_reste(apercu, REJETE)
        self.stdout.write(resultat["decompte"])

    def _dire_le_reste(self, apercu: Apercu, effet: str) -> None:
        if reste := apercu.nombres[effet] - len(apercu.lignes[effet]):
            self.stdout.write(f"{LIBELLES[effet]} : et {accorde(reste, 'autre')}.")


def lire_og(finess: str | None) -> OrganismeGestionnaire | None:
    """L'organisme de ce numéro, ou None si rien n'est demandé."""
    if not finess:
        return None
    lecture = expliquer(finess)
    og = OrganismeGestionnaire.objects.filter(finess=lecture.numero).first() if lecture.numero else None
    if og is None:
        raise CommandError(f"Aucun organisme ne porte le FINESS « {finess} » : vérifiez --og.")
    return og


def lire_compte(identifiant: str | None) -> Utilisateur | None:
    """Le compte ouvert de cet identifiant, ou None si rien n'est demandé."""
    if not identifiant:
        return None
    compte = Utilisateur.objects.filter(identifiant__iexact=identifiant, is_active=True).first()
    if compte is None:
        raise CommandError(f"Aucun compte ouvert « {identifiant} » : vérifiez l'identifiant.")
    return compte


def lire_grappe(cle: int, par: Utilisateur) -> Grappe:
    """La grappe de cette clé, si ce compte la voit."""
    grappe = Grappe.objects.visibles_par(par).filter(pk=cle).first()
    if grappe is None:
        raise CommandError(f"« {par.identifiant} » ne voit aucune grappe {cle} : vérifiez sa clé, ou --par.")
    return grappe


def lire_jour(texte: str | None) -> date | None:
    """Une date AAAA-MM-JJ, ou None."""
    if not texte:
        return None
    try:
        return date.fromisoformat(texte)
    except ValueError:
        raise CommandError(f"« {texte} » n'est pas une date : écrivez-la AAAA-MM-JJ.") from None
