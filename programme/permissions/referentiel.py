"""Droits sur ce que plusieurs grappes partagent : solutions, groupes, interlocuteurs."""

from programme.enums import Role
from programme.models import (
    Esms,
    Grappe,
    Groupe,
    OrganismeGestionnaire,
    Utilisateur,
)
from programme.permissions.communs import tenir
from programme.permissions.nominations import parcours_conduits
from programme.socle.droits import Droit

CARTE_DE_GRAPPE = "Les interlocuteurs d'une grappe s'écrivent par son chef de projet."
CARTE_D_OG = "Les interlocuteurs d'un OG s'écrivent par son siège ou par l'administrateur."
CARTE_D_ESMS = "Les interlocuteurs d'un ESMS s'écrivent par sa direction, son référent, son siège ou le chef de projet."
GROUPEMENT = "Les groupes reviennent au siège de leur organisme gestionnaire ou à l'administrateur."


def peut_ajouter_solution(utilisateur: Utilisateur) -> Droit:
    """Ajouter une solution : l'administrateur, et le chef de projet, qui en a besoin pour sa grappe."""
    for role in (Role.ADMIN, Role.CHEF_PROJET):
        if utilisateur.perimetre.tient(role):
            return Droit(True, role=str(role.label))
    return Droit(False, "Ajouter une solution revient à un chef de projet ou à l'administrateur.")


def peut_creer_groupe(utilisateur: Utilisateur) -> Droit:
    """Vrai si ce compte a un OG où créer un groupe."""
    for role in (Role.ADMIN, Role.SIEGE):
        if utilisateur.perimetre.tient(role):
            return Droit(True, role=str(role.label))
    return Droit(False, GROUPEMENT)


def peut_grouper(utilisateur: Utilisateur, objet: OrganismeGestionnaire | Groupe) -> Droit:
    """Ranger des ESMS dans un groupe, ce qui change des périmètres : le siège de l'OG ou l'administrateur."""
    return tenir(utilisateur, objet, (Role.SIEGE, Role.ADMIN), GROUPEMENT)


def peut_tenir_la_carte(utilisateur: Utilisateur, objet: Grappe | OrganismeGestionnaire | Esms) -> Droit:
    """Dire « à qui m'adresser » : le chef de projet pour sa grappe, le siège pour son OG, chacun pour son ESMS."""
    if isinstance(objet, Grappe):
        return tenir(utilisateur, objet, (Role.CHEF_PROJET, Role.ADMIN), CARTE_DE_GRAPPE)
    if isinstance(objet, OrganismeGestionnaire):
        return tenir(utilisateur, objet, (Role.SIEGE, Role.ADMIN), CARTE_D_OG)
    if parcours_conduits(utilisateur, objet)[1]:
        return Droit(True, role=Role.CHEF_PROJET.label)
    return tenir(utilisateur, objet, (Role.DIRECTEUR, Role.REFERENT, Role.SIEGE, Role.ADMIN), CARTE_D_ESMS)
