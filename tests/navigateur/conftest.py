"""Le navigateur des tests : Chromium du système, muet, et qui ne parle qu'au serveur de test."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from playwright.sync_api import BrowserContext, expect
from pytest_django import fixtures
from pytest_django.live_server_helper import LiveServer

from config.outils import navigateur

# Une machine chargée est lente, pas fautive : on attend plus longtemps ce qui doit finir par arriver.
expect.set_options(timeout=15_000)

DRAPEAUX = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    # Chromium a sa propre vie réseau (mises à jour, listes, essais) : la couper.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-sync",
    "--metrics-recording-only",
    "--no-first-run",
    "--no-pings",
    # Et fermer la porte : aucun nom ne se résout hors de la machine.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]


# pytest-django ne prépare la base que si un essai la demande lui-même ; ici, une fixture de fichier peut la demander.
fixtures._get_databases_for_setup = lambda items: ({"default"}, set())


@pytest.fixture(scope="session")
def django_db_modify_db_settings(worker_id: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """La base d'un essai est un fichier, comme en service : la page et l'essai ont chacun leur connexion.

    En mémoire, SQLite n'a qu'une connexion pour tous les fils, et refuse d'écrire pendant qu'une page lit encore.
    """
    base = settings.DATABASES["default"]
    if base["ENGINE"].endswith("sqlite3"):
        base["TEST"] = {**base.get("TEST", {}), "NAME": str(tmp_path_factory.mktemp("base") / f"{worker_id}.sqlite3")}


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    chemin = navigateur.trouver()
    if chemin is None:
        pytest.fail(navigateur.ABSENT, pytrace=False)
    return {**browser_type_launch_args, "executable_path": chemin, "args": DRAPEAUX}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Un poste français, sans animation : ce que voit le test ne dépend pas du moment où il regarde."""
    return {
        **browser_context_args,
        "locale": "fr-FR",
        "timezone_id": "Europe/Paris",
        "reduced_motion": "reduce",
    }


def est_dehors(url: str, serveur: str) -> bool:
    """Dit si une demande quitte le serveur de test (`data:` et `blob:` ne partent nulle part)."""
    adresse = urlsplit(url)
    return adresse.scheme not in {"data", "blob", "about"} and adresse.netloc != urlsplit(serveur).netloc


@pytest.fixture
def sorties() -> list[str]:
    """Les adresses étrangères demandées par les pages du test, dans l'ordre."""
    return []


@pytest.fixture
def adresse(live_server: LiveServer) -> str:
    """L'adresse du serveur de l'essai ; un fichier qui partage le sien la redit."""
    return str(live_server.url)


@pytest.fixture
def new_context(
    new_context: Callable[..., BrowserContext], adresse: str, sorties: list[str]
) -> Callable[..., BrowserContext]:
    """Ouvre un poste de plus (une autre personne) ; comme le premier, il est écouté."""

    def noter(url: str) -> None:
        if est_dehors(url, adresse):
            sorties.append(url)

    def ouvrir(**options: Any) -> BrowserContext:
        poste = new_context(**options)
        poste.on("request", lambda demande: noter(demande.url))
        return poste

    return ouvrir


@pytest.fixture(autouse=True)
def reseau_ferme(new_context: Callable[..., BrowserContext], sorties: list[str]) -> Iterator[None]:
    """Échoue si une page a demandé autre chose que l'adresse du serveur de test."""
    yield
    assert not sorties, f"Une page a voulu sortir de la machine : {', '.join(sorties)}"
