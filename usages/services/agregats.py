"""Les totaux gardés, lus pour un territoire ; à requêtes constantes, quel que soit le nombre d'ESMS."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from usages.agregat import Agregat
from usages.models import CumulIndicateur
from usages.periodes import Periode

_SOMMES = ("numerateur", "denominateur", "nb_repondants", "nb_attendus", "nb_non_mesurables", "nb_non_concernes")
Cle = tuple[int, date, str]
"""Indicateur, premier jour de la période, part (vide : le total)."""


def lire(
    maille: str,
    territoire: str,
    periodes: Collection[Periode],
    *,
    indicateurs: Collection[int] | None = None,
    secteur: str | None = None,
    taille: str | None = None,
) -> dict[Cle, Agregat]:
    """Les agrégats d'un territoire sur ces périodes (d'une même cadence), sans rien masquer. Une requête."""
    if not periodes:
        return {}
    debuts = sorted(p.debut for p in periodes)
    lus = CumulIndicateur.objects.du_territoire(maille, territoire).filter(
        cadence=next(iter(periodes)).cadence, debut__range=(debuts[0], debuts[-1])
    )
    if indicateurs is not None:
        lus = lus.filter(indicateur__in=list(indicateurs))
    if secteur is not None:
        lus = lus.filter(secteur=secteur)
    if taille is not None:
        lus = lus.filter(taille=taille)
    lignes: Any = lus.order_by().values_list("indicateur", "debut", "cle").annotate(*(Sum(nom) for nom in _SOMMES))
    return {
        (indicateur, debut, cle): Agregat(Decimal(num), Decimal(sur), *comptes)
        for indicateur, debut, cle, num, sur, *comptes in lignes
    }
