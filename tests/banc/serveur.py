"""Un vrai gunicorn sur la base du banc, et de quoi le charger : huit clients en fils, sans dépendance."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from time import perf_counter
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection

PROCESSUS = 2


@dataclass(frozen=True, slots=True)
class Serveur:
    """Un serveur en marche : son port, son processus maître, la session avec laquelle on lui parle."""

    port: int
    pid: int
    session: str

    def lire(self, url: str, connexion: HTTPConnection | None = None) -> bytes:
        """Une page ; lève si la réponse n'est pas 200."""
        canal = connexion or HTTPConnection("127.0.0.1", self.port, timeout=120)
        canal.request("GET", url, headers={"Cookie": f"sessionid={self.session}", "Host": "127.0.0.1"})
        reponse = canal.getresponse()
        corps = reponse.read()
        if reponse.status != 200:
            raise AssertionError(f"{url} : {reponse.status}")
        return corps

    def memoire_maximale(self) -> float:
        """Plus forte mémoire résidente d'un des processus depuis son départ, en Mo."""
        enfants = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        textes = [Path(f"/proc/{enfant}/status").read_text() for enfant in enfants]
        return max(int(t.split("VmHWM:")[1].split()[0]) for t in textes) / 1024

    def debit(self, url: str, *, clients: int = 8, secondes: float = 6.0) -> float:
        """Requêtes servies par seconde à `clients` clients qui n'attendent jamais."""
        fin = perf_counter() + secondes

        def charger(_: int) -> int:
            canal, faites = HTTPConnection("127.0.0.1", self.port, timeout=120), 0
            while perf_counter() < fin:
                self.lire(url, canal)
                faites += 1
            return faites

        debut = perf_counter()
        with ThreadPoolExecutor(clients) as fils:
            total = sum(fils.map(charger, range(clients)))
        return total / (perf_counter() - debut)


def adresse_de(nom: str) -> str:
    """L'adresse de la base `nom`, sur le serveur PostgreSQL du banc."""
    reglages = connection.settings_dict
    acces = {"host": reglages["HOST"], "user": reglages["USER"], "password": reglages["PASSWORD"]}
    if reglages["PORT"]:
        acces["port"] = reglages["PORT"]
    return f"postgres:///{nom}?" + urlencode({cle: valeur for cle, valeur in acces.items() if valeur})


def _port_libre() -> int:
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        return int(prise.getsockname()[1])


@contextmanager
def serveur(session: str, base: str = "") -> Iterator[Serveur]:
    """Deux processus gunicorn, réglés comme en production, sur la base donnée (celle des essais par défaut)."""
    port = _port_libre()
    environnement = {
        **os.environ,
        "TREILLE_BASE": adresse_de(base or connection.settings_dict["NAME"]),
        "TREILLE_ECOUTE": f"127.0.0.1:{port}",
        "TREILLE_PROCESSUS": str(PROCESSUS),
        "DJANGO_SETTINGS_MODULE": "tests.banc.reglages",
    }
    commande = [sys.executable, "-m", "gunicorn", "config.wsgi", "-c", "python:config.gunicorn", "--log-level", "error"]
    maitre = subprocess.Popen(commande, env=environnement, cwd=settings.RACINE)
    try:
        rendu = Serveur(port, maitre.pid, session)
        _attendre(rendu, maitre)
        yield rendu
    finally:
        maitre.send_signal(signal.SIGTERM)
        maitre.wait(timeout=30)


def _attendre(rendu: Serveur, maitre: subprocess.Popen[bytes], secondes: float = 60) -> None:
    limite = time.monotonic() + secondes
    while maitre.poll() is None and time.monotonic() < limite:
        with suppress(OSError):
            HTTPConnection("127.0.0.1", rendu.port, timeout=2).connect()
            rendu.lire("/sante/")
            return
        time.sleep(0.2)
    raise RuntimeError("gunicorn n'a pas démarré : lire sa sortie d'erreur ci-dessus.")
