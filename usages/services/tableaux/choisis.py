"""Les indicateurs qu'une vue nomme : leurs noms, et ceux qu'on ne suit plus."""

from collections.abc import Collection
from datetime import date

from django.db.models import Exists, OuterRef

from usages.models import Indicateur, Suivi


def libelles(codes: Collection[str]) -> dict[str, str]:
    """Par code, le nom ; le code lui-même s'il a quitté le catalogue. Une requête, aucune sans code."""
    if not codes:
        return {}
    connus = dict(Indicateur.objects.filter(code__in=codes).values_list("code", "libelle"))
    return {code: connus.get(code, code) for code in codes}


def plus_suivis(choisis: Collection[str], relus: Collection[str], au: date, grappe: int | None = None) -> list[str]:
    """Parmi les choisis, les noms de ceux que personne ici ne suit plus. Deux requêtes, aucune si tous se relisent.

    `relus` : ceux qui ont un chiffre sur la période. `grappe` : celle de la page ; None : n'importe laquelle.
    """
    manquants = sorted(set(choisis) - set(relus))
    if not manquants:
        return []
    suivis = Suivi.objects.a_la_date(au).filter(indicateur=OuterRef("pk"))
    if grappe is not None:
        suivis = suivis.filter(grappe=grappe)
    encore = set(Indicateur.objects.filter(Exists(suivis), code__in=manquants).values_list("code", flat=True))
    return list(libelles([code for code in manquants if code not in encore]).values())
