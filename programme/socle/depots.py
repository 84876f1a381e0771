"""Dépôt d'un fichier par formulaire : on cesse de l'écrire dès qu'il dépasse ce que cette adresse accepte.

Le plafond ordinaire est petit. Une vue l'élargit avec `@gros_depot(peut)`, et seulement pour qui en a le droit : un
inconnu ne remplit pas le disque, quelle que soit l'adresse qu'il vise.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

from programme.socle.droits import Droit

PLAFOND = 10 * 1024 * 1024
MARGE = 1 << 20
"""Ce que pèsent les autres champs d'un formulaire, au plus."""

BLOC = 1 << 16

Vue = TypeVar("Vue", bound=Callable[..., Any])


def gros_depot(peut: Callable[[Any], Droit]) -> Callable[[Vue], Vue]:
    """Décore une vue qui reçoit jusqu'à TREILLE_TAILLE_IMPORT, de qui en a le droit."""

    def decorer(vue: Vue) -> Vue:
        vue.gros_depot = peut  # type: ignore[attr-defined]
        return vue

    return decorer


def plafond_de(request: HttpRequest | None) -> int:
    """Ce que cette requête a le droit d'envoyer, en octets."""
    adresse = getattr(request, "resolver_match", None)
    peut = getattr(adresse.func, "gros_depot", None) if adresse else None
    utilisateur = getattr(request, "user", None)
    if peut is None or utilisateur is None or not utilisateur.is_authenticated or not peut(utilisateur):
        return PLAFOND
    return settings.TREILLE_TAILLE_IMPORT


class PlafondDeDepot(FileUploadHandler):
    """Arrête la réception d'un envoi plus gros que permis, tous fichiers réunis, avant qu'il ne remplisse le disque."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.recus = 0
        self.plafond = PLAFOND
        self.corps: Any = None

    def handle_raw_input(self, input_data: Any, *args: Any, **kwargs: Any) -> None:
        """Avant le premier octet : ce que permet cette adresse à ce compte."""
        self.plafond, self.corps = plafond_de(self.request), input_data

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Laisse passer le bloc aux suivants, tant que le plafond n'est pas atteint."""
        self.recus += len(raw_data)
        if self.recus > self.plafond + MARGE:
            # Le reste se lit pour que le navigateur reçoive la réponse, et par blocs : Django le lirait ligne à ligne,
            # et une photo n'a pas de fin de ligne.
            while self.corps.read(BLOC):
                pass
            raise StopUpload(connection_reset=True)
        return raw_data

    def file_complete(self, file_size: int) -> Any:
        """Le fichier appartient aux récepteurs suivants."""
        return None


def envoi_trop_gros(request: HttpRequest) -> bool:
    """Vrai si l'envoi annonce plus que le plafond : son fichier a pu être abandonné en route."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0) > plafond_de(request) + MARGE
    except ValueError:
        return False
