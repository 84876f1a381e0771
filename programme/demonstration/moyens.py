"""Ce qu'un ESMS réunit avant de se préparer : un document, qui répond du SI, des heures accordées. Tout est inventé."""

from programme.enums import Expertise, NatureDocument, Sujet
from programme.models import DocumentSi, Interlocuteur, Parcours, PersonneRessource, Utilisateur
from programme.services import interlocuteurs, lignes
from programme.services.interlocuteurs import CHAMPS

HEURES = ((14, 14, 12), (14, 7, 6), (21, 14, 10), (10, 10, 0))
"""Demandées, accordées, réellement dégagées, tour à tour."""


def reunir(*, parcours: Parcours, par: Utilisateur, admin: Utilisateur, chef: Utilisateur, rang: int) -> None:
    """Le document vaut pour l'OG dès qu'il a plusieurs ESMS dans la grappe ; le contact aussi."""
    og = parcours.esms.og
    plusieurs = og is not None and Parcours.objects.filter(grappe=parcours.grappe, esms__og=og).count() > 1
    if not DocumentSi.objects.pour(parcours).exists():
        lignes.enregistrer(
            parcours=parcours,
            modele=DocumentSi,
            valeurs={"nature": NatureDocument.CONTRATS, "lieu": "Service achats, dossier « informatique »"},
            par=chef,
            pour_og=plusieurs,
        )
    cible = og if og is not None and plusieurs else parcours.esms
    if not Interlocuteur.objects.filter(sujet=Sujet.SI, og=og, og__isnull=False).exists():
        contact = dict.fromkeys(CHAMPS, "") | {"nom": "Responsable informatique", "fonction": "Système d'information"}
        interlocuteurs.ajouter(cible=cible, sujet=Sujet.SI, valeurs=contact, par=admin)
    demandees, accordees, degagees = HEURES[rang % len(HEURES)]
    lignes.enregistrer(
        parcours=parcours,
        modele=PersonneRessource,
        valeurs={
            "fonction": "Référent du dossier informatisé",
            "expertise": Expertise.PILOTAGE,
            "heures_demandees": demandees,
            "heures_accordees": accordees,
            "heures_degagees": degagees,
        },
        par=par,
    )
