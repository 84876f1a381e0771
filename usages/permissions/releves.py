"""Droits sur les relevés, et sur la précision demandée sur un chiffre."""

from programme.enums import Role
from programme.models import Utilisateur
from programme.permissions import tenir
from programme.socle.droits import Droit, inscrire
from usages.models import Precision, Releve, Valeur
from usages.permissions.communs import peut_conduire_les_chiffres, peut_saisir_chiffres

DEMANDENT = (Role.CHEF_PROJET, Role.ARS)
PRECISION_RESERVEE = "Une précision se demande par le chef de projet, ou par le financeur, sur un chiffre transmis."
PAS_TRANSMIS = "Ce chiffre n'est pas transmis : une précision se demande sur ce que l'ESMS a transmis."
CLOTURE_RESERVEE = "Clore revient à qui a demandé la précision, ou au chef de projet."


@inscrire("usages.releve", "transmettre", "reprendre")
def peut_transmettre(utilisateur: Utilisateur, releve: Releve) -> Droit:
    """Transmettre, reprendre : qui saisit pour l'ESMS."""
    return peut_saisir_chiffres(utilisateur, releve)


@inscrire("usages.releve", "valider", "verrouiller", "rouvrir")
def peut_valider(utilisateur: Utilisateur, releve: Releve) -> Droit:
    """Valider, verrouiller, rouvrir : le chef de projet."""
    return peut_conduire_les_chiffres(utilisateur, releve)


def peut_demander_une_precision(utilisateur: Utilisateur, valeur: Valeur) -> Droit:
    """Poser une question sur un chiffre transmis, et lu : le chef de projet, le financeur."""
    if not valeur.releve.est_compte:
        return Droit(False, PAS_TRANSMIS)
    return tenir(utilisateur, valeur, DEMANDENT, PRECISION_RESERVEE)


@inscrire("usages.precision", "repondre")
def peut_repondre_a_la_precision(utilisateur: Utilisateur, precision: Precision) -> Droit:
    """Répondre : qui saisit pour l'ESMS."""
    return peut_saisir_chiffres(utilisateur, precision)


@inscrire("usages.precision", "clore", "redemander")
def peut_clore_la_precision(utilisateur: Utilisateur, precision: Precision) -> Droit:
    """Clore, demander encore : qui l'a posée et peut encore en poser, ou le chef de projet."""
    conduit = peut_conduire_les_chiffres(utilisateur, precision)
    if conduit or precision.demandee_par_id != utilisateur.pk:
        return conduit if conduit else Droit(False, CLOTURE_RESERVEE)
    return tenir(utilisateur, precision, DEMANDENT, PRECISION_RESERVEE)
