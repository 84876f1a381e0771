"""Travaux de fond de la formation : charger ce module inscrit leurs genres."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from formation.resources import comptes, matrice
from formation.services.import_comptes import GARDE, oublier_les_comptes_fermes, oublier_les_fichiers
from programme.socle.nombres import accorde
from programme.socle.travaux import Contexte, Genre, inscrire

__all__ = ["comptes", "matrice"]


def _oublier(contexte: Contexte) -> dict[str, Any]:
    """Efface les fichiers de comptes déposés depuis plus d'un jour, et les comptes fermés à personne de connu."""
    fichiers, fermes = oublier_les_fichiers(timezone.now() - GARDE), oublier_les_comptes_fermes()
    dits = (
        accorde(fichiers, "fichier effacé,fichiers effacés"),
        accorde(fermes, "compte oublié,comptes oubliés"),
    )
    return {"decompte": ", ".join(dits)}


inscrire(Genre("comptes-dui-menage", "Ménage des comptes du DUI", _oublier, periode=timedelta(days=1)))
