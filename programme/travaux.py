"""Travaux de fond du programme : charger ce module inscrit leurs genres."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from programme.resources import annuaire, feuille, reprise
from programme.services.prevision import relever_durees
from programme.socle import emporter
from programme.socle.travaux import Contexte, Genre, inscrire

__all__ = ["annuaire", "emporter", "feuille", "reprise"]


def _relever(contexte: Contexte) -> dict[str, Any]:
    """Refait le relevé des durées observées."""
    releve = relever_durees(au=timezone.localdate(), temoin=contexte.avancer)
    return {"passages": releve.nb_passages, "parcours": releve.nb_parcours}


inscrire(Genre("prevision", "Relevé des durées observées", _relever, periode=timedelta(days=1)))
