"""Filtres des comptes."""

from django.db.models import Q, QuerySet

from programme.models import Utilisateur
from programme.socle.filtres import Choix, FiltreListe

ETATS = (("ouverts", "ouverts"), ("jamais", "jamais connectés"), ("fermes", "fermés"))
_CRITERES = {
    "ouverts": Q(is_active=True, last_login__isnull=False),
    "jamais": Q(is_active=True, last_login__isnull=True),
    "fermes": Q(is_active=False),
}


class _Etat(Choix):
    def filter(self, qs: QuerySet, value: str) -> QuerySet:
        """Rien de choisi : tous."""
        return qs.filter(_CRITERES[value]) if value else qs


class CompteFilter(FiltreListe):
    """Où en est le compte."""

    etat = _Etat(label="État", choices=ETATS)

    class Meta:
        model = Utilisateur
        fields: list[str] = []
