"""Le filtre d'état des listes où ce qui est clos se tait : les ouvertes, sauf demande contraire."""

from typing import Any

from django.db.models import QuerySet

from programme.socle.filtres import Choix

TOUTES = "toutes"


class OuvertesDAbord(Choix):
    """Un état, ou tous ; les ouvertes si l'on ne choisit pas.

    `ouvertes` : la méthode du QuerySet qui dit lesquelles.
    """

    ouvertes = "ouvertes"

    def filter(self, qs: Any, value: str) -> QuerySet:
        """Rien de choisi : ce qui n'est pas clos."""
        if value == TOUTES:
            return qs
        return qs.filter(etat=value) if value else getattr(qs, self.ouvertes)()
