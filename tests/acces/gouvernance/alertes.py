"""La table d'accès de la gouvernance : alertes."""

from typing import Any

from tests.acces.lignes import (
    CONDUIT,
    ECRIT_UNE_ACTION,
    LIT_PREPARATION,
    SAISIT,
    VOIT_PARCOURS,
    Ligne,
    _parcours,
    _passage,
    qui,
)
from tests.acces.monde import Cote

# Qui est de l'ESMS ou de sa grappe, et qui siège au COMOP ; ni le financeur, ni qui n'est que de la région.
LIT_L_ALERTE = qui("chef_projet directeur referent siege appui membre admin", "admin etranger")
LIT_CELLE_DE_LA_GRAPPE = qui("chef_projet directeur referent siege appui membre admin voisin", "admin etranger")


def _alerte(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.alerte.pk}


def _alerte_de_grappe(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.alerte_de_grappe.pk}


def _passage_de_grappe(cote: Cote) -> dict[str, Any]:
    return {"modele": "alerte", "pk": cote.alerte_de_grappe.pk, "transition": "clore"}


LIGNES: dict[str, Ligne] = {
    "gouvernance:alerte-liste": Ligne(naturel="directeur"),
    "gouvernance:alerte-creer": Ligne(peut=ECRIT_UNE_ACTION, ecrit=True, naturel="directeur"),
    "gouvernance:alerte-detail": Ligne(_alerte, LIT_L_ALERTE, naturel="directeur"),
    "gouvernance:alerte-detail grappe": Ligne(_alerte_de_grappe, LIT_CELLE_DE_LA_GRAPPE),
    "gouvernance:parcours-alertes": Ligne(
        _parcours, VOIT_PARCOURS, LIT_PREPARATION, genre="fragment", naturel="directeur"
    ),
    "programme:passage prendre alerte": Ligne(
        _passage("alerte", "prendre_en_charge"), LIT_L_ALERTE, CONDUIT, ecrit=True
    ),
    "programme:passage clore alerte": Ligne(_passage("alerte", "clore"), LIT_L_ALERTE, CONDUIT, ecrit=True),
    "programme:passage clore alerte grappe": Ligne(_passage_de_grappe, LIT_CELLE_DE_LA_GRAPPE, CONDUIT, ecrit=True),
    "programme:passage porter alerte": Ligne(_passage("alerte", "porter"), LIT_L_ALERTE, CONDUIT, ecrit=True),
    "programme:passage rouvrir alerte": Ligne(
        _passage("alerte", "rouvrir"), LIT_L_ALERTE, SAISIT, ecrit=True, naturel="directeur"
    ),
}
