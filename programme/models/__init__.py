"""Modèles du programme, un module par agrégat."""

from programme.models.annuaire import Esms, EvenementEsms, Groupe, OrganismeGestionnaire
from programme.models.durees import DureesObservees
from programme.models.financement import Avenant, Convention, Jalon, Tranche, VersionInstruction
from programme.models.grappes import Grappe, Vague, Verification
from programme.models.interlocuteurs import Interlocuteur
from programme.models.ouvertures import Ouverture, Unite
from programme.models.parcours import Parcours
from programme.models.perimetre import Affectation, Invitation
from programme.models.referentiel import Categorie, Departement, Editeur, Metier, Module, Region, Solution
from programme.models.suivi import Etape, Fait, Proposition
from programme.models.utilisateurs import Utilisateur

__all__ = [
    "Affectation",
    "Avenant",
    "Categorie",
    "Convention",
    "Departement",
    "DureesObservees",
    "Editeur",
    "Esms",
    "Etape",
    "EvenementEsms",
    "Fait",
    "Grappe",
    "Groupe",
    "Interlocuteur",
    "Invitation",
    "Jalon",
    "Metier",
    "Module",
    "OrganismeGestionnaire",
    "Ouverture",
    "Parcours",
    "Proposition",
    "Region",
    "Solution",
    "Tranche",
    "Unite",
    "Utilisateur",
    "Vague",
    "Verification",
    "VersionInstruction",
]
