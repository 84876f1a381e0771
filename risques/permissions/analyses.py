"""Droits sur l'analyse locale d'un ESMS, et sur la lecture de ses risques."""

from programme.enums import Role
from programme.models import Grappe, Parcours, Utilisateur
from programme.permissions import tenir
from programme.socle.droits import Droit, inscrire
from risques.enums import ObjetPartage
from risques.models import AnalyseLocale, PartageRisques

ANALYSE_A_LA_DIRECTION = "L'analyse se transmet par la direction de l'ESMS, son intérim ou son délégué."
SIX_LIGNES_A_L_ESMS = "Les six lignes se disent par la direction de l'ESMS, son référent local ou son siège."
ANALYSE_RESERVEE = "Accepter l'analyse, ou demander une précision, revient au chef de projet de la grappe."
RISQUES_RESERVES = (
    "Le financeur ne lit pas les risques, sauf par un partage daté qu'ouvre la direction, ou le chef de projet pour sa "
    "grappe."
)


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
    if utilisateur.perimetre.sauf(Role.ARS).est_national:
        return Droit(True)
    ouverts = PartageRisques.objects.en_vigueur().filter(objet=ObjetPartage.RISQUES)
    if isinstance(objet, Parcours):
        siens = Parcours.objects.lisibles_par(utilisateur).filter(pk=objet.pk).exists()
        ouverts = ouverts.filter(parcours=objet)
    else:
        siens = Grappe.objects.de_pres(utilisateur).filter(pk=objet.pk).exists()
        ouverts = ouverts.filter(grappe=objet, parcours__isnull=True)
    if siens:
        return Droit(True)
    if utilisateur.perimetre.tient(Role.ARS) and ouverts.exists():
        return Droit(True, role=str(Role.ARS.label))
    return Droit(False, RISQUES_RESERVES)
