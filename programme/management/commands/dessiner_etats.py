"""`manage.py dessiner_etats` : les machines à états du code, en dessins et en tableaux sous docs/."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from programme.enums import Portee, Role
from programme.models import Utilisateur
from programme.perimetre import Affecte, Perimetre
from programme.socle.dessin_etats import dessiner, lire_couleurs
from programme.socle.droits import droit_de
from programme.socle.etats import en_markdown, exemplaire, machines
from programme.socle.machine import ModeleAEtats

DOSSIER = settings.RACINE / "docs"
JETONS = settings.RACINE / "static" / "css" / "jetons.css"


def qui_decide(modele: type[ModeleAEtats], transition: str) -> list[str]:
    """Rôles à qui `permissions.py` répond oui, chacun interrogé sur un objet qu'il couvre."""
    objet = exemplaire(modele)
    return [str(role.label) for role in Role if droit_de(_qui_ne_tient_que(role), objet, transition)]


def _qui_ne_tient_que(role: Role) -> Utilisateur:
    """Un compte jamais enregistré, qui tient ce rôle partout : les droits répondent sans lire la base."""
    compte = Utilisateur()
    compte.__dict__["perimetre"] = Perimetre((Affecte(role, Portee.NATIONAL, None),), {})
    return compte


def fichiers() -> dict[str, str]:
    """Contenu attendu de chaque fichier, par chemin relatif à docs/."""
    liste = machines()
    couleurs = lire_couleurs(JETONS.read_text(encoding="utf-8"))
    dessins = {f"etats/{machine.nom}.svg": dessiner(machine, couleurs) for machine in liste}
    return {"etats.md": en_markdown(liste, qui_decide), **dessins}


def perimes() -> list[str]:
    """Fichiers absents, différents du code, ou dessins d'une machine disparue."""
    attendus = fichiers()
    presents = {f"etats/{chemin.name}" for chemin in (DOSSIER / "etats").glob("*.svg")}
    differents = {nom for nom, contenu in attendus.items() if _lire(DOSSIER / nom) != contenu}
    return sorted(differents | (presents - attendus.keys()))


def _lire(chemin: Path) -> str | None:
    return chemin.read_text(encoding="utf-8") if chemin.exists() else None


class Command(BaseCommand):
    """Commande `dessiner_etats [--verifier]`."""

    help = "Dessine les machines à états dans docs/etats.md et docs/etats/*.svg, d'après le code."

    def add_arguments(self, parser: CommandParser) -> None:
        """Écrire, ou seulement comparer."""
        parser.add_argument("--verifier", action="store_true", help="n'écrit rien ; échoue si un fichier est périmé")

    def handle(self, *args: Any, **options: Any) -> None:
        """Écrit ce qui a changé ; avec `--verifier`, le dit et sort en erreur."""
        a_refaire = perimes()
        if options["verifier"]:
            if a_refaire:
                raise CommandError(f"Périmé : docs/{', docs/'.join(a_refaire)}. Lancez « make etats ».")
            self.stdout.write("Les machines à états sont à jour.")
            return
        attendus = fichiers()
        for nom in a_refaire:
            chemin = DOSSIER / nom
            if nom in attendus:
                chemin.parent.mkdir(parents=True, exist_ok=True)
                chemin.write_text(attendus[nom], encoding="utf-8")
            else:
                chemin.unlink()
            self.stdout.write(f"docs/{nom} {'écrit' if nom in attendus else 'retiré'}")
