"""La table d'accès des preuves d'usage : qui lit le financement ; le financeur, une fois signée."""

from typing import Any

from tests.acces.lignes import CONDUIT, LIT_FINANCEMENT, Ligne, _jalon, _passage, qui
from tests.acces.monde import Cote

PREPARE = qui("chef_projet membre admin", "admin etranger")


def _preuve(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.preuveusage.pk}


LIGNES: dict[str, Ligne] = {
    "usages:jalon-preuves": Ligne(_jalon, LIT_FINANCEMENT, naturel="ars"),
    "usages:preuve-creer": Ligne(_jalon, LIT_FINANCEMENT, CONDUIT, ecrit=True),
    "usages:preuveusage-detail": Ligne(_preuve, PREPARE, peut_ecrire=CONDUIT, ecrit=True),
    "usages:preuve-modifier": Ligne(_preuve, PREPARE, CONDUIT, ecrit=True),
    "usages:preuve-pdf": Ligne(_preuve, PREPARE, genre="fichier"),
    "usages:preuve-csv": Ligne(_preuve, PREPARE, genre="fichier"),
    "programme:passage signer preuveusage": Ligne(_passage("preuveusage", "signer"), PREPARE, CONDUIT, ecrit=True),
}
