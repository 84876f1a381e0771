"""Travaux de fond des usages : charger ce module inscrit leurs genres, et ceux de ses imports. Un bloc par agrégat."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from programme.socle.nombres import accorde
from programme.socle.travaux import Contexte, Genre, inscrire
from usages.resources import connexions, indicateurs, releves, tableau_de_bord, tickets
from usages.services.chiffres import calculs
from usages.services.releves import ouverture
from usages.services.retours import debit, prevenir

__all__ = ["connexions", "indicateurs", "releves", "tableau_de_bord", "tickets"]


UN_JOUR = timedelta(days=1)

# --- relevés ---
ARRETE_EN_OUVERTURE = "L'ouverture s'est arrêtée en route. Relancez-la sans crainte : elle n'ouvre que ce qui manque."


def _ouvrir_les_releves(contexte: Contexte) -> dict[str, Any]:
    """Ouvre les relevés des périodes finies ; le résultat ne dit que des nombres."""
    bilan = ouverture.ouvrir_dues(timezone.localdate(), temoin=contexte.avancer)
    dits = (
        accorde(bilan.releves, "relevé ouvert,relevés ouverts"),
        accorde(bilan.chiffres, "chiffre attendu,chiffres attendus"),
    )
    return {"decompte": ", ".join(dits)}


inscrire(
    Genre(
        "releves-ouverture",
        "Relevés : ouverture de la période finie",
        _ouvrir_les_releves,
        periode=UN_JOUR,
        arrete=ARRETE_EN_OUVERTURE,
    )
)

# --- calculs ---
ARRETE_EN_CALCUL = "Le calcul s'est arrêté en route. Relancez-le sans crainte : refait, il dit la même chose."


def _calculer(contexte: Contexte) -> dict[str, Any]:
    """Recalcule les relevés en saisie ; le résultat dit des nombres, et les calculs que personne ne fait."""
    compte = calculs.calculer_dues(timezone.localdate(), temoin=contexte.avancer)
    dits = [
        accorde(compte.releves, "relevé calculé,relevés calculés"),
        accorde(compte.ecrits, "chiffre changé,chiffres changés"),
    ]
    if compte.ecarts:
        dits.append(accorde(len(compte.ecarts), "mis de côté,mis de côté"))
    dits += [f"rien ne calcule « {code} »" for code in sorted(compte.inconnus)]
    return {"decompte": ", ".join(dits)}


# Après l'ouverture des relevés, dans l'ordre d'inscription : une période qui s'ouvre se remplit le même jour.
inscrire(
    Genre(
        "releves-calcul",
        "Relevés : ce qui se calcule",
        _calculer,
        periode=UN_JOUR,
        arrete=ARRETE_EN_CALCUL,
    )
)

# --- retours : réponses ---
ARRETE_EN_ENVOI = "L'envoi s'est arrêté en route. Relancez-le sans crainte : aucune réponse ne part deux fois."


def _envoyer_les_reponses(contexte: Contexte) -> dict[str, Any]:
    """Reprend les réponses dont le courriel n'a pas pu partir ; le résultat ne dit qu'un nombre."""
    return {"decompte": accorde(prevenir.envoyer(), "réponse envoyée,réponses envoyées")}


inscrire(
    Genre(
        "retours-reponses",
        "Retours : réponses attendues par courriel",
        _envoyer_les_reponses,
        periode=UN_JOUR,
        arrete=ARRETE_EN_ENVOI,
    )
)


# --- retours : clés du jour ---


def _oublier_les_cles(contexte: Contexte) -> dict[str, Any]:
    """Efface ce qui brouillait les adresses de la veille : même un jour sans envoi, rien ne s'en retrouve."""
    return {"decompte": accorde(debit.oublier(timezone.localdate()), "clé effacée,clés effacées")}


inscrire(Genre("retours-cles", "Retours : oubli des clés du jour", _oublier_les_cles, periode=UN_JOUR))
