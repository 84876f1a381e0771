"""La table d'accès de la gouvernance : décisions. Instruite, une décision se lit par l'instance et la conduite."""

from tests.acces.lignes import (
    API,
    CONDUIT,
    LIT_PREPARATION,
    VOIT_GRAPPE,
    VOIT_PARCOURS,
    Ligne,
    _grappe,
    _parcours,
    _passage,
    qui,
)
from tests.acces.monde import Cote


def _decision(cote: Cote) -> dict[str, int]:
    return {"pk": cote.decision.pk}


# Celle du monde n'est pas arbitrée : les ESMS de la grappe ne la lisent pas encore.
SUIT_L_INSTANCE = qui("chef_projet membre admin", "admin etranger")

LIGNES: dict[str, Ligne] = {
    "gouvernance:decision-liste": Ligne(),
    "gouvernance:decision-creer": Ligne(_grappe, VOIT_GRAPPE, CONDUIT, ecrit=True),
    "gouvernance:decision-detail": Ligne(_decision, SUIT_L_INSTANCE, naturel="membre"),
    "gouvernance:decision-modifier": Ligne(_decision, SUIT_L_INSTANCE, CONDUIT, ecrit=True),
    "gouvernance:decision-action": Ligne(_decision, SUIT_L_INSTANCE, CONDUIT, ecrit=True),
    "gouvernance:parcours-decisions": Ligne(_parcours, VOIT_PARCOURS, LIT_PREPARATION, naturel="directeur"),
    "programme:passage arbitrer decision": Ligne(
        _passage("decision", "arbitrer"), SUIT_L_INSTANCE, CONDUIT, ecrit=True
    ),
    "programme:passage appliquer decision": Ligne(
        _passage("decision", "appliquer"), SUIT_L_INSTANCE, CONDUIT, ecrit=True
    ),
    "programme:passage reviser decision": Ligne(_passage("decision", "reviser"), SUIT_L_INSTANCE, CONDUIT, ecrit=True),
    "programme:passage abandonner decision": Ligne(
        _passage("decision", "abandonner"), SUIT_L_INSTANCE, CONDUIT, ecrit=True
    ),
    "api:decision-liste": Ligne(**API),
}
