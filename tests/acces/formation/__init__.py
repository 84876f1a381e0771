"""La table d'accès de la formation, un module par agrégat. Les noms ne se lisent que par qui gère l'ESMS."""

from tests.acces.formation import (
    avis,
    changement,
    comptes,
    couverture,
    habilitations,
    import_professionnels,
    plan,
    professionnels,
    sessions,
)
from tests.acces.lignes import Ligne

FORMATION: dict[str, Ligne] = (
    professionnels.LIGNES
    | import_professionnels.LIGNES
    | plan.LIGNES
    | sessions.LIGNES
    | avis.LIGNES
    | couverture.LIGNES
    | changement.LIGNES
    | habilitations.LIGNES
    | comptes.LIGNES
)
