"""Droits sur les instances et leurs mandats : les composer, les lire."""

from gouvernance.models import Instance, Mandat
from programme.enums import Role
from programme.models import Grappe, Utilisateur
from programme.permissions import tenir
from programme.socle.droits import Droit

INSTANCES_AU_CHEF_DE_PROJET = "Les instances et leurs mandats se tiennent par le chef de projet de la grappe."
GOUVERNANCE_RESERVEE = (
    "La gouvernance se lit par la grappe et ses ESMS ; le financeur lit un compte rendu par un partage daté."
)


def peut_tenir_instances(utilisateur: Utilisateur, objet: Grappe | Instance | Mandat) -> Droit:
    """Créer une instance, la régler, confier un mandat, y mettre fin : le chef de projet."""
    return tenir(utilisateur, objet, (Role.CHEF_PROJET,), INSTANCES_AU_CHEF_DE_PROJET)


def peut_lire_gouvernance(utilisateur: Utilisateur, grappe: Grappe) -> Droit:
    """La page de gouvernance d'une grappe : qui en est, y siège, ou administre. Une requête au plus."""
    if utilisateur.perimetre.seul(Role.ADMIN).est_national or grappe.pk in utilisateur.perimetre.sauf(Role.ARS).grappes:
        return Droit(True)
    if Grappe.objects.de_pres(utilisateur).filter(pk=grappe.pk).exists():
        return Droit(True)
    return Droit(False, GOUVERNANCE_RESERVEE)
