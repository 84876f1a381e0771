"""Droits sur les partages avec le financeur : à qui appartient ce qui est ouvert."""

from programme.enums import Role
from programme.models import Grappe, Parcours, Utilisateur
from programme.permissions import tenir
from programme.socle.droits import Droit
from risques.models import PartageRisques

PARTAGE_RESERVE = (
    "Ouvrir ou fermer un partage revient à la direction pour son ESMS, au chef de projet pour ce qui est de la grappe."
)


def peut_partager(utilisateur: Utilisateur, objet: PartageRisques | Parcours | Grappe) -> Droit:
    """Ouvrir un partage, le révoquer : la direction pour son ESMS, le chef de projet pour la grappe."""
    cible = objet.rattache_a if isinstance(objet, PartageRisques) else objet
    role = Role.DIRECTEUR if isinstance(cible, Parcours) else Role.CHEF_PROJET
    return tenir(utilisateur, cible, (role,), PARTAGE_RESERVE)
