"""Les passages d'un objet, tels que le composant journal les lit."""

from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any

from programme.socle.machine import ModeleAEtats, champ_de
from programme.socle.models import Passage


def passages_en_journal(objet: ModeleAEtats) -> list[dict[str, Any]]:
    """Du plus récent au plus ancien ; `quand` est l'instant où il a été enregistré. Une requête."""
    etats = dict(champ_de(type(objet)).flatchoices)
    return [
        {
            "quand": p.enregistre_le,
            "date": p.date_effet,
            "titre": f"{etats.get(p.de, p.de)} → {etats.get(p.vers, p.vers)}",
            "texte": f"{p.par} ({p.role})" + (f" : {p.motif}" if p.motif else ""),
            "nature": p.nature,
        }
        for p in Passage.objects.de(objet).select_related("par").order_by("-rang")
    ]


def histoire_de(
    objet: ModeleAEtats, corrections: Callable[[Any, Any], Iterable[str]], *relations: str
) -> list[dict[str, Any]]:
    """Passages et corrections, du plus récent au plus ancien, comme le composant journal les lit. Deux requêtes.

    `corrections(avant, apres)` : ce qui a changé d'une version de la fiche à l'autre, l'état mis à part ; `relations` :
    celles qu'elle lit.
    """
    historique: Any = type(objet)
    lues = historique.history.filter(id=objet.pk).select_related("history_user", *relations).order_by("history_id")
    lignes = [
        {
            "quand": apres.history_date,
            "date": apres.history_date,
            "titre": titre,
            "texte": str(apres.history_user or ""),
        }
        for avant, apres in pairwise(list(lues))
        if (titre := " ; ".join(corrections(avant, apres)))
    ]
    return sorted([*passages_en_journal(objet), *lignes], key=lambda ligne: ligne["quand"], reverse=True)
