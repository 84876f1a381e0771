"""Les passages d'un objet, tels que le composant journal les lit."""

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
