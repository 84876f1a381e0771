"""La table d'accès de la gouvernance, un module par agrégat. Le financeur n'y lit rien sans partage."""

from tests.acces.gouvernance import alertes, calendrier, decisions, dossiers, instances, journal, propositions, seances
from tests.acces.lignes import Ligne

GOUVERNANCE: dict[str, Ligne] = (
    instances.LIGNES
    | seances.LIGNES
    | propositions.LIGNES
    | dossiers.LIGNES
    | decisions.LIGNES
    | alertes.LIGNES
    | journal.LIGNES
    | calendrier.LIGNES
)
