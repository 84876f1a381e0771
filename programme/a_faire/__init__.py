"""Ce que le programme met à l'accueil, un module par sujet ; les importer les inscrit au registre du socle.

`lecture` lit et mesure les parcours ; les autres en font des lignes. À urgence et échéance égales, les lignes sortent
dans l'ordre où ces modules sont importés.
"""

# isort: off
from programme.a_faire.lecture import ACTIFS, RECENT, REPONDENT, Vu, parcours_vus
from programme.a_faire.decider import a_proposer, prets
from programme.a_faire import moments
from programme.a_faire.repondre import faits_manquants
from programme.a_faire.dates import etapes_depassees
from programme.a_faire import conduire, evenements, premiers_gestes
from programme.a_faire import financement, checklist, actions, demandes
from programme.a_faire import pour_memoire
# isort: on

__all__ = [
    "ACTIFS",
    "RECENT",
    "REPONDENT",
    "Vu",
    "a_proposer",
    "actions",
    "checklist",
    "conduire",
    "demandes",
    "etapes_depassees",
    "evenements",
    "faits_manquants",
    "financement",
    "moments",
    "parcours_vus",
    "pour_memoire",
    "premiers_gestes",
    "prets",
]
