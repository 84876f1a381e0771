"""Droits sur un parcours et ses ouvertures : décider, conduire, constater, saisir, lire ce qui se prépare."""

from programme.enums import Role
from programme.models import (
    Avenant,
    Convention,
    Esms,
    Grappe,
    Jalon,
    Ouverture,
    Parcours,
    Utilisateur,
)
from programme.permissions.communs import affectes_sur, tenir
from programme.socle.droits import Droit, inscrire

DECISION_AU_DIRECTEUR = (
    "La décision revient au directeur de l'ESMS, à son intérim ou à son délégué ; le chef de projet la propose."
)
CONDUITE_AU_CHEF_DE_PROJET = "Ce geste revient au chef de projet de la grappe."
SAISIE_RESERVEE = "La saisie revient au directeur, au référent local, au siège de l'OG ou au chef de projet."
POUR_TOUS_RESERVE = (
    "Cette ligne vaut pour tout l'organisme : elle revient à son siège ou au chef de projet. Écrivez la vôtre sous le "
    "même nom, elle passera devant."
)
PREPARATION_RESERVEE = "Le financeur lit les jalons et le calendrier, pas ce qui se prépare."
SUITE_RESERVEE = "La suite revient au chef de projet de la grappe, au siège de l'OG ou à l'administrateur."


@inscrire(
    "programme.parcours",
    "engager",
    "preparer",
    "piloter",
    "ouvrir",
    "verifier_service",
    "passer_en_routine",
    "revenir",
)
@inscrire("programme.ouverture", "preparer", "ouvrir", "stabiliser", "exclure", "revenir")
def peut_decider(utilisateur: Utilisateur, objet: Parcours | Ouverture) -> Droit:
    """Avancer, revenir, ouvrir ses unités : le directeur, son intérim, son délégué (ANAP 2)."""
    return tenir(utilisateur, objet, (Role.DIRECTEUR,), DECISION_AU_DIRECTEUR)


@inscrire("programme.jalon", "transmettre", "accepter", "verser", "abandonner", "revenir")
@inscrire("programme.parcours", "suspendre", "reprendre", "sortir", "reintegrer")
@inscrire(
    "programme.grappe",
    "deposer",
    "conventionner",
    "ne_pas_retenir",
    "consulter",
    "modeliser",
    "piloter",
    "deployer",
    "mesurer",
    "solder",
    "suspendre",
    "reprendre",
    "resilier",
    "constater",
)
def peut_conduire(utilisateur: Utilisateur, objet: Grappe | Parcours | Convention | Jalon | Avenant) -> Droit:
    """Grappe, vagues, pilote, vérifications, suspensions, sorties, convention et jalons : le chef de projet."""
    return tenir(utilisateur, objet, (Role.CHEF_PROJET,), CONDUITE_AU_CHEF_DE_PROJET)


@inscrire("programme.parcours", "constater")
@inscrire("programme.ouverture", "constater")
def peut_constater(utilisateur: Utilisateur, objet: Parcours | Ouverture) -> Droit:
    """Constat initial : le chef de projet reprend l'existant, le directeur aussi pour le sien."""
    return tenir(
        utilisateur,
        objet,
        (Role.CHEF_PROJET, Role.DIRECTEUR),
        "Le constat initial revient au chef de projet ou au directeur de l'ESMS.",
    )


def peut_saisir(utilisateur: Utilisateur, objet: Parcours | Ouverture | Esms) -> Droit:
    """Faits datés, dates, unités : données seulement, sans décider."""
    roles = (Role.DIRECTEUR, Role.REFERENT, Role.SIEGE, Role.CHEF_PROJET)
    return tenir(utilisateur, objet, roles, SAISIE_RESERVEE)


def peut_repondre_pour_tous(utilisateur: Utilisateur, objet: Parcours) -> Droit:
    """Dire une fois ce qui vaut pour tous les ESMS d'un OG dans sa grappe : le siège, le chef de projet."""
    return tenir(utilisateur, objet, (Role.SIEGE, Role.CHEF_PROJET), POUR_TOUS_RESERVE)


def peut_choisir_vague(utilisateur: Utilisateur, objet: Parcours) -> Droit:
    """La vague : le directeur choisit son moment, le chef de projet voit la capacité."""
    roles = (Role.DIRECTEUR, Role.CHEF_PROJET)
    return tenir(utilisateur, objet, roles, "La vague se choisit par le directeur ou le chef de projet.")


def peut_dire_le_depart(utilisateur: Utilisateur, objet: Parcours) -> Droit:
    """Le point de départ dispense de conditions : le directeur ou le chef de projet, jamais le référent seul."""
    roles = (Role.DIRECTEUR, Role.CHEF_PROJET)
    return tenir(utilisateur, objet, roles, "Le point de départ revient au directeur ou au chef de projet.")


def peut_lire_preparation(utilisateur: Utilisateur, objet: Parcours | Ouverture) -> Droit:
    """Conditions, motifs, propositions : tous ceux qui voient l'ESMS, sauf qui n'y est que financeur."""
    roles = {a.role for a in affectes_sur(utilisateur, objet)}
    if roles - {Role.ARS}:
        return Droit(True)
    return Droit(False, PREPARATION_RESERVEE)


def peut_proposer(utilisateur: Utilisateur, objet: Parcours) -> Droit:
    """Proposer un passage au directeur."""
    return peut_conduire(utilisateur, objet)


def peut_donner_suite(utilisateur: Utilisateur, objet: Parcours) -> Droit:
    """Un ESMS ferme, fusionne, change d'OG : sa grappe, son siège ou l'administrateur en prennent acte."""
    return tenir(utilisateur, objet, (Role.CHEF_PROJET, Role.SIEGE, Role.ADMIN), SUITE_RESERVEE)
