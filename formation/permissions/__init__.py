"""Qui a le droit, et pourquoi : un module par agrégat."""

from formation.permissions.communs import (
    FORMATION_RESERVEE,
    NOMS_RESERVES,
    peut_gerer_professionnels,
    peut_lire_formation,
    peut_saisir_formation,
)
from formation.permissions.couverture import peut_lire_couverture_d_og, peut_lire_couverture_de_region
from formation.permissions.habilitations import (
    peut_preparer_matrice,
    peut_tenir_les_profils,
    peut_valider_matrice,
)
from formation.permissions.plan import peut_tenir_le_plan
from formation.permissions.professionnels import (
    peut_corriger_personne,
    peut_effacer_personne,
)
from formation.permissions.sessions import parcours_d_ici, parcours_saisis, peut_inscrire, peut_organiser

__all__ = [
    "FORMATION_RESERVEE",
    "NOMS_RESERVES",
    "parcours_d_ici",
    "parcours_saisis",
    "peut_corriger_personne",
    "peut_effacer_personne",
    "peut_gerer_professionnels",
    "peut_inscrire",
    "peut_lire_couverture_d_og",
    "peut_lire_couverture_de_region",
    "peut_lire_formation",
    "peut_organiser",
    "peut_preparer_matrice",
    "peut_saisir_formation",
    "peut_tenir_le_plan",
    "peut_tenir_les_profils",
    "peut_valider_matrice",
]
