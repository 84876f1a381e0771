"""La table d'accès des séances : l'ordre du jour, la tenue, le compte rendu. Le financeur n'y lit rien sans partage.

Un membre ne voit que ses instances : qui n'y siège pas, ne conduit ni n'administre n'apprend pas qu'une séance existe.
"""

from typing import Any

from tests.acces.lignes import API, CONDUIT, EST_DE_LA_GRAPPE, Ligne, _passage, qui
from tests.acces.monde import Cote

SUIT = qui("chef_projet membre admin", "admin etranger")


def _instance(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.instance.pk}


def _seance(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.seance.pk}


def _point(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.point.pk}


def _aucune(cote: Cote) -> dict[str, Any]:
    # La séance du monde n'est pas ouverte : rien n'en est sorti. Les droits sont éprouvés dans test_tenue.
    return {"pk": 999_999_999}


LIGNES: dict[str, Ligne] = {
    "gouvernance:seance-liste": Ligne(),
    "gouvernance:seance-creer": Ligne(_instance, EST_DE_LA_GRAPPE, CONDUIT, ecrit=True),
    "gouvernance:seance-detail": Ligne(_seance, SUIT),
    "gouvernance:seance-modifier": Ligne(_seance, SUIT, CONDUIT, ecrit=True),
    "gouvernance:point-creer": Ligne(_seance, SUIT, CONDUIT, ecrit=True),
    "gouvernance:point-modifier": Ligne(_point, SUIT, CONDUIT, ecrit=True),
    "gouvernance:point-retirer": Ligne(_point, SUIT, CONDUIT, lit=False, ecrit=True),
    "gouvernance:point-deplacer": Ligne(_point, SUIT, CONDUIT, lit=False, ecrit=True),
    # L'instance du monde est un COMOP : seul un comité utilisateurs porte un point (voir test_ordre_du_jour).
    "gouvernance:point-porter": Ligne(_instance, qui(), ecrit=True),
    "gouvernance:seance-presences": Ligne(_seance, SUIT, CONDUIT, lit=False, ecrit=True),
    # Elle n'est pas ouverte : la page renvoie à la séance, et dit pourquoi.
    "gouvernance:point-noter": Ligne(_point, SUIT, CONDUIT, ecrit=True, code=302),
    "gouvernance:issue-creer": Ligne(_point, SUIT, CONDUIT, ecrit=True, code=302),
    "gouvernance:issue-retirer": Ligne(_aucune, qui(), lit=False, ecrit=True),
    "gouvernance:seance-pieces": Ligne(_seance, SUIT, peut_ecrire=CONDUIT, ecrit=True),
    "gouvernance:seance-compte-rendu-pdf": Ligne(_seance, SUIT, genre="fichier"),
    "gouvernance:seance-compte-rendu-docx": Ligne(_seance, SUIT, genre="fichier"),
    "programme:passage ouvrir seance": Ligne(_passage("seance", "ouvrir"), SUIT, CONDUIT, ecrit=True),
    "programme:passage clore seance": Ligne(_passage("seance", "clore"), SUIT, CONDUIT, ecrit=True),
    "programme:passage diffuser seance": Ligne(_passage("seance", "diffuser"), SUIT, CONDUIT, ecrit=True),
    "programme:passage annuler seance": Ligne(_passage("seance", "annuler"), SUIT, CONDUIT, ecrit=True),
    "api:seance-liste": Ligne(**API),
    "api:seance-detail": Ligne(_seance, SUIT, **API),
}
