"""La table d'accès de la gouvernance : dossiers. Qui siège à l'instance, qui conduit la grappe, qui administre."""

from tests.acces.lignes import API, CONDUIT, Ligne, qui
from tests.acces.monde import Cote

SUIT_LA_SEANCE = qui("chef_projet membre admin", "admin etranger")


def _seance(cote: Cote) -> dict[str, int]:
    return {"pk": cote.seance.pk}


def _dossier(cote: Cote) -> dict[str, int]:
    return {"pk": cote.dossier.pk}


LIGNES: dict[str, Ligne] = {
    "gouvernance:seance-dossier": Ligne(_seance, SUIT_LA_SEANCE, peut_ecrire=CONDUIT, ecrit=True),
    "gouvernance:dossier-detail": Ligne(_dossier, SUIT_LA_SEANCE),
    "gouvernance:dossier-pdf": Ligne(_dossier, SUIT_LA_SEANCE, genre="fichier"),
    "gouvernance:dossier-docx": Ligne(_dossier, SUIT_LA_SEANCE, genre="fichier"),
    "api:seance-dossier-pdf": Ligne(_seance, SUIT_LA_SEANCE, **API),
    "api:seance-dossier-docx": Ligne(_seance, SUIT_LA_SEANCE, **API),
}
