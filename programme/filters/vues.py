"""Filtres des vues enregistrées."""

from django.db.models import Min

from programme.socle.emporter import classe_de
from programme.socle.enums import Partage
from programme.socle.filtres import Choix, FiltreListe
from programme.socle.models import Filtre
from programme.socle.reglages import page_de


def listes_connues() -> list[tuple[str, str]]:
    """Listes et pages qui gardent au moins une vue : nom de route, titre."""
    lues = Filtre.objects.order_by("liste").values_list("liste").annotate(objet=Min("objet"))
    gardes = [(route, classe_de(route) or page_de(route, objet)) for route, objet in lues]
    return [(route, garde.titre) for route, garde in gardes if garde]


class VueFilter(FiltreListe):
    """De quelle liste ou page, et pour qui."""

    liste = Choix(label="Liste ou page", choices=listes_connues, empty_label="Toutes")
    partage = Choix(label="Pour qui", choices=Partage.choices)

    class Meta:
        model = Filtre
        fields: list[str] = []
