"""Modèles des usages, un module par agrégat."""

from usages.models.connexions import HorairesAllumes, TrancheUsage, UsageMensuel
from usages.models.cumuls import CumulIndicateur, Ecart
from usages.models.editeurs import DemandeEditeur, MonteeDeVersion, VersionSolution
from usages.models.effets import Codage, Constat
from usages.models.enseignements import Enseignement, LectureEnseignement
from usages.models.etudes import Equipier, EtapeEtude, Etude
from usages.models.indicateurs import Cible, Indicateur, Suivi
from usages.models.liens_de_retour import CleDuJour, CompteurDeDepots, LienDeRetour
from usages.models.monographies import (
    Commentaire,
    DocumentConsulte,
    Edition,
    FaitMonographie,
    Monographie,
    SectionMonographie,
    Sigle,
)
from usages.models.pratiques import Pratique, RepriseDePratique
from usages.models.precisions import Precision
from usages.models.preuves import PreuveUsage
from usages.models.regles import RegleIndicateur
from usages.models.relais import ReglageRetours, Relais
from usages.models.releves import Releve, Valeur
from usages.models.retours import Retour, Soutien
from usages.models.suites_de_retour import SuiteDeRetour
from usages.models.tickets import Irritant, Ticket
from usages.models.verbatims import Verbatim
from usages.models.visites import NoteDeVisite, PhotoDeVisite, Rencontre, TempsDeVisite, Trame, Visite

__all__ = [
    "Codage",
    "Commentaire",
    "Constat",
    "DocumentConsulte",
    "Edition",
    "Equipier",
    "EtapeEtude",
    "Etude",
    "FaitMonographie",
    "Monographie",
    "NoteDeVisite",
    "PhotoDeVisite",
    "Rencontre",
    "SectionMonographie",
    "Sigle",
    "TempsDeVisite",
    "Trame",
    "Visite",
    "Enseignement",
    "LectureEnseignement",
    "Pratique",
    "RepriseDePratique",
    "CleDuJour",
    "CompteurDeDepots",
    "LienDeRetour",
    "Relais",
    "ReglageRetours",
    "Retour",
    "Soutien",
    "SuiteDeRetour",
    "Verbatim",
    "Cible",
    "CumulIndicateur",
    "DemandeEditeur",
    "Ecart",
    "HorairesAllumes",
    "Indicateur",
    "Irritant",
    "MonteeDeVersion",
    "Precision",
    "PreuveUsage",
    "RegleIndicateur",
    "Releve",
    "Suivi",
    "Ticket",
    "TrancheUsage",
    "UsageMensuel",
    "Valeur",
    "VersionSolution",
]
