"""La table d'accès des usages, un module par agrégat. Le financeur ne lit que ce qui est transmis."""

from tests.acces.lignes import Ligne
from tests.acces.usages import agregats, demandes_editeurs, precisions, preuves, releves, tableaux

USAGES: dict[str, Ligne] = (
    releves.LIGNES | precisions.LIGNES | demandes_editeurs.LIGNES | preuves.LIGNES | agregats.LIGNES | tableaux.LIGNES
)
