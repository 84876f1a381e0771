"""La table d'accès de la gouvernance : préparer l'ordre du jour depuis ce qui demande à y passer."""

from tests.acces.lignes import CONDUIT, Ligne, qui
from tests.acces.monde import Cote


def _seance(cote: Cote) -> dict[str, int]:
    return {"pk": cote.seance.pk}


# La séance se voit de qui siège au COMOP, conduit ou administre ; elle se prépare par qui conduit.
VOIT_LA_SEANCE = qui("chef_projet membre admin", "admin etranger")

LIGNES: dict[str, Ligne] = {
    "gouvernance:seance-propositions": Ligne(_seance, VOIT_LA_SEANCE, CONDUIT, ecrit=True),
}
