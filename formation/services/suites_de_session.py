"""Ce qui suit le passage d'une session, dans sa transaction : les acquis s'écrivent ou s'ôtent, on prévient.

Le modèle l'annonce (`session_passee`) et l'ignore : il n'importe aucun service.
"""

from typing import Any

from formation.models import SessionFormation
from formation.models.sessions import session_passee
from formation.services import convocations, presences
from programme.socle.models import Passage


def brancher() -> None:
    """Écoute les passages des sessions ; à appeler une fois, au démarrage."""
    session_passee.connect(_suivre, dispatch_uid="formation.suites_de_session")


def _suivre(session: SessionFormation, passage: Passage, **_: Any) -> None:
    if passage.transition in ("tenir", "revenir"):
        # Revenue aux inscriptions, elle n'a formé personne ; les pointages restent, et comptent si on la redit tenue.
        presences.accorder_les_acquis(session)
    elif passage.transition == "annuler":
        convocations.dire_l_annulation(session, passage=passage)
    elif passage.transition == "replanifier":
        # On leur a dit qu'elle n'aurait pas lieu : tout le monde est à convoquer de nouveau.
        session.inscriptions.update(convoquee_le=None)
