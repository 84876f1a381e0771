"""Les titres qu'on montre hors du document : celui qui redit un verbatim sans accord ne se lit pas non plus."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from usages.calculs.propos_cites import Interdits, est_redit
from usages.models import Verbatim

TU = "Titre qui redit des mots sans accord"
CHAMPS = ("titre", "sous_titre")


def taire_les_titres(monographies: Iterable[Any]) -> list[Any]:
    """Les mêmes, à montrer : leurs titres, et ceux de leurs éditions, remplacés s'il le faut. Deux requêtes au plus.

    Ce qu'on rend ne s'enregistre pas.
    """
    lues = list(monographies)
    par_esms: dict[int, list[str]] = defaultdict(list)
    autour = Verbatim.objects.filter(parcours__in={m.visite.parcours_id for m in lues})
    citables = autour.citables().order_by().values("pk")
    for esms, texte in autour.exclude(pk__in=citables).values_list("parcours", "texte"):
        par_esms[esms].append(texte)
    for m in lues:
        if tus := par_esms.get(m.visite.parcours_id):
            _taire(m, Interdits.lire(tus))
    return lues


def _taire(monographie: Any, interdits: Interdits) -> None:
    for champ, a_la_place in zip(CHAMPS, (TU, ""), strict=True):
        if est_redit(getattr(monographie, champ), interdits):
            setattr(monographie, champ, a_la_place)
    for edition in getattr(monographie, "_prefetched_objects_cache", {}).get("editions", ()):
        if est_redit(edition.titre_publie or "", interdits):
            edition.titre_publie = TU
