"""Ce que partagent les chapitres du tronc : les ESMS dont on parle, et quelques tournures."""

from collections.abc import Sequence
from datetime import date, timedelta

from programme.models import Parcours
from programme.models.parcours import ParcoursQuerySet
from programme.socle.chapitres import Demande, Tableau
from programme.socle.dates import date_courte

TRENTE_JOURS = timedelta(days=30)
MONTREES = 30
"""Lignes d'un tableau qui n'a pas à tout montrer : au-delà, son titre le dit."""


def parcours_de(demande: Demande) -> ParcoursQuerySet:
    """Les ESMS encore dans le projet dont le lecteur lit la préparation."""
    return Parcours.objects.lisibles_par(demande.par).filter(grappe=demande.grappe).dans_le_projet()


def debut_de(demande: Demande) -> date:
    """Depuis quand l'on regarde ce qui a bougé : la séance d'avant ; trente jours sans elle."""
    return demande.depuis or demande.au - TRENTE_JOURS


def depuis_en_mots(depuis: date | None) -> str:
    """« depuis le 3 nov. 2026 », la séance d'avant ; « depuis trente jours » sans elle."""
    return f"depuis le {date_courte(depuis)}" if depuis else "depuis trente jours"


def sur(nombre: int, total: int) -> str:
    """« 4 sur 31 »."""
    return f"{nombre} sur {total}"


def borner(titre: str, colonnes: tuple[str, ...], lignes: Sequence[tuple[str, ...]], vide: str = "") -> Tableau:
    """Un tableau de `MONTREES` lignes au plus ; ce qu'il tait se compte dans son titre."""
    if len(lignes) > MONTREES:
        titre = f"{titre} : les {MONTREES} premières lignes sur {len(lignes)}"
    return Tableau(titre, colonnes, tuple(lignes[:MONTREES]), vide)
