"""Droits sur les tableaux de bord d'un organisme, d'une région, du pays ; un ESMS, une grappe : `peut_lire_usages`."""

from programme.enums import Role
from programme.models import OrganismeGestionnaire, Region, Utilisateur
from programme.permissions import tenir
from programme.socle.droits import Droit

OG_RESERVE = "Le tableau de bord d'un organisme se lit par son siège et son équipe d'appui."
REGION_RESERVEE = "Le tableau de bord d'une région se lit par qui suit toute la région."
PAYS_RESERVE = "Le tableau de bord du pays se lit par qui suit tout le pays."


def peut_lire_le_tableau_d_og(utilisateur: Utilisateur, og: OrganismeGestionnaire) -> Droit:
    """Le siège et l'appui de l'organisme ; l'administrateur."""
    return tenir(utilisateur, og, (Role.SIEGE, Role.APPUI, Role.ADMIN), OG_RESERVE)


def peut_lire_le_tableau_de_region(utilisateur: Utilisateur, region: Region) -> Droit:
    """Des totaux de ce qui est transmis, que le financeur lit aussi ; un ESMS seul n'y paraît jamais."""
    p = utilisateur.perimetre
    return Droit(True) if p.est_national or region.pk in p.regions else Droit(False, REGION_RESERVEE)


def peut_lire_le_tableau_du_pays(utilisateur: Utilisateur) -> Droit:
    """De même pour le pays : l'administrateur, le financeur national."""
    return Droit(True) if utilisateur.perimetre.est_national else Droit(False, PAYS_RESERVE)
