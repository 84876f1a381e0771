"""Ce qui suit le passage d'une séance, dans sa transaction : les points se reportent, le compte rendu se fige.

Le modèle l'annonce (`seance_passee`) et l'ignore : il n'importe aucun service.
"""

from typing import Any

from gouvernance.models import Seance
from gouvernance.models.seances import seance_passee
from gouvernance.services import comptes_rendus, reports
from gouvernance.services.seances import dire_l_annulation
from programme.socle.models import Passage


def brancher() -> None:
    """Écoute les passages des séances ; à appeler une fois, au démarrage."""
    seance_passee.connect(_suivre, dispatch_uid="gouvernance.suites_de_seance")


def _suivre(seance: Seance, passage: Passage, **_: Any) -> None:
    if passage.transition in ("clore", "annuler"):
        reports.reporter(seance, par=passage.par)
        if passage.transition == "annuler":
            dire_l_annulation(seance, passage=passage)
    elif passage.transition == "diffuser":
        comptes_rendus.figer(seance, passage=passage)
