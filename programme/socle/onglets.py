"""Les pages qu'une app ajoute à celles du tronc (grappe, ESMS, organisme, région), qui ne connaît pas l'app."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from programme.socle.droits import Droit
from programme.socle.registres import Registre


@dataclass(frozen=True, slots=True)
class Onglet:
    """Une page de plus : son mot, son nom d'url, qui l'ouvre ; `signal` : ce qui y presse.

    `voisines` : les pages du même sujet, qu'une seconde barre ouvre depuis chacune d'elles.
    """

    libelle: str
    route: str
    peut: Callable[[Any, Any], Droit]
    signal: Callable[[Any, Any], str] | None = None
    voisines: tuple["Onglet", ...] = ()

    @property
    def famille(self) -> tuple["Onglet", ...]:
        """Elle et ses voisines ; seule, elle n'en a pas."""
        return (self, *self.voisines) if self.voisines else ()


onglets_de_grappe: Registre[Onglet] = Registre("onglets de grappe")
pages_d_esms: Registre[Onglet] = Registre("pages d'ESMS")
pages_d_og: Registre[Onglet] = Registre("pages d'organisme")
pages_de_region: Registre[Onglet] = Registre("pages de région")


@dataclass(frozen=True, slots=True)
class Lien:
    """Une page sans objet, dans le menu du compte."""

    libelle: str
    url: str
    icone: str


liens_du_compte: Registre[Callable[[Any], list[Lien]]] = Registre("liens du menu du compte")


def inscrire_au_menu_du_compte(code: str, liens: Callable[[Any], list[Lien]]) -> None:
    """Inscrit des pages au menu du compte : celles que cet utilisateur ouvre. Toute page le lit, donc sans requête."""
    liens_du_compte.inscrire(code, liens)


debuts_de_grappe: set[str] = set()
"""Débuts de noms de route que la navigation range chez les grappes."""


def ranger_chez_les_grappes(*debuts: str) -> None:
    """Range les pages d'une app chez les grappes : là, l'entrée « Grappes » de la navigation est courante."""
    debuts_de_grappe.update(debuts)


debuts_d_esms: set[str] = set()
"""De même chez les ESMS."""


def ranger_chez_les_esms(*debuts: str) -> None:
    """Range les pages d'une app chez les ESMS : là, l'entrée « ESMS » de la navigation est courante."""
    debuts_d_esms.update(debuts)


def inscrire_page_de_grappe(
    libelle: str, route: str, peut: Callable[[Any, Any], Droit], *, voisines: tuple[Onglet, ...] = ()
) -> Onglet:
    """Inscrit une page ; à appeler depuis le `onglets.py` de l'app, que le socle découvre."""
    return onglets_de_grappe.inscrire(route, Onglet(libelle, route, peut, voisines=voisines))


def inscrire_page_d_esms(
    libelle: str,
    route: str,
    peut: Callable[[Any, Any], Droit],
    signal: Callable[[Any, Any], str],
    *,
    voisines: tuple[Onglet, ...] = (),
) -> Onglet:
    """Inscrit une page que celle de l'ESMS ouvre ; `signal(utilisateur, parcours)` : vide si rien n'y presse."""
    return pages_d_esms.inscrire(route, Onglet(libelle, route, peut, signal, voisines))


def inscrire_page_d_og(libelle: str, route: str, peut: Callable[[Any, Any], Droit]) -> Onglet:
    """Inscrit une page que celle de l'organisme ouvre."""
    return pages_d_og.inscrire(route, Onglet(libelle, route, peut))


def inscrire_page_de_region(libelle: str, route: str, peut: Callable[[Any, Any], Droit]) -> Onglet:
    """Inscrit une page que celle de la région ouvre."""
    return pages_de_region.inscrire(route, Onglet(libelle, route, peut))
