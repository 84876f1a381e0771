"""Filtres des vues enregistrées."""

from programme.socle.emporter import classe_de
from programme.socle.enums import Partage
from programme.socle.filtres import Choix, FiltreListe
from programme.socle.models import Filtre


def listes_connues() -> list[tuple[str, str]]:
    """Listes qui gardent au moins une vue : nom de route, titre."""
    routes = Filtre.objects.order_by("liste").values_list("liste", flat=True).distinct()
    return [(route, classe.titre) for route in routes if (classe := classe_de(route))]


class VueFilter(FiltreListe):
    """De quelle liste, et pour qui."""

    liste = Choix(label="Liste", choices=listes_connues, empty_label="Toutes")
    partage = Choix(label="Pour qui", choices=Partage.choices)

    class Meta:
        model = Filtre
        fields: list[str] = []
