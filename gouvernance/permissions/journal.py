"""Droits sur le journal du projet : l'écrire, le publier, ouvrir la page des personnes accompagnées."""

from gouvernance.models import Entree, PageOuverte
from programme.enums import Role
from programme.models import Grappe, Parcours, Utilisateur
from programme.permissions import ROLES_DES_ACTIONS, tenir
from programme.socle.droits import Droit

JOURNAL_RESERVE = (
    "Le journal du projet s'écrit et se publie par la direction, le référent local ou le siège pour leurs ESMS, par le "
    "chef de projet pour sa grappe."
)
PAGE_RESERVEE = "Ouvrir une page sans compte revient à la direction pour son ESMS, au chef de projet pour la grappe."


def peut_tenir_journal(utilisateur: Utilisateur, objet: Entree | Parcours | Grappe) -> Droit:
    """Écrire, corriger, publier, retirer."""
    return tenir(utilisateur, objet, ROLES_DES_ACTIONS, JOURNAL_RESERVE)


def peut_lire_journal(utilisateur: Utilisateur, objet: Parcours | Grappe) -> Droit:
    """Ouvrir le journal de ce qu'on voit : chacun n'y trouve que ce qu'il tient, ou ce qui lui est adressé."""
    return Droit(True)


def peut_ouvrir_page(utilisateur: Utilisateur, objet: PageOuverte | Parcours | Grappe) -> Droit:
    """Ouvrir la page des personnes accompagnées, la refermer."""
    cible = objet.rattache_a if isinstance(objet, PageOuverte) else objet
    role = Role.DIRECTEUR if isinstance(cible, Parcours) else Role.CHEF_PROJET
    return tenir(utilisateur, cible, (role,), PAGE_RESERVEE)
