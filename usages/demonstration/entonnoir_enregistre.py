"""L'entonnoir publié par la CNSA, enregistré dans une étude."""

from programme.models import Utilisateur
from usages.demonstration.entonnoir_publie import etapes, grappes
from usages.models import EtapeEtude, Etude
from usages.services.etudes.etapes import poser
from usages.services.etudes.sources import poser_la_base


def enregistrer(etude: Etude, par: Utilisateur | None = None) -> list[EtapeEtude]:
    """Écrit la base et les sept étapes du cas publié dans cette étude neuve. `par` : qui la pilote."""
    qui = par or etude.creee_par
    poser_la_base(etude, grappes())
    return poser(etude=etude, etapes=etapes(), par=qui)
