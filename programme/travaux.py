"""Travaux de fond du programme : charger ce module inscrit leurs genres."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from programme.resources import annuaire, checklist, feuille, inventaire, reprise
from programme.services import envoi_rappels
from programme.services.prevision import relever_durees
from programme.socle import emporter
from programme.socle.travaux import Contexte, Genre, TravailRefuse, inscrire

__all__ = ["annuaire", "checklist", "emporter", "feuille", "inventaire", "reprise"]

ARRETE = "L'envoi s'est arrêté en route. Relancez-le sans crainte : personne ne reçoit deux fois le même rappel."


def _envoyer_les_rappels(contexte: Contexte) -> dict[str, Any]:
    """Un tour de rappels par courriel ; son compte rendu ne dit rien de ce que chacun a reçu."""
    try:
        bilan = envoi_rappels.envoyer(au=timezone.localdate(), avancer=contexte.avancer)
    except envoi_rappels.EnvoiImpossible as panne:
        raise TravailRefuse(str(panne)) from panne
    envoi_rappels.oublier(timezone.now())
    return bilan.resultat()


inscrire(Genre("rappels", "Rappels par courriel", _envoyer_les_rappels, echeance=envoi_rappels.echeance, arrete=ARRETE))


def _relever(contexte: Contexte) -> dict[str, Any]:
    """Refait le relevé des durées observées."""
    releve = relever_durees(au=timezone.localdate(), temoin=contexte.avancer)
    return {"passages": releve.nb_passages, "parcours": releve.nb_parcours}


inscrire(Genre("prevision", "Relevé des durées observées", _relever, periode=timedelta(days=1)))
