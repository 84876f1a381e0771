"""La table d'accès de la gouvernance : instances."""

from tests.acces.lignes import API, CONDUIT, EST_DE_LA_GRAPPE, ROLES, VOIT_GRAPPE, Ligne, _grappe, qui
from tests.acces.monde import Cote


def _instance(cote: Cote) -> dict[str, int]:
    return {"pk": cote.instance.pk}


def _mandat(cote: Cote) -> dict[str, int]:
    return {"pk": cote.mandat.pk}


# La composition se lit par les ESMS qu'elle représente ; ni par le financeur, ni par la seule région.
VOIT_COMPOSITION = qui(ROLES - {"etranger", "ars", "grades"}, "admin etranger")

LIGNES: dict[str, Ligne] = {
    "gouvernance:grappe-gouvernance": Ligne(_grappe, VOIT_GRAPPE, EST_DE_LA_GRAPPE, CONDUIT, ecrit=True),
    "gouvernance:grappe-representation": Ligne(_grappe, VOIT_GRAPPE, EST_DE_LA_GRAPPE),
    "gouvernance:instance-creer": Ligne(_grappe, VOIT_GRAPPE, CONDUIT, ecrit=True),
    "gouvernance:instance-siennes": Ligne(naturel="membre"),
    "gouvernance:instance-prochaines": Ligne(genre="fragment", naturel="membre"),
    "gouvernance:instance-detail": Ligne(_instance, VOIT_COMPOSITION, naturel="membre"),
    "gouvernance:instance-modifier": Ligne(_instance, VOIT_COMPOSITION, CONDUIT, ecrit=True),
    "gouvernance:instance-clore": Ligne(_instance, VOIT_COMPOSITION, CONDUIT, ecrit=True),
    "gouvernance:mandat-creer": Ligne(_instance, VOIT_COMPOSITION, CONDUIT, ecrit=True),
    "gouvernance:mandat-modifier": Ligne(_mandat, VOIT_COMPOSITION, CONDUIT, ecrit=True),
    "gouvernance:mandat-clore": Ligne(_mandat, VOIT_COMPOSITION, CONDUIT, ecrit=True),
    "api:instance-liste": Ligne(**API),
}
