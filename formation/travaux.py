"""Travaux de fond de la formation : charger ce module inscrit leurs genres, et ceux de ses imports."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from formation.resources import comptes, matrice, professionnels
from formation.services import couverture, effacement
from formation.services.import_comptes import GARDE, GENRE, oublier_les_comptes_fermes
from programme.socle.nombres import accorde
from programme.socle.travaux import Contexte, Genre, inscrire, oublier_les_fichiers

__all__ = ["comptes", "matrice", "professionnels"]

UN_JOUR = timedelta(days=1)
ARRETE_EN_COUVERTURE = "Le compte s'est arrêté en route. Relancez-le sans crainte : refait, il dit la même chose."
ARRETE_EN_EFFACEMENT = "L'effacement s'est arrêté en route. Relancez-le sans crainte : ce qui est effacé le reste."


def _compter_la_couverture(contexte: Contexte) -> dict[str, Any]:
    """Recompte la couverture de tous les ESMS, et clôt le mois passé s'il ne l'est pas."""
    return {"mois": [f"{mois:%m/%Y}" for mois in couverture.rafraichir(temoin=contexte.avancer)]}


def _pseudonymiser(contexte: Contexte) -> dict[str, Any]:
    """Efface le nom de qui est parti depuis assez longtemps ; le résultat ne dit qu'un nombre."""
    return {"pseudonymises": effacement.pseudonymiser(au=timezone.localdate(), temoin=contexte.avancer)}


def _oublier(contexte: Contexte) -> dict[str, Any]:
    """Efface les fichiers de comptes déposés depuis plus d'un jour, et les comptes fermés à personne de connu."""
    fichiers, fermes = oublier_les_fichiers([GENRE], timezone.now() - GARDE), oublier_les_comptes_fermes()
    dits = (
        accorde(fichiers, "fichier effacé,fichiers effacés"),
        accorde(fermes, "compte oublié,comptes oubliés"),
    )
    return {"decompte": ", ".join(dits)}


inscrire(
    Genre(
        "couverture",
        "Couverture de formation : comptes du mois",
        _compter_la_couverture,
        periode=UN_JOUR,
        arrete=ARRETE_EN_COUVERTURE,
    )
)
inscrire(
    Genre(
        "pseudonymisation",
        "Noms des personnes sorties : effacement",
        _pseudonymiser,
        periode=UN_JOUR,
        arrete=ARRETE_EN_EFFACEMENT,
    )
)
inscrire(Genre("comptes-dui-menage", "Ménage des comptes du DUI", _oublier, periode=UN_JOUR))
