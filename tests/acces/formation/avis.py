"""La table d'accès de la formation : avis donnés sans compte, et leur lecture."""

from typing import Any

from tests.acces.lignes import LIT_GRILLE, LIT_PREPARATION, PUBLIQUE, Ligne
from tests.acces.monde import Cote


def _adresse(cote: Cote) -> dict[str, Any]:
    return {"jeton": cote.sessionformation.jeton_a_chaud}


def _session(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.sessionformation.pk}


def _session_de_grappe(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.session_de_grappe.pk}


LIGNES: dict[str, Ligne] = {
    "formation:avis-deposer": Ligne(_adresse, ecrit=True, **PUBLIQUE),
    "formation:session-avis": Ligne(_session, LIT_PREPARATION),
    "formation:session-avis grappe": Ligne(_session_de_grappe, LIT_GRILLE),
}
