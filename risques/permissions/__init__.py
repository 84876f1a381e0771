"""Qui a le droit, et pourquoi : une fonction par verbe, qui rend un `Droit` (oui ou non, motif, rôle)."""

from risques.permissions.analyses import (
    ANALYSE_A_LA_DIRECTION,
    ANALYSE_RESERVEE,
    peut_lire_les_risques,
    peut_recevoir_analyse,
    peut_saisir_analyse,
    peut_transmettre_analyse,
)
from risques.permissions.campagnes import (
    CAMPAGNE_AU_CHEF_DE_PROJET,
    GRILLE_A_L_EVALUATEUR,
    juger_grille,
    peut_conduire_campagne,
    peut_conduire_evaluation,
    peut_juger_grille,
    peut_lire_grille,
    peut_repondre_a,
)
from risques.permissions.lecture import RISQUES_RESERVES, n_est_que_financeur, peut_lire_de_pres
from risques.permissions.partages import PARTAGE_RESERVE, peut_partager
from risques.permissions.questionnaires import (
    QUESTIONNAIRE_RESERVE,
    peut_importer_quelque_part,
    peut_tenir_questionnaires,
    peut_tenir_version,
)
from risques.permissions.registre import (
    RISQUE_RESERVE,
    peut_regler_bareme,
    peut_tenir_risque,
    peut_tenir_un_risque_quelque_part,
)

__all__ = [
    "ANALYSE_A_LA_DIRECTION",
    "ANALYSE_RESERVEE",
    "CAMPAGNE_AU_CHEF_DE_PROJET",
    "GRILLE_A_L_EVALUATEUR",
    "PARTAGE_RESERVE",
    "QUESTIONNAIRE_RESERVE",
    "RISQUES_RESERVES",
    "RISQUE_RESERVE",
    "juger_grille",
    "n_est_que_financeur",
    "peut_conduire_campagne",
    "peut_conduire_evaluation",
    "peut_importer_quelque_part",
    "peut_juger_grille",
    "peut_lire_de_pres",
    "peut_lire_grille",
    "peut_lire_les_risques",
    "peut_partager",
    "peut_recevoir_analyse",
    "peut_regler_bareme",
    "peut_repondre_a",
    "peut_saisir_analyse",
    "peut_tenir_questionnaires",
    "peut_tenir_risque",
    "peut_tenir_un_risque_quelque_part",
    "peut_tenir_version",
    "peut_transmettre_analyse",
]
