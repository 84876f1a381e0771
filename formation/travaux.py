"""Travaux de fond de la formation : charger ce module inscrit leurs genres."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from formation.resources import comptes, matrice
from formation.services.import_comptes import GARDE, oublier_les_fichiers
from programme.socle.travaux import Contexte, Genre, inscrire

__all__ = ["comptes", "matrice"]


def _oublier_les_fichiers(contexte: Contexte) -> dict[str, Any]:
    """Efface les fichiers de comptes déposés depuis plus d'un jour."""
    return {"effaces": oublier_les_fichiers(timezone.now() - GARDE)}


inscrire(
    Genre("comptes-dui-menage", "Ménage des fichiers de comptes", _oublier_les_fichiers, periode=timedelta(days=1))
)
