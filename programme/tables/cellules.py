"""Cellules dessinées : le gabarit du composant, rendu une fois par valeur différente."""

from functools import lru_cache
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from programme.enums import EtatParcours
from programme.socle.decomptes import Decompte, en_mots
from programme.socle.tables import Texte

COTE = (EtatParcours.SUSPENDU, EtatParcours.SORTI)


@lru_cache(maxsize=256)
def _etat(libelle: str, crans: int | None, ton: str) -> SafeString:
    contexte = {"libelle": libelle, "crans": crans, "ton": ton}
    return mark_safe(render_to_string("composants/etat.html", contexte).strip())


@lru_cache(maxsize=1024)
def _reste(barre: int, legale: int, avertit: int, reserves: int) -> SafeString:
    contexte = {"barre": barre, "legale": legale, "avertit": avertit, "reserves": reserves}
    return mark_safe(render_to_string("composants/reste.html", contexte).strip())


class EtatDeParcours(Texte):
    """L'état d'un parcours, avec son sarment."""

    def render(self, value: str, record: Any) -> SafeString:
        """Le dessin et le mot."""
        return _etat(EtatParcours(value).label, record.rang, "cote" if value in COTE else "")

    def value(self, value: str) -> str:
        """Le mot."""
        return str(EtatParcours(value).label)


class ResteAReunir(Texte):
    """Décompte de ce qui reste à réunir."""

    def render(self, value: Decompte) -> SafeString:
        """Les nombres et leurs icônes."""
        return _reste(value.barre, value.legal, value.avertit, value.reserves)

    def value(self, value: Decompte) -> str:
        """« 2 barrent, 1 légal, 3 avertissent », ou « tout est réuni »."""
        return en_mots(value)
