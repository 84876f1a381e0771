"""Modèles du programme, un module par agrégat."""

from programme.models.actions import Action
from programme.models.annuaire import Esms, EvenementEsms, Groupe, OrganismeGestionnaire
from programme.models.besoins import Besoin, BesoinCommun
from programme.models.candidatures import Candidature, ReponseCritere
from programme.models.chantiers import AvisChantier, LigneReprise
from programme.models.checklist import LigneChecklist, ReponseChecklist, VersionChecklist, VersionPubliee
from programme.models.demandes import DemandeParametrage
from programme.models.durees import DureesObservees
from programme.models.etat_des_lieux import Application, DocumentSi, Equipement
from programme.models.financement import Avenant, Convention, Jalon, Tranche, VersionInstruction
from programme.models.grappes import Grappe, Vague, Verification
from programme.models.interlocuteurs import Interlocuteur
from programme.models.moments import ConflitCalendrier, Moment
from programme.models.ouvertures import Ouverture, Unite
from programme.models.parcours import Parcours
from programme.models.perimetre import Affectation, Invitation
from programme.models.rappels import PreferenceRappel, Rappel
from programme.models.referentiel import Categorie, Departement, Editeur, Metier, Module, Region, Solution
from programme.models.ressources import PersonneRessource, TempsMetier
from programme.models.suivi import Etape, Fait, Proposition
from programme.models.utilisateurs import Utilisateur

__all__ = [
    "Action",
    "Affectation",
    "Application",
    "Avenant",
    "AvisChantier",
    "Besoin",
    "BesoinCommun",
    "Candidature",
    "Categorie",
    "ConflitCalendrier",
    "Convention",
    "DemandeParametrage",
    "Departement",
    "DocumentSi",
    "DureesObservees",
    "Editeur",
    "Equipement",
    "Esms",
    "Etape",
    "EvenementEsms",
    "Fait",
    "Grappe",
    "Groupe",
    "Interlocuteur",
    "Invitation",
    "Jalon",
    "LigneChecklist",
    "LigneReprise",
    "Metier",
    "Module",
    "Moment",
    "OrganismeGestionnaire",
    "Ouverture",
    "Parcours",
    "PersonneRessource",
    "PreferenceRappel",
    "Proposition",
    "Rappel",
    "Region",
    "ReponseChecklist",
    "ReponseCritere",
    "Solution",
    "TempsMetier",
    "Tranche",
    "Unite",
    "Utilisateur",
    "Vague",
    "Verification",
    "VersionChecklist",
    "VersionInstruction",
    "VersionPubliee",
]
