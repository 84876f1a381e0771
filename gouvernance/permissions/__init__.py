"""Qui a le droit, dans la gouvernance, et pourquoi : une fonction par verbe."""

from gouvernance.permissions.alertes import (
    peut_alerter_quelque_part,
    peut_donner_alerte,
    peut_porter_l_alerte,
    peut_repondre_a_l_alerte,
)
from gouvernance.permissions.communs import anime, conduire_ou_animer
from gouvernance.permissions.decisions import peut_instruire_une_decision, peut_tenir_decision
from gouvernance.permissions.instances import peut_lire_gouvernance, peut_tenir_instances
from gouvernance.permissions.journal import peut_lire_journal, peut_ouvrir_page, peut_tenir_journal
from gouvernance.permissions.seances import (
    peut_partager_seance,
    peut_porter_un_point,
    peut_suivre_seance,
    peut_tenir_seance,
)

__all__ = [
    "anime",
    "conduire_ou_animer",
    "peut_alerter_quelque_part",
    "peut_donner_alerte",
    "peut_instruire_une_decision",
    "peut_lire_gouvernance",
    "peut_lire_journal",
    "peut_ouvrir_page",
    "peut_partager_seance",
    "peut_porter_l_alerte",
    "peut_porter_un_point",
    "peut_repondre_a_l_alerte",
    "peut_suivre_seance",
    "peut_tenir_decision",
    "peut_tenir_instances",
    "peut_tenir_journal",
    "peut_tenir_seance",
]
