"""La table d'accès des usages, un module par agrégat. Le financeur ne lit que ce qui est transmis."""

from tests.acces.lignes import Ligne
from tests.acces.usages import demandes_editeurs, editeurs, precisions, preuves, releves

USAGES: dict[str, Ligne] = (
    releves.LIGNES | precisions.LIGNES | demandes_editeurs.LIGNES | editeurs.LIGNES | preuves.LIGNES
)
