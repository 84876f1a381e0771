"""Lire de près : ce qui reste à l'ESMS, ou à la grappe, et que le financeur ne lit que par un partage."""

from typing import Any

from programme.enums import Role
from programme.models import Grappe, Parcours, Utilisateur
from programme.socle.droits import Droit

RISQUES_RESERVES = (
    "Le financeur ne lit pas les risques, sauf par un partage daté qu'ouvre la direction, ou le chef de projet pour sa "
    "grappe."
)


def peut_lire_de_pres(utilisateur: Utilisateur, objet: Any) -> Droit:
    """Tout lire d'un ESMS (son parcours) ou d'une grappe, ou de ce qui s'y rattache : qui en est, qui administre.

    Ce que disent `risques.models.partages.confiees` pour une requête, et les QuerySets dont elle part ; ce qu'un
    compte tient en financeur ne compte pas. Une requête au plus.
    """
    cible = getattr(objet, "rattache_a", objet)
    if utilisateur.perimetre.sauf(Role.ARS).est_national:
        return Droit(True)
    siens: Any = (
        Parcours.objects.lisibles_par(utilisateur)
        if isinstance(cible, Parcours)
        else Grappe.objects.de_pres(utilisateur)
    )
    return Droit(True) if siens.filter(pk=cible.pk).exists() else Droit(False, RISQUES_RESERVES)


def n_est_que_financeur(utilisateur: Utilisateur) -> bool:
    """Vrai pour qui ne tient rien qu'en financeur : il ne lit de près aucun ESMS, aucune grappe."""
    return utilisateur.perimetre.tient(Role.ARS) and not utilisateur.perimetre.sauf(Role.ARS).affectes
