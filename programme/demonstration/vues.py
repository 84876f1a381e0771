"""Vues enregistrées de la démonstration : celles qu'une cheffe de projet se ferait, et celle qu'ouvre le financeur."""

from collections.abc import Mapping

from programme.demonstration.ain_rhone.grappe import NOM
from programme.enums import EN_CHEMIN, EtatParcours, Role
from programme.models import Grappe, Utilisateur
from programme.services.vues import enregistrer_vue
from programme.socle.enums import Partage

LISTE = "programme:parcours-liste"
AVANT_OUVERTURE = [str(EtatParcours.PILOTE), str(EtatParcours.PREPARATION)]


def creer(comptes: Mapping[str, Utilisateur]) -> None:
    """Deux vues pour la cheffe, une pour sa grappe, une qui s'ouvre en arrivant pour les référents ARS."""
    cheffe, grappe = comptes["cheffe"], Grappe.objects.get(nom=NOM)
    enregistrer_vue(par=cheffe, liste=LISTE, nom="Ce qui attend une direction", criteres={"attente": ["direction"]})
    enregistrer_vue(
        par=cheffe,
        liste=LISTE,
        nom="Reste à réunir avant d'ouvrir",
        criteres={"etat": AVANT_OUVERTURE, "tri": ["prochaine_date"], "colonnes": ["etat,vague,reste,prochaine_date"]},
    )
    enregistrer_vue(
        par=cheffe,
        liste=LISTE,
        nom="Vague 3, en retard",
        criteres={"retard": ["oui"], "tri": ["prochaine_date"], "vague": ["3"]},
        partage=Partage.GRAPPE,
        grappe=grappe,
    )
    enregistrer_vue(
        par=comptes["admin"],
        liste=LISTE,
        nom="En chemin",
        criteres={"etat": sorted(str(etat) for etat in EN_CHEMIN), "tri": ["-etat"]},
        partage=Partage.ROLE,
        role=Role.ARS,
        est_defaut=True,
    )
