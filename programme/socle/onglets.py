"""Les pages qu'une app ajoute à celles d'une grappe : le tronc les montre en onglets sans connaître l'app."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from programme.socle.droits import Droit
from programme.socle.registres import Registre


@dataclass(frozen=True, slots=True)
class Onglet:
    """Une page d'une grappe : son mot, son nom d'url, qui l'ouvre."""

    libelle: str
    route: str
    peut: Callable[[Any, Any], Droit]


onglets_de_grappe: Registre[Onglet] = Registre("onglets de grappe")


def inscrire_page_de_grappe(libelle: str, route: str, peut: Callable[[Any, Any], Droit]) -> Onglet:
    """Inscrit une page ; à appeler depuis le `onglets.py` de l'app, que le socle découvre."""
    return onglets_de_grappe.inscrire(route, Onglet(libelle, route, peut))
