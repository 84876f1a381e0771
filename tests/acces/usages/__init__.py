"""La table d'accès des usages, un module par agrégat. Le financeur ne lit que ce qui est transmis."""

from tests.acces.lignes import Ligne
from tests.acces.usages import (
    agregats,
    capture,
    connexions,
    demandes_editeurs,
    editeurs,
    enseignements,
    etudes,
    indicateurs,
    monographies,
    precisions,
    preuves,
    releves,
    reponses,
    routine,
    suites,
    tableaux,
    themes,
    tickets,
    traitement,
)

USAGES: dict[str, Ligne] = (
    agregats.LIGNES
    | capture.LIGNES
    | connexions.LIGNES
    | demandes_editeurs.LIGNES
    | editeurs.LIGNES
    | enseignements.LIGNES
    | etudes.LIGNES
    | indicateurs.LIGNES
    | monographies.LIGNES
    | precisions.LIGNES
    | preuves.LIGNES
    | releves.LIGNES
    | reponses.LIGNES
    | routine.LIGNES
    | suites.LIGNES
    | tableaux.LIGNES
    | themes.LIGNES
    | tickets.LIGNES
    | traitement.LIGNES
)
