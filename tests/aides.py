"""Aides communes aux tests de pages."""

import csv
import io
from collections.abc import Callable
from typing import Any, Protocol

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext


def connecte(utilisateur: Any) -> Client:
    """Client connecté sous ce compte, sans passer par le formulaire."""
    client = Client()
    client.force_login(utilisateur)
    return client


class Lecteur(Protocol):
    """Ce qui sait lire une page : le client de Django, ou un autre qui l'obtient autrement."""

    def get(self, path: str, /, *, headers: Any = None) -> Any: ...


class EnEnvoyant:
    """Un client dont chaque lecture est l'envoi des mêmes données."""

    def __init__(self, client: Client, donnees: dict[str, Any]) -> None:
        self.client, self.donnees = client, donnees

    def get(self, path: str, /, *, headers: Any = None) -> Any:
        return self.client.post(path, self.donnees, headers=headers)


FRAGMENT = {"HX-Request": "true", "HX-Target": "resultats"}


def nb_requetes(client: Lecteur, url: str, entetes: dict[str, str] | None = None) -> int:
    """Nombre de requêtes d'une page, caches du processus déjà chauds."""
    assert client.get(url, headers=entetes).status_code == 200
    with CaptureQueriesContext(connection) as captees:
        reponse = client.get(url, headers=entetes)
        if getattr(reponse, "streaming", False):
            b"".join(reponse)
    return len(captees)


def exiger_requetes_constantes(
    client: Lecteur, url: str, peupler: Callable[[int], Any], entetes: dict[str, str] | None = None
) -> None:
    """Échoue si la page demande plus de requêtes à 50 lignes qu'à une. `peupler(n)` ajoute n lignes à la liste."""
    peupler(1)
    a_une = nb_requetes(client, url, entetes)
    peupler(49)
    a_cinquante = nb_requetes(client, url, entetes)
    assert a_cinquante == a_une, f"{url} : {a_une} requêtes à 1 ligne, {a_cinquante} à 50"


def lignes_csv(reponse: Any) -> list[list[str]]:
    """Lignes d'un export CSV, en-tête compris ; vérifie la marque d'ordre des octets."""
    texte = b"".join(reponse).decode()
    assert texte.startswith("\ufeff")
    return list(csv.reader(io.StringIO(texte[1:]), delimiter=";"))
