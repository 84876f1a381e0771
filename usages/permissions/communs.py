"""Ce que partagent les droits des usages : lire les chiffres d'un ESMS ou d'une grappe, les saisir, conduire."""

from typing import Any

from programme.enums import Role
from programme.models import Grappe, Parcours, Utilisateur
from programme.permissions import tenir
from programme.socle.droits import Droit

SAISISSENT = (Role.DIRECTEUR, Role.REFERENT, Role.SIEGE)
CHIFFRES_RESERVES = "Ces chiffres se lisent par qui suit cet ESMS ; le financeur lit ceux qui sont transmis."
SAISIE_DES_CHIFFRES = (
    "Les chiffres d'un ESMS se saisissent et se transmettent par sa direction, son référent ou son siège."
)
CONDUITE_DES_CHIFFRES = (
    "C'est au chef de projet de la grappe de choisir les indicateurs, de valider et de verrouiller les relevés."
)


def peut_lire_usages(utilisateur: Utilisateur, objet: Any) -> Droit:
    """Les pages d'usages d'un ESMS ou d'une grappe : pas qui n'y est que financeur. Deux requêtes au plus."""
    cible = getattr(objet, "rattache_a", objet)
    if utilisateur.perimetre.sauf(Role.ARS).est_national:
        return Droit(True)
    lisibles = Parcours.objects.lisibles_par(utilisateur)
    if isinstance(cible, Grappe):
        lu = (
            Grappe.objects.de_pres(utilisateur).filter(pk=cible.pk).exists()
            or lisibles.dans_le_projet().filter(grappe=cible.pk).exists()
        )
    else:
        lu = lisibles.filter(pk=cible.pk).exists()
    return Droit(True) if lu else Droit(False, CHIFFRES_RESERVES)


def peut_saisir_chiffres(utilisateur: Utilisateur, objet: Any) -> Droit:
    """Taper, corriger, commenter, importer les chiffres d'un ESMS : sa direction, son référent, son siège."""
    return tenir(utilisateur, objet, SAISISSENT, SAISIE_DES_CHIFFRES)


def peut_saisir_quelque_part(utilisateur: Utilisateur) -> Droit:
    """Vrai si ce compte a un ESMS pour qui saisir."""
    for role in SAISISSENT:
        if utilisateur.perimetre.tient(role):
            return Droit(True, role=str(role.label))
    return Droit(False, SAISIE_DES_CHIFFRES)


def peut_saisir_dans_la_grappe(utilisateur: Utilisateur, grappe: Grappe) -> Droit:
    """Vrai s'il saisit pour un ESMS de cette grappe au moins. Une requête."""
    siens = Parcours.objects.lisibles_par(utilisateur).filter(grappe=grappe)
    for parcours in siens.select_related("esms__og", "esms__departement", "grappe"):
        if droit := peut_saisir_chiffres(utilisateur, parcours):
            return droit
    return Droit(False, SAISIE_DES_CHIFFRES)


def peut_conduire_les_chiffres(utilisateur: Utilisateur, objet: Any) -> Droit:
    """Choisir ce qu'on suit, les cibles, les règles d'alerte, valider et verrouiller : le chef de projet."""
    return tenir(utilisateur, objet, (Role.CHEF_PROJET,), CONDUITE_DES_CHIFFRES)
