"""Droits sur les monographies : l'équipe écrit, l'ESMS relit et commente, sa direction valide, l'étude publie."""

from programme.enums import Role
from programme.models import Utilisateur
from programme.permissions import tenir
from programme.socle.droits import Droit, inscrire
from usages.enums import EtatEtude, EtatMonographie
from usages.models import Commentaire, Monographie
from usages.permissions.etudes import (
    ETUDE_CLOSE,
    peut_conduire_l_etude,
    peut_ecrire_dans_l_etude,
    peut_lire_l_etude,
)

RELISENT = (Role.DIRECTEUR, Role.REFERENT, Role.SIEGE)
VALIDATION_RESERVEE = "Valider une monographie, ou demander des corrections, revient à la direction de l'ESMS."
RELECTURE_RESERVEE = "Commenter revient à l'équipe de l'étude, à la direction, au référent et au siège de l'ESMS."
FIGEE = "Ce texte est validé : demandez des corrections pour l'écrire de nouveau."


@inscrire("usages.monographie", "envoyer_en_relecture")
def peut_tenir_la_monographie(utilisateur: Utilisateur, objet: Monographie) -> Droit:
    """L'envoyer, tenir ses faits, ses documents, ses sigles : l'équipe qui écrit."""
    return peut_ecrire_dans_l_etude(utilisateur, objet)


def peut_ecrire_une_section(utilisateur: Utilisateur, monographie: Monographie) -> Droit:
    """Écrire : l'équipe, tant que la direction n'a pas validé."""
    droit = peut_tenir_la_monographie(utilisateur, monographie)
    return Droit(False, FIGEE) if droit and not monographie.se_modifie else droit


@inscrire("usages.monographie", "publier", "reprendre")
def peut_publier(utilisateur: Utilisateur, objet: Monographie) -> Droit:
    """Publier, préparer une nouvelle édition : qui pilote l'étude, tant qu'elle n'est pas close."""
    return _ouverte(objet, peut_conduire_l_etude(utilisateur, objet))


def _ouverte(monographie: Monographie, droit: Droit) -> Droit:
    return Droit(False, ETUDE_CLOSE) if droit and monographie.visite.etude.etat == EtatEtude.CLOSE else droit


@inscrire("usages.monographie", "valider", "corriger")
def peut_valider_la_monographie(utilisateur: Utilisateur, objet: Monographie) -> Droit:
    """La direction de l'ESMS, elle seule : c'est d'elle qu'on parle."""
    return tenir(utilisateur, objet, (Role.DIRECTEUR,), VALIDATION_RESERVEE)


def peut_commenter(utilisateur: Utilisateur, monographie: Monographie) -> Droit:
    """L'équipe de l'étude ; pendant la relecture, qui répond pour l'ESMS."""
    if peut_lire_l_etude(utilisateur, monographie):
        return _ouverte(monographie, Droit(True))
    droit = tenir(utilisateur, monographie, RELISENT, RELECTURE_RESERVEE)
    if droit and monographie.etat != EtatMonographie.RELECTURE:
        return Droit(False, "On commente pendant la relecture.")
    return droit


def peut_repondre_a_la_remarque(utilisateur: Utilisateur, commentaire: Commentaire) -> Droit:
    """Répondre, dire que c'est réglé : l'équipe ; et qui l'a écrite, tant qu'il peut commenter."""
    monographie = commentaire.section.monographie
    if commentaire.ecrit_par_id == utilisateur.pk and (droit := peut_commenter(utilisateur, monographie)):
        return droit
    return peut_tenir_la_monographie(utilisateur, monographie)
