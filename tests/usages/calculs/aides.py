"""De quoi éprouver un calcul : une histoire écrite au journal, les mesures ramenées à des nombres."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db import models
from django.utils import timezone
from hypothesis import strategies as st

from programme.models import Parcours
from programme.socle.indicateurs import calculs
from programme.socle.machine import porte_du_lot
from programme.socle.models import Passage

FIN = date(2026, 9, 30)
DEBUT = date(2026, 9, 1)
JOURS = st.dates(FIN - timedelta(days=70), FIN + timedelta(days=40))
"""Autour de la période : avant, pendant, après."""
Histoire = Sequence[tuple[date, str]]


def mesurer(code: str, parcours: Sequence[Parcours], debut: date = DEBUT, fin: date = FIN) -> dict[int, Any]:
    """Ce que dit ce calcul : par parcours, {part: (numérateur, dénominateur)}, ou « non concerné »."""
    ensemble = Parcours.objects.filter(pk__in=[p.pk for p in parcours])
    lues = calculs[code].calculer(ensemble, debut, fin)
    assert lues.keys() <= {p.pk for p in parcours}
    return {cle: _dire(mesures) for cle, mesures in lues.items()}


def _dire(mesures: Sequence[Any]) -> Any:
    if any(m.non_concerne for m in mesures):
        assert len(mesures) == 1 and mesures[0].cle == ""
        return "non concerné"
    assert len({m.cle for m in mesures}) == len(mesures) and "" in {m.cle for m in mesures}
    return {m.cle: (m.numerateur, m.denominateur) for m in mesures}


def rapport(numerateur: int, denominateur: int) -> Any:
    """Ce qu'on attend d'un rapport."""
    return {"": (numerateur, denominateur)} if denominateur else "non concerné"


def compte(nombre: int) -> Any:
    """Ce qu'on attend d'un compte."""
    return {"": (nombre, None)}


def histoires(etats: Sequence[str]) -> st.SearchStrategy[list[tuple[date, str]]]:
    """Des suites de passages, aux dates qui montent."""
    etapes = st.lists(st.tuples(JOURS, st.sampled_from(list(etats))), max_size=3)
    return etapes.map(lambda lot: sorted(lot, key=lambda etape: etape[0]))


def vivre(objet: Any, histoire: Histoire, par: Any) -> None:
    """Écrit cette histoire et l'état où elle mène, comme l'aurait fait la porte, sans ce que demande un passage."""
    de, lignes = objet.etat, []
    for rang, (jour, vers) in enumerate(histoire, 1):
        lignes.append(
            Passage(
                objet=objet,
                rang=rang,
                de=de,
                vers=vers,
                transition="essai",
                nature="decide",
                enregistre_le=timezone.now(),
                date_effet=jour,
                par=par,
                role="essai",
                empreinte="essai",
            )
        )
        de = vers
    with porte_du_lot():
        Passage.objects.bulk_create(lignes)
    forcer(objet, etat=de)


def forcer(objet: Any, **champs: Any) -> None:
    """Écrit ces champs sans la porte : un décor, pas un passage."""
    models.QuerySet(type(objet)).filter(pk=objet.pk).update(**champs)


def etat_au(depart: str, histoire: Histoire, jour: date) -> str:
    """Où en est une histoire à la fin de ce jour, à la force du bras."""
    etat = depart
    for le, vers in histoire:
        if le <= jour:
            etat = vers
    return etat
