"""Le code que garde l'auteur d'un retour : douze signes faciles à recopier, dont Treille ne tient que l'empreinte.

`static/js/retour_file.js` tire et brouille les siens de la même façon : un essai compare les deux.
"""

import hashlib
import hmac
import re
from uuid import UUID

SIGNES = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Ni I, ni L, ni O, ni U : ils se lisent de travers sur un papier."""
LONGUEUR = 12
_CONFONDUS = str.maketrans("ILO", "110")


def tirer_pour(cle: UUID, secret: str) -> str:
    """Le code de cet envoi : le même si l'envoi se répète, que rien ne devine sans le secret du serveur."""
    sceau = hmac.new(secret.encode(), b"code de suivi " + cle.bytes, hashlib.sha256).digest()
    return "".join(SIGNES[octet % len(SIGNES)] for octet in sceau[:LONGUEUR])


def compacter(ecrit: str) -> str:
    """Le code tel qu'il fut tiré, quelle que soit la façon de le recopier ; vide s'il n'en a pas la forme."""
    code = re.sub(r"[\s.·_–—-]+", "", ecrit).upper().translate(_CONFONDUS)
    return code if len(code) == LONGUEUR and set(code) <= set(SIGNES) else ""


def en_blocs(code: str) -> str:
    """« ABCD-EFGH-JKMN » : trois fois quatre signes, plus faciles à recopier."""
    return "-".join(code[rang : rang + 4] for rang in range(0, LONGUEUR, 4))


def empreinte(code: str) -> str:
    """Ce que la base garde : on n'en remonte pas au code."""
    return hashlib.sha256(code.encode()).hexdigest()
