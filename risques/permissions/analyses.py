"""Droits sur l'analyse locale d'un ESMS, et sur la lecture de ses risques."""

from programme.enums import Role
from programme.models import Grappe, Parcours, Utilisateur
from programme.permissions import tenir
from programme.socle.droits import Droit, inscrire
from risques.enums import ObjetPartage
from risques.models import AnalyseLocale, PartageRisques
from risques.permissions.lecture import peut_lire_de_pres

ANALYSE_A_LA_DIRECTION = "L'analyse se transmet par la direction de l'ESMS, son intérim ou son délégué."
SIX_LIGNES_A_L_ESMS = "Les six lignes se disent par la direction de l'ESMS, son référent local ou son siège."
ANALYSE_RESERVEE = "Accepter l'analyse, ou demander une précision, revient au chef de projet de la grappe."


def peut_saisir_analyse(utilisateur: Utilisateur, objet: AnalyseLocale | Parcours) -> Droit:
    """Remplir les six lignes, et lire ce qui n'en est pas encore transmis : qui saisit pour l'ESMS.

    Pas le chef de projet : il les accepte une fois transmises, il ne lit pas ce qui s'y écrit encore.
    """
    cible = objet.parcours if isinstance(objet, AnalyseLocale) else objet
    return tenir(utilisateur, cible, (Role.DIRECTEUR, Role.REFERENT, Role.SIEGE), SIX_LIGNES_A_L_ESMS)


@inscrire("risques.analyselocale", "transmettre", "revoir")
def peut_transmettre_analyse(utilisateur: Utilisateur, objet: AnalyseLocale | Parcours) -> Droit:
    """Transmettre, reprendre : la direction."""
    return tenir(utilisateur, objet, (Role.DIRECTEUR,), ANALYSE_A_LA_DIRECTION)


@inscrire("risques.analyselocale", "accepter", "demander_precision")
def peut_recevoir_analyse(utilisateur: Utilisateur, objet: AnalyseLocale) -> Droit:
    """Accepter, demander une précision : le chef de projet."""
    return tenir(utilisateur, objet, (Role.CHEF_PROJET,), ANALYSE_RESERVEE)


def peut_lire_les_risques(utilisateur: Utilisateur, objet: Parcours | Grappe) -> Droit:
    """Lire l'analyse et le registre d'un ESMS, ou ceux de toute la grappe ; le financeur, si un partage les ouvre."""
    de_pres = peut_lire_de_pres(utilisateur, objet)
    if de_pres or not utilisateur.perimetre.tient(Role.ARS):
        return de_pres
    cible = {"parcours": objet} if isinstance(objet, Parcours) else {"grappe": objet, "parcours": None}
    ouverts = PartageRisques.objects.en_vigueur().filter(objet=ObjetPartage.RISQUES, **cible)
    return Droit(True, role=str(Role.ARS.label)) if ouverts.exists() else de_pres
