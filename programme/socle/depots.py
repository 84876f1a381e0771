"""Dépôt d'un fichier par formulaire : on cesse de l'écrire dès qu'il dépasse ce que le produit accepte."""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

MARGE = 1 << 20
"""Ce que pèsent les autres champs d'un formulaire, au plus."""


class PlafondDeDepot(FileUploadHandler):
    """Arrête la réception d'un envoi plus gros que TREILLE_TAILLE_IMPORT, avant qu'il ne remplisse le disque."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.recus = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Laisse passer le bloc aux suivants, tant que le plafond n'est pas atteint."""
        self.recus += len(raw_data)
        if self.recus > settings.TREILLE_TAILLE_IMPORT + MARGE:
            raise StopUpload(connection_reset=False)
        return raw_data

    def file_complete(self, file_size: int) -> Any:
        """Le fichier appartient aux récepteurs suivants."""
        return None


def envoi_trop_gros(request: HttpRequest) -> bool:
    """Vrai si l'envoi annonce plus que le plafond : son fichier a pu être abandonné en route."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0) > settings.TREILLE_TAILLE_IMPORT + MARGE
    except ValueError:
        return False
