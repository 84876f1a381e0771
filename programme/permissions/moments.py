"""Droits sur le moment d'un ESMS et sur les candidatures de site pilote (ANAP 3.5)."""

from programme.enums import Role
from programme.models import Candidature, Moment, Parcours, Utilisateur
from programme.permissions.communs import tenir
from programme.permissions.parcours import CONDUITE_AU_CHEF_DE_PROJET, peut_choisir_vague
from programme.socle.droits import Droit, inscrire

MOMENT_AU_DIRECTEUR = (
    "Le moment se décide par le directeur de l'ESMS, son intérim ou son délégué ; le chef de projet propose une vague."
)
MOMENT_AUX_DEUX = "Le moment se règle entre la direction de l'ESMS et le chef de projet."
CANDIDATURE_RESERVEE = "Candidater revient à la direction de l'ESMS ou au chef de projet."


@inscrire("programme.moment", "demander", "choisir", "accepter", "renoncer")
def peut_decider_du_moment(utilisateur: Utilisateur, objet: Moment | Parcours) -> Droit:
    """Choisir, accepter, demander une autre vague : le directeur, son intérim, son délégué."""
    return tenir(utilisateur, objet, (Role.DIRECTEUR,), MOMENT_AU_DIRECTEUR)


@inscrire("programme.moment", "proposer", "accorder", "arbitrer", "retirer")
@inscrire("programme.candidature", "designer", "decliner", "revenir")
def peut_conduire_le_moment(utilisateur: Utilisateur, objet: Moment | Candidature | Parcours) -> Droit:
    """Proposer, accorder, consigner l'arbitrage, désigner un pilote : le chef de projet."""
    return tenir(utilisateur, objet, (Role.CHEF_PROJET,), CONDUITE_AU_CHEF_DE_PROJET)


@inscrire("programme.moment", "porter", "revenir", "classer")
def peut_porter_au_comop(utilisateur: Utilisateur, objet: Moment) -> Droit:
    """Porter un désaccord au COMOP, l'en retirer, clore : l'un ou l'autre."""
    droit = peut_choisir_vague(utilisateur, objet.parcours)
    return droit if droit else Droit(False, MOMENT_AUX_DEUX)


@inscrire("programme.candidature", "retirer")
def peut_candidater(utilisateur: Utilisateur, objet: Candidature | Parcours) -> Droit:
    """Présenter l'ESMS, répondre aux critères, retirer : la direction ou le chef de projet."""
    return tenir(utilisateur, objet, (Role.DIRECTEUR, Role.CHEF_PROJET), CANDIDATURE_RESERVEE)
