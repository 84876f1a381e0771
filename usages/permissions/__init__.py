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
    peut_saisir_dans_la_grappe,
    peut_saisir_quelque_part,
)
from usages.permissions.connexions import (
    HORAIRES_RESERVES,
    IMPORT_DES_CONNEXIONS,
    peut_allumer_les_horaires,
    peut_envoyer_un_journal,
    peut_importer_connexions,
)
from usages.permissions.editeurs import (
    EDITEURS_RESERVES,
    peut_noter_une_montee,
    peut_suivre_les_editeurs,
    peut_tenir_les_versions,
)
from usages.permissions.indicateurs import peut_fixer_les_cibles, peut_tenir_le_catalogue
from usages.permissions.preuves import peut_tenir_la_preuve
from usages.permissions.releves import (
    PRECISION_RESERVEE,
    peut_clore_la_precision,
    peut_demander_une_precision,
    peut_repondre_a_la_precision,
    peut_transmettre,
    peut_valider,
)
from usages.permissions.retours import (
    est_relais,
    peut_dire_lu,
    peut_donner_un_retour,
    peut_lire_les_enseignements,
    peut_regler_les_retours,
    peut_repondre,
    peut_tenir_les_enseignements,
    peut_tenir_les_liens,
    peut_tenir_les_pratiques,
    peut_traiter,
)
from usages.permissions.suites import peut_donner_suite, peut_tenir_les_verbatims, seances_tenues
from usages.permissions.tableaux import (
    peut_lire_le_tableau_d_og,
    peut_lire_le_tableau_de_region,
    peut_lire_le_tableau_du_pays,
)

__all__ = [
    "peut_donner_un_retour",
    "est_relais",
    "peut_traiter",
    "peut_repondre",
    "peut_tenir_les_liens",
    "peut_regler_les_retours",
    "peut_tenir_les_enseignements",
    "peut_dire_lu",
    "peut_lire_les_enseignements",
    "peut_tenir_les_pratiques",
    "peut_donner_suite",
    "peut_tenir_les_verbatims",
    "seances_tenues",
    "CHIFFRES_RESERVES",
    "CONDUITE_DES_CHIFFRES",
    "EDITEURS_RESERVES",
    "HORAIRES_RESERVES",
    "IMPORT_DES_CONNEXIONS",
    "PRECISION_RESERVEE",
    "SAISIE_DES_CHIFFRES",
    "TOTAUX_RESERVES",
    "Acces",
    "acces_aux_totaux",
    "peut_clore_la_precision",
    "peut_conduire_les_chiffres",
    "peut_demander_une_precision",
    "peut_fixer_les_cibles",
    "peut_lire_le_tableau_d_og",
    "peut_lire_le_tableau_de_region",
    "peut_lire_le_tableau_du_pays",
    "peut_lire_les_totaux",
    "peut_allumer_les_horaires",
    "peut_clore_la_precision",
    "peut_conduire_les_chiffres",
    "peut_demander_une_precision",
    "peut_envoyer_un_journal",
    "peut_importer_connexions",
    "peut_lire_usages",
    "peut_noter_une_montee",
    "peut_repondre_a_la_precision",
    "peut_saisir_chiffres",
    "peut_saisir_dans_la_grappe",
    "peut_saisir_quelque_part",
    "peut_suivre_les_editeurs",
    "peut_tenir_la_preuve",
    "peut_tenir_le_catalogue",
    "peut_tenir_les_versions",
    "peut_transmettre",
    "peut_valider",
    "territoires_lisibles",
]
