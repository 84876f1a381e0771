"""Ce que partagent tous les tests : les marques posées par dossier, et aucune sortie vers le réseau."""

import gc
import ipaddress
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.test import SimpleTestCase, TransactionTestCase

from programme.socle import declencheurs

DOSSIER = Path(__file__).parent
MARQUES_PAR_DOSSIER = {"navigateur": pytest.mark.navigateur, "banc": pytest.mark.banc}


class SortieInterdite(Exception):
    """Un test a voulu joindre autre chose que cette machine."""


def est_local(hote: Any) -> bool:
    """Dit si une adresse de connexion reste sur la machine ; un nom que l'on devrait résoudre n'est pas local."""
    if hote in (None, "", b"", "localhost", b"localhost"):
        return True
    try:
        adresse = ipaddress.ip_address(hote.decode() if isinstance(hote, bytes) else hote)
    except ValueError:
        return False
    return adresse.is_loopback or adresse.is_unspecified


def _refuser_de_sortir(evenement: str, arguments: tuple[Any, ...]) -> None:
    if evenement == "socket.getaddrinfo":
        hote = arguments[0]
    elif evenement in ("socket.connect", "socket.sendto") and isinstance(arguments[1], tuple):
        hote = arguments[1][0]
    else:
        return
    if not est_local(hote):
        raise SortieInterdite(f"Ce test veut joindre « {hote} » : rien ne sort de la machine.")


def _retirer_les_declencheurs(connexion: Any) -> None:
    sur = "" if connexion.vendor == "sqlite" else f" ON {declencheurs.TABLE}"
    with connexion.cursor() as curseur:
        for nom in declencheurs.NOMS[connexion.vendor]:
            curseur.execute(f"DROP TRIGGER IF EXISTS {nom}{sur}")


def _purger_malgre_le_journal(essai: TransactionTestCase) -> None:
    for alias in essai._databases_names(include_mirrors=False):
        connexion = connections[alias]
        if declencheurs.TABLE in connexion.introspection.table_names():
            _retirer_les_declencheurs(connexion)
    _purger(essai)


_purger = TransactionTestCase._fixture_teardown


def pytest_configure() -> None:
    # Un essai sans transaction (serveur de test, navigateur) se termine par une purge des tables, que le journal
    # refuse comme il refuse tout effacement. On retire ses déclencheurs juste avant ; la purge émet post_migrate,
    # qui les repose. Ici et pas dans le produit, qui n'a aucun moyen de les retirer.
    TransactionTestCase._fixture_teardown = _purger_malgre_le_journal
    # Un crochet d'audit plutôt qu'une rustine sur `socket` : il voit aussi les bibliothèques écrites en C
    # qui passent par Python, et aucun test ne peut le retirer.
    sys.addaudithook(_refuser_de_sortir)


COMPTEURS = frozenset({"exiger_requetes_constantes", "nb_requetes", "CaptureQueriesContext"})
"""Ce dont se sert un essai qui compte des requêtes : leur nombre est le même sur les deux bases."""


def pytest_collection(session: pytest.Session) -> None:
    # Les modules chargés à la collecte vivent jusqu'au bout : le ramasse-miettes n'a plus à les relire sans cesse.
    gc.set_threshold(50_000, 20, 100)


FIXTURES_DE_BASE = frozenset({"db", "transactional_db", "live_server", "django_db_setup"})


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--avec-base",
        action="store_true",
        help="Les essais qui touchent la base, sans ceux qui comptent les requêtes : les autres se répéteraient.",
    )


def touche_la_base(item: pytest.Item) -> bool:
    """Vrai si cet essai lit ou écrit en base, ou se marque lui-même `deux_bases` (il lance un autre processus)."""
    classe = getattr(item, "cls", None)
    return bool(
        item.get_closest_marker("django_db")
        or item.get_closest_marker("deux_bases")
        or FIXTURES_DE_BASE & set(getattr(item, "fixturenames", ()))
        or (classe and issubclass(classe, SimpleTestCase))
    )


def se_dit_sur_une_base(item: pytest.Item) -> bool:
    """Vrai si cet essai compte des requêtes, ou se marque lui-même `une_base` : une base suffit à le dire."""
    if item.get_closest_marker("une_base"):
        return True
    code = getattr(getattr(item, "function", None), "__code__", None)
    return code is not None and bool(COMPTEURS & set(code.co_names))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--avec-base"):
        gardes = [item for item in items if touche_la_base(item) and not se_dit_sur_une_base(item)]
        config.hook.pytest_deselected(items=[item for item in items if item not in set(gardes)])
        items[:] = gardes


@pytest.hookimpl(tryfirst=True)
def pytest_itemcollected(item: pytest.Item) -> None:
    """Le dossier vaut marque : un test navigateur oublié dans la suite rapide n'existe pas."""
    premier = item.path.relative_to(DOSSIER).parts[0] if item.path.is_relative_to(DOSSIER) else ""
    if premier in MARQUES_PAR_DOSSIER:
        item.add_marker(MARQUES_PAR_DOSSIER[premier])


def pytest_collection_finish(session: pytest.Session) -> None:
    # Playwright tient une boucle d'événements dans le fil des tests ; Django y verrait un accès asynchrone
    # à la base et refuserait. Le garde-fou reste entier quand aucun test navigateur n'est choisi.
    if any(item.get_closest_marker("navigateur") for item in session.items):
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
