"""Qui a le droit, et pourquoi, dans les usages : une fonction par verbe."""

from usages.permissions.agregats import (
    TOTAUX_RESERVES,
    Acces,
    acces_aux_totaux,
    peut_lire_les_totaux,
    territoires_lisibles,
)
from usages.permissions.communs import (
    CHIFFRES_RESERVES,
    CONDUITE_DES_CHIFFRES,
    SAISIE_DES_CHIFFRES,
    peut_conduire_les_chiffres,
    peut_lire_usages,
    peut_saisir_chiffres,
)
from usages.permissions.editeurs import EDITEURS_RESERVES, peut_suivre_les_editeurs
from usages.permissions.preuves import peut_tenir_la_preuve
from usages.permissions.releves import (
    PRECISION_RESERVEE,
    peut_clore_la_precision,
    peut_demander_une_precision,
    peut_repondre_a_la_precision,
    peut_transmettre,
    peut_valider,
)
from usages.permissions.tableaux import (
    peut_lire_le_tableau_d_og,
    peut_lire_le_tableau_de_region,
    peut_lire_le_tableau_du_pays,
)

__all__ = [
    "CHIFFRES_RESERVES",
    "CONDUITE_DES_CHIFFRES",
    "EDITEURS_RESERVES",
    "PRECISION_RESERVEE",
    "SAISIE_DES_CHIFFRES",
    "TOTAUX_RESERVES",
    "Acces",
    "acces_aux_totaux",
    "peut_clore_la_precision",
    "peut_conduire_les_chiffres",
    "peut_demander_une_precision",
    "peut_lire_le_tableau_d_og",
    "peut_lire_le_tableau_de_region",
    "peut_lire_le_tableau_du_pays",
    "peut_lire_les_totaux",
    "peut_lire_usages",
    "peut_repondre_a_la_precision",
    "peut_saisir_chiffres",
    "peut_suivre_les_editeurs",
    "peut_tenir_la_preuve",
    "peut_transmettre",
    "peut_valider",
    "territoires_lisibles",
]
