"""La table d'accès des demandes aux éditeurs : de la grappe, jamais au financeur."""

from typing import Any

from tests.acces.lignes import VOIT_GRAPPE, Ligne, _grappe, _passage, qui
from tests.acces.monde import Cote

EST_D_UNE_GRAPPE = qui("chef_projet directeur referent siege grades appui membre admin voisin", "admin etranger")
SUIT_LES_EDITEURS = qui("chef_projet", "etranger")


def _demande(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.demandeediteur.pk}


LIGNES: dict[str, Ligne] = {
    "usages:demandeediteur-liste": Ligne(),
    "usages:demandeediteur-detail": Ligne(
        _demande, EST_D_UNE_GRAPPE, peut=EST_D_UNE_GRAPPE, peut_ecrire=SUIT_LES_EDITEURS, ecrit=True
    ),
    "usages:demandeediteur-modifier": Ligne(_demande, EST_D_UNE_GRAPPE, SUIT_LES_EDITEURS, ecrit=True),
    "usages:demandeediteur-creer": Ligne(_grappe, VOIT_GRAPPE, SUIT_LES_EDITEURS, ecrit=True),
    "programme:passage repondre demandeediteur": Ligne(
        _passage("demandeediteur", "repondre"), EST_D_UNE_GRAPPE, SUIT_LES_EDITEURS, ecrit=True
    ),
}
