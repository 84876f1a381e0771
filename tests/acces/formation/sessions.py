"""La table d'accès de la formation : sessions, inscriptions, présences."""

from typing import Any

from tests.acces.lignes import LIT_PREPARATION, SAISIT, Ligne, _passage
from tests.acces.monde import Cote


def _session(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.sessionformation.pk}


LIGNES: dict[str, Ligne] = {
    "formation:sessionformation-detail": Ligne(_session, LIT_PREPARATION),
    "programme:passage ouvrir session": Ligne(
        _passage("sessionformation", "ouvrir"), LIT_PREPARATION, SAISIT, ecrit=True
    ),
    "programme:passage tenir session": Ligne(
        _passage("sessionformation", "tenir"), LIT_PREPARATION, SAISIT, ecrit=True
    ),
    "programme:passage annuler session": Ligne(
        _passage("sessionformation", "annuler"), LIT_PREPARATION, SAISIT, ecrit=True
    ),
}
