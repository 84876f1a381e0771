"""Ce qui sort d'un point d'ordre du jour : l'écrire, à sa date."""

from typing import Any

from gouvernance.enums import EtatSeance
from gouvernance.models import Issue, Point
from programme.models import Utilisateur
from programme.services.controles import signer, valider


def consigner(point: Point, type_issue: str, texte: str, *, par: Utilisateur, **lien: Any) -> Issue:
    """Écrit une issue de ce point, droit et séance déjà vérifiés ; `lien` : sa `decision` ou son `action`.

    Consignée après la clôture, elle le dit : la date est celle où on l'écrit. Lève `Refus` (champ).
    """
    tardive = point.seance.etat == EtatSeance.CLOSE
    issue = Issue(
        seance=point.seance, point=point, type=type_issue, texte=texte, tardive=tardive, consignee_par=par, **lien
    )
    valider(issue)
    signer(issue, par)
    issue.save()
    return issue
