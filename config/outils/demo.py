"""`make demo` : prépare la base embarquée, puis tient ensemble le serveur web et le travailleur."""

import argparse
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import FrameType

RACINE = Path(__file__).resolve().parents[2]
VAR = RACINE / "var"
HOTE = "127.0.0.1"
COMPTES = "cheffe directrice referent siege ars grades appui membre admin voisin"
PREPARATION = ("migrate", "charger_reference", "charger_demonstration")
DELAI_DE_DEMARRAGE = 60
DELAI_D_ARRET = 15


class ErreurDeDemonstration(Exception):
    """Une phrase à lire par la personne qui a lancé la démonstration."""


def _demander_l_arret(_numero: int, _cadre: FrameType | None) -> None:
    raise KeyboardInterrupt


def _isoler() -> None:
    """Oublie les réglages d'une autre installation : la démonstration n'écrit que dans la base embarquée."""
    for nom in ("TREILLE_BASE", "TREILLE_VAR", "TREILLE_PRODUCTION", "DJANGO_SETTINGS_MODULE"):
        os.environ.pop(nom, None)
    os.environ["TREILLE_DEMONSTRATION"] = "oui"


def lire_port(texte: str) -> int:
    """Rend le port demandé ; lève `ErreurDeDemonstration` s'il n'en est pas un ou s'il est occupé."""
    if not texte.isdecimal() or not 0 < int(texte) < 65536:
        raise ErreurDeDemonstration(f"PORT={texte} n'est pas un port : donnez un nombre entre 1 et 65535.")
    port = int(texte)
    with socket.socket() as prise:
        # Comme le fera le serveur : une démonstration arrêtée à l'instant ne doit pas passer pour un occupant.
        prise.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            prise.bind((HOTE, port))
        except PermissionError:
            raise ErreurDeDemonstration(
                f"Le port {port} est réservé au système : prenez-en un au-dessus de 1023, « make demo PORT=8000 »."
            ) from None
        except OSError:
            raise ErreurDeDemonstration(
                f"Le port {port} est déjà pris, peut-être par une autre démonstration : arrêtez-la,"
                f" ou choisissez un autre port, « make demo PORT={port % 65535 + 1} »."
            ) from None
    return port


def _effacer() -> None:
    print(f"Remise à neuf : tout le contenu de {VAR.name}/ (base, fichiers) est effacé.", flush=True)
    shutil.rmtree(VAR, ignore_errors=True)


def exiger_une_base_d_aujourd_hui() -> None:
    """Lève `ErreurDeDemonstration` si la base porte des migrations que cette version n'a plus."""
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    chargees = MigrationLoader(connection)
    if set(chargees.applied_migrations or ()) - set(chargees.disk_migrations or ()):
        raise ErreurDeDemonstration(
            f"La base de {VAR.name}/ vient d'une version d'avant, qu'on ne reprend pas : « make demo-neuve » "
            "la refait, en effaçant ce que vous y avez saisi."
        )


def _preparer() -> None:
    import django
    from django.core.management import CommandError, call_command
    from django.db import connections

    django.setup()
    exiger_une_base_d_aujourd_hui()
    print("Préparation de la base et des données…", flush=True)
    for commande in PREPARATION:
        try:
            call_command(commande, verbosity=0)
        except CommandError as erreur:
            raise ErreurDeDemonstration(f"La préparation s'arrête à « manage.py {commande} » : {erreur}") from None
    connections.close_all()


def _lancer(port: int) -> dict[str, subprocess.Popen[bytes]]:
    web = ["-m", "gunicorn", "config.wsgi", "--bind", f"{HOTE}:{port}", "--workers", "2", "--threads", "4"]
    commandes = {
        "serveur web": [*web, "--timeout", "120", "--log-level", "warning", "--no-control-socket"],
        "travailleur": ["manage.py", "travailler"],
    }
    # Une session à part : Ctrl-C n'atteint que nous, et l'arrêt se fait dans l'ordre.
    return {
        nom: subprocess.Popen([sys.executable, *arguments], cwd=RACINE, start_new_session=True)
        for nom, arguments in commandes.items()
    }


def _verifier(processus: dict[str, subprocess.Popen[bytes]]) -> None:
    for nom, enfant in processus.items():
        if enfant.poll() is not None:
            raise ErreurDeDemonstration(
                f"Le {nom} s'est arrêté de lui-même (code {enfant.returncode}) : voir les lignes ci-dessus."
            )


def _reponse(port: int) -> str:
    # Pas urllib : il passerait par le mandataire de la machine, même pour se parler à elle-même.
    connexion = HTTPConnection(HOTE, port, timeout=5)
    try:
        connexion.request("GET", "/sante/")
        return f"réponse {connexion.getresponse().status}"
    except (OSError, HTTPException) as erreur:
        return f"aucune réponse ({erreur})"
    finally:
        connexion.close()


def _attendre_la_reponse(port: int, processus: dict[str, subprocess.Popen[bytes]]) -> None:
    limite = time.monotonic() + DELAI_DE_DEMARRAGE
    while (constat := _reponse(port)) != "réponse 200":
        _verifier(processus)
        if time.monotonic() > limite:
            raise ErreurDeDemonstration(
                f"Le serveur web n'est pas prêt après {DELAI_DE_DEMARRAGE} secondes : {constat} à /sante/."
            )
        time.sleep(0.2)


def _arreter(processus: dict[str, subprocess.Popen[bytes]]) -> None:
    for enfant in processus.values():
        enfant.terminate()
    for enfant in processus.values():
        try:
            enfant.wait(DELAI_D_ARRET)
        except subprocess.TimeoutExpired:
            enfant.kill()
            enfant.wait()


def _annoncer(port: int) -> None:
    from programme.mots_de_passe import MOT_DE_PASSE_DEMONSTRATION

    print(
        f"\n  Treille est prête : http://{HOTE}:{port}/\n"
        f"  Comptes           : {COMPTES}\n"
        f"  Mot de passe      : {MOT_DE_PASSE_DEMONSTRATION}\n"
        f"  Ctrl-C arrête tout ; les données restent dans {VAR.name}/ (« make demo-neuve » les efface).\n",
        flush=True,
    )


def _tenir(port: int) -> None:
    processus: dict[str, subprocess.Popen[bytes]] = {}
    try:
        processus = _lancer(port)
        _attendre_la_reponse(port, processus)
        _annoncer(port)
        while True:
            time.sleep(0.5)
            _verifier(processus)
    finally:
        # Un second Ctrl-C pendant l'arrêt ne doit laisser personne derrière.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        _arreter(processus)


def main() -> int:
    """Prépare puis tient la démonstration jusqu'à Ctrl-C ; rend 0 après un arrêt demandé."""
    analyseur = argparse.ArgumentParser(description="Démonstration de Treille sur cette machine.")
    analyseur.add_argument("--neuve", action="store_true", help="efface var/ avant de commencer")
    options = analyseur.parse_args()
    os.chdir(RACINE)
    for numero in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(numero, _demander_l_arret)
    try:
        _isoler()
        port = lire_port(os.environ.get("PORT") or "8000")
        os.environ["TREILLE_ADRESSE"] = f"http://{HOTE}:{port}"
        if options.neuve:
            _effacer()
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.base")
        _preparer()
        _tenir(port)
    except ErreurDeDemonstration as erreur:
        print(erreur, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nArrêté ; les données sont gardées.", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
