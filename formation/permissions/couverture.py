"""Droits sur la couverture d'une région et d'un organisme : des sommes d'ESMS."""

from programme.enums import Role
from programme.models import OrganismeGestionnaire, Region, Utilisateur
from programme.permissions import tenir
from programme.socle.droits import Droit

REGION_RESERVEE = "La couverture d'une région se lit par qui couvre cette région : son GRADeS, son ARS, le national."
OG_RESERVE = "La couverture d'un organisme se lit par son siège, par qui l'appuie et par l'administrateur."


def peut_lire_couverture_de_region(utilisateur: Utilisateur, region: Region) -> Droit:
    """Des sommes, que le financeur lit aussi ; un ESMS seul n'y paraît jamais."""
    p = utilisateur.perimetre
    return Droit(True) if p.est_national or region.pk in p.regions else Droit(False, REGION_RESERVEE)


def peut_lire_couverture_d_og(utilisateur: Utilisateur, og: OrganismeGestionnaire) -> Droit:
    """Le siège et l'appui de l'organisme ; l'administrateur."""
    return tenir(utilisateur, og, (Role.SIEGE, Role.APPUI, Role.ADMIN), OG_RESERVE)
