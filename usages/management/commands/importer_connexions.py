"""`manage.py importer_connexions FICHIER --correspondance CODE` : dit ce qui changerait ; écrit avec `--ecrire`."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from formation.services.import_professionnels import Portee, lire_portee
from formation.services.import_professionnels.correspondances import trouver
from programme.models import OrganismeGestionnaire, Utilisateur
from programme.socle.erreurs import Refus
from programme.socle.finess.numero import expliquer
from programme.socle.finess.refus import FichierRefuse
from programme.socle.imports import CREE, LIBELLES, MODIFIE, REJETE, Apercu
from programme.socle.models import Correspondance
from programme.socle.nombres import accorde
from programme.socle.travaux import empreinte_de
from usages.resources.connexions import remplir
from usages.services.connexions import Demande, Plan, comparer, ecrire
from usages.services.connexions.correspondances import CODE_INCONNU, GENRE


class Command(BaseCommand):
    """Dépouille le fichier de connexion d'un éditeur, dit ce qui changerait sans désigner un compte."""

    help = (
        "Importe un journal de connexion ou une liste d'utilisateurs, avec une correspondance enregistrée depuis la "
        "page « Connexions » d'un ESMS. À blanc par défaut : rien n'est écrit sans --ecrire."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Le fichier, comment le lire, au nom de qui, ce qu'il couvre."""
        parser.add_argument("fichier", help="chemin du fichier (.csv)")
        parser.add_argument("--correspondance", required=True, metavar="CODE", help="code de la correspondance")
        parser.add_argument("--og", metavar="FINESS", help="FINESS juridique, si plusieurs organismes ont ce code")
        parser.add_argument("--esms", metavar="FINESS", help="l'ESMS du fichier, s'il n'a pas de colonne d'ESMS")
        parser.add_argument("--par", metavar="IDENTIFIANT", help="compte qui importe ; à défaut, celui qui l'a reliée")
        parser.add_argument("--du", metavar="AAAA-MM-JJ", help="premier jour que le fichier couvre")
        parser.add_argument(
            "--au", metavar="AAAA-MM-JJ", help="dernier jour couvert ; d'une liste, le jour d'extraction"
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
        correspondance = trouver(options["correspondance"], og=_og(options["og"]), genre=GENRE, inconnue=CODE_INCONNU)
        par = _compte(options["par"]) or correspondance.par
        demande = _demande(correspondance, par, options)
        chemin = Path(options["fichier"])
        if not chemin.is_file():
            raise CommandError(f"« {chemin} » n'est pas un fichier : vérifiez le chemin.")
        with chemin.open("rb") as fichier, TemporaryFile() as rapport:
            apercu = Apercu(rapport)
            plan = comparer(demande, fichier)
            remplir(plan, apercu)
            self._dire(apercu)
            a_ecrire = apercu.a_ecrire
            apercu.fermer()
            empreinte = empreinte_de(fichier)
        if not a_ecrire:
            self.stdout.write("Rien à écrire.")
        elif not options["ecrire"]:
            self.stdout.write("À blanc : rien n'est écrit ; ajoutez --ecrire pour écrire.")
        else:
            self._ecrire(plan, par, empreinte)

    def _dire(self, apercu: Apercu) -> None:
        resultat = apercu.en_json()
        for phrase in resultat["annonces"]:
            self.stdout.write(phrase)
        for phrase, _ in resultat["avertissements"]:
            self.stdout.write(f"Avertissement : {phrase}")
        for effet in (CREE, MODIFIE):
            for ligne in apercu.lignes[effet]:
                ecarts = " ; ".join(f"{c} : {av or 'vide'} → {ap or 'vide'}" for c, av, ap in ligne["ecarts"])
                self.stdout.write(f"{LIBELLES[effet][:-1]}, {ligne['cle']}, {ligne['nom']} : {ecarts}")
            self._dire_le_reste(apercu, effet)
        for ligne in apercu.lignes[REJETE]:
            self.stdout.write(f"Mise de côté, ligne {ligne['ligne']} : {ligne['raison']}")
        self._dire_le_reste(apercu, REJETE)
        self.stdout.write(resultat["decompte"])

    def _dire_le_reste(self, apercu: Apercu, effet: str) -> None:
        if reste := apercu.nombres[effet] - len(apercu.lignes[effet]):
            self.stdout.write(f"{LIBELLES[effet]} : et {accorde(reste, 'autre')}.")

    def _ecrire(self, plan: Plan, par: Utilisateur, empreinte: str) -> None:
        nombre = ecrire(plan=plan, par=par, empreinte=empreinte)
        ecrits = accorde(nombre, "mois d'ESMS,mois d'ESMS")
        self.stdout.write(f"Écrit : {ecrits}. Le fichier est resté où il est : effacez-le, il désigne des comptes.")


def _demande(correspondance: Correspondance, par: Utilisateur, options: dict[str, Any]) -> Demande:
    assert correspondance.og is not None  # `trouver` n'en rend pas d'autre
    portee = lire_portee(correspondance.og, par=par)
    if not portee.parcours or not par.is_active:
        raise CommandError(
            f"« {par.identifiant} » ne gère aucun ESMS de « {correspondance.og} » : dites qui importe avec --par."
        )
    depuis = _esms(options["esms"], portee)
    return Demande(portee, correspondance, depuis, _jour(options["du"]), _jour(options["au"]))


def _esms(finess: str | None, portee: Portee) -> int | None:
    if not finess:
        return None
    parcours = portee.parcours.get(expliquer(finess).numero or "")
    if parcours is None:
        raise CommandError(f"« {finess} » n'est pas un ESMS que ce compte gère ici : vérifiez --esms.")
    return parcours.pk


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


def _jour(texte: str | None) -> date | None:
    if not texte:
        return None
    try:
        return date.fromisoformat(texte)
    except ValueError:
        raise CommandError(f"« {texte} » n'est pas une date : écrivez-la AAAA-MM-JJ.") from None
