"""L'histoire d'une section : qui a écrit, quand, et ce qu'une version a changé à celle d'avant."""

from dataclasses import dataclass
from datetime import datetime

from usages.calculs.differences import Changement, comparer
from usages.calculs.prose import lire, textes_nus
from usages.models import SectionMonographie

MONTREES = 100
"""Versions montrées, les plus récentes."""


@dataclass(frozen=True, slots=True)
class Version:
    """Une écriture de la section."""

    numero: int
    le: datetime
    qui: str
    raison: str
    est_actuelle: bool
    est_montree: bool


@dataclass(frozen=True, slots=True)
class Histoire:
    """Les versions, de la plus récente à la plus ancienne, et ce que celle qu'on montre a changé."""

    versions: list[Version]
    montree: Version | None
    changements: list[Changement]
    jeton: int


def histoire_de(section: SectionMonographie, montree: int | None = None) -> Histoire:
    """`montree` : la version dont on lit les changements ; la dernière, à défaut. Trois requêtes."""
    lignes = SectionMonographie.history.filter(id=section.pk).select_related("history_user").defer("texte")
    lues = list(lignes.order_by("-history_id")[:MONTREES])
    numeros = [ligne.history_id for ligne in lues]
    choisie = montree if montree in numeros else next(iter(numeros), None)
    versions = [
        Version(
            ligne.history_id,
            ligne.history_date,
            str(ligne.history_user or "une commande"),
            ligne.history_change_reason or "",
            rang == 0,
            ligne.history_id == choisie,
        )
        for rang, ligne in enumerate(lues)
    ]
    vue = next((v for v in versions if v.est_montree), None)
    return Histoire(versions, vue, _changements(section, vue), numeros[0] if numeros else 0)


def _changements(section: SectionMonographie, version: Version | None) -> list[Changement]:
    if version is None:
        return []
    jusque = SectionMonographie.history.filter(id=section.pk, history_id__lte=version.numero)
    textes = list(jusque.order_by("-history_id").values_list("texte", flat=True)[:2])
    avant = textes[1] if len(textes) > 1 else ""
    return comparer(textes_nus(lire(avant)), textes_nus(lire(textes[0])))
