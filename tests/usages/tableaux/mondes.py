"""De quoi remplir un tableau de bord : des ESMS, leurs relevés, des totaux gardés à jour."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from programme.models import Grappe, Parcours
from tests.fabriques import DepartementFactory, EsmsFactory, ParcoursFactory
from tests.usages.fabriques import releve_de
from usages.models import CumulIndicateur, Indicateur, Releve, Valeur


def esms(grappe: Grappe, nombre: int, *, og: Any = None, departement: Any = None) -> list[Parcours]:
    """Tant d'ESMS dans la grappe."""
    ou = departement or DepartementFactory()
    plus = {"og": og} if og else {}
    return [ParcoursFactory(grappe=grappe, esms=EsmsFactory(departement=ou, **plus)) for _ in range(nombre)]


def relever(
    parcours: Parcours,
    indicateurs: Sequence[Indicateur],
    sur: tuple[Any, Any] = (30, 40),
    *,
    recul: int = 1,
    etat: str = "transmis",
    motif: str = "",
    secteur: str | None = None,
) -> Releve:
    """Le relevé d'il y a `recul` mois, ces chiffres dedans. Sans la porte, pour le nombre ; voir `compter`."""
    releve = releve_de(parcours, recul)
    num, den = (None, None) if motif else sur
    Valeur.objects.bulk_create(
        Valeur(
            releve=releve,
            indicateur=i,
            numerateur=None if num is None else Decimal(num),
            denominateur=None if den is None else Decimal(den),
            motif=motif,
        )
        for i in indicateurs
    )
    champs = {"etat": etat} | ({} if secteur is None else {"secteur": secteur})
    QuerySet(Releve).filter(pk=releve.pk).update(**champs)
    return releve


def compter() -> None:
    """Refait les totaux gardés, comme après des passages par la porte."""
    CumulIndicateur.objects.refaire()
