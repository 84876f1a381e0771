"""Filtres du catalogue : famille, origine, forme, cadence ; ceux qui sont en vigueur si l'on ne demande rien."""

from typing import Any

from django.utils import timezone

from programme.socle.filtres import Cases, Choix, FiltreListe
from usages.enums import CadenceReleve, Famille, Forme, Origine
from usages.models import Indicateur

RETIRES, TOUS = "retires", "tous"


class EnVigueur(Choix):
    """Ceux qu'on peut encore suivre, si l'on ne choisit pas."""

    def filter(self, qs: Any, value: str) -> Any:
        """En vigueur, retirés, ou tous."""
        au = timezone.localdate()
        if value == TOUS:
            return qs
        return qs.filter(retire_le__lte=au) if value == RETIRES else qs.en_vigueur(au)


class IndicateurFilter(FiltreListe):
    """Famille, origine, forme, cadence, en vigueur."""

    famille = Cases(label="Famille", choices=Famille.choices)
    # Le paramètre « origine » est déjà pris par toutes les listes : revenir aux colonnes d'origine.
    provenance = Cases(label="Origine", field_name="origine", choices=Origine.choices)
    forme = Cases(label="Forme", choices=Forme.choices)
    cadence = Choix(label="Cadence", choices=CadenceReleve.choices, empty_label="Toutes")
    vigueur = EnVigueur(label="Catalogue", choices=[(RETIRES, "retirés"), (TOUS, "tous")], empty_label="en vigueur")

    class Meta:
        model = Indicateur
        fields: list[str] = []
