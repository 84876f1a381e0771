"""L'empreinte d'un contenu figé : les mêmes mots donnent la même, sur toute base et toute machine. Module pur."""

import hashlib
import json
from typing import Any


def empreinte_de(contenu: Any) -> str:
    """SHA-256 d'un contenu en JSON simple, sous une forme canonique : l'ordre des clés n'y change rien."""
    canonique = json.dumps(contenu, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonique.encode()).hexdigest()
