"""La table d'accès de la formation : sessions, inscriptions, présences.

Un nom ne se lit que par qui gère l'ESMS ; le chef de projet inscrit, pointe et retire par numéro.
"""

from typing import Any

from tests.acces.lignes import (
    LIT_PREPARATION,
    SAISIT,
    VOIT_GRAPPE,
    VOIT_PARCOURS,
    Ligne,
    _grappe,
    _parcours,
    _passage,
    qui,
)
from tests.acces.monde import Cote

ORGANISE_LA_GRAPPE = qui("chef_projet", "etranger")
GERE = qui("directeur referent siege")
# D'une session de toute la grappe, on lit le compte si l'on en est ; chaque ESMS y inscrit les siens.
EST_D_UNE_GRAPPE = qui("chef_projet directeur referent siege grades appui membre admin voisin", "admin etranger")
INSCRIT_LES_SIENS = qui("chef_projet directeur referent siege voisin", "etranger")


def _session(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.sessionformation.pk}


def _de_grappe(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.session_de_grappe.pk}


def _inscription(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.inscription.pk}


LIGNES: dict[str, Ligne] = {
    "formation:sessionformation-liste": Ligne(),
    "formation:sessionformation-creer": Ligne(_grappe, VOIT_GRAPPE, ORGANISE_LA_GRAPPE, ecrit=True),
    "formation:parcours-session-creer": Ligne(_parcours, VOIT_PARCOURS, SAISIT, ecrit=True, naturel="directeur"),
    "formation:sessionformation-detail": Ligne(_session, LIT_PREPARATION),
    "formation:sessionformation-detail grappe": Ligne(_de_grappe, EST_D_UNE_GRAPPE, naturel="directeur"),
    "formation:sessionformation-modifier": Ligne(_session, LIT_PREPARATION, SAISIT, ecrit=True),
    "formation:sessionformation-modifier grappe": Ligne(_de_grappe, EST_D_UNE_GRAPPE, ORGANISE_LA_GRAPPE, ecrit=True),
    "formation:session-inscrire": Ligne(_session, LIT_PREPARATION, SAISIT, ecrit=True, naturel="directeur"),
    "formation:session-inscrire grappe": Ligne(_de_grappe, EST_D_UNE_GRAPPE, INSCRIT_LES_SIENS, ecrit=True),
    "formation:session-convoquer": Ligne(_session, LIT_PREPARATION, SAISIT, ecrit=True),
    "formation:session-ics": Ligne(_session, LIT_PREPARATION, genre="fichier"),
    "formation:session-emargement-pdf": Ligne(_session, LIT_PREPARATION, SAISIT, genre="fichier"),
    "formation:session-emargement-csv": Ligne(_session, LIT_PREPARATION, SAISIT, genre="fichier"),
    # La session du monde n'est pas tenue : on y revient, et la page dit pourquoi (voir tests/formation/sessions).
    "formation:session-presences": Ligne(_session, LIT_PREPARATION, SAISIT, ecrit=True, code=302),
    "formation:session-presences-import": Ligne(_session, LIT_PREPARATION, SAISIT, ecrit=True, code=302),
    "formation:session-attestations-pdf": Ligne(
        _session, LIT_PREPARATION, GERE, genre="fichier", code=302, naturel="directeur"
    ),
    # Qui ne peut pas la retirer n'apprend pas qu'elle existe ; de même pour l'attestation, qui porte un nom.
    "formation:inscription-retirer": Ligne(_inscription, SAISIT, lit=False, ecrit=True),
    "formation:inscription-attestation-pdf": Ligne(_inscription, GERE, genre="fichier", code=302, naturel="directeur"),
    "programme:passage ouvrir session": Ligne(
        _passage("sessionformation", "ouvrir"), LIT_PREPARATION, SAISIT, ecrit=True
    ),
    "programme:passage tenir session": Ligne(
        _passage("sessionformation", "tenir"), LIT_PREPARATION, SAISIT, ecrit=True
    ),
    "programme:passage annuler session": Ligne(
        _passage("sessionformation", "annuler"), LIT_PREPARATION, SAISIT, ecrit=True
    ),
}
