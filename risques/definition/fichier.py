"""Un questionnaire déposé, quel que soit son format : reconnu à son contenu, jamais à son nom."""

from collections.abc import Mapping
from typing import Any

from risques.definition.classeur import lire_classeur
from risques.definition.fautes import Lu
from risques.definition.json_ import lire_json

_BOM = b"\xef\xbb\xbf"


def lire_fichier(octets: bytes, parametres: Mapping[str, Any] | None = None) -> Lu:
    """Lit un JSON, un XLSX ou un CSV. `parametres` : comme `lire_classeur`. Lève `FichierIndesirable` (NIR)."""
    if octets[:200].removeprefix(_BOM).lstrip()[:1] in (b"{", b"["):
        return lire_json(octets)
    return lire_classeur(octets, parametres)
