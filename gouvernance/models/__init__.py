"""Modèles de la gouvernance, un module par agrégat."""

from gouvernance.models.alertes import Alerte
from gouvernance.models.decisions import Decision, Portee
from gouvernance.models.instances import Instance, Mandat
from gouvernance.models.journal import Entree, PageOuverte, Publication
from gouvernance.models.partages import PartageSeance
from gouvernance.models.seances import CompteRendu, DossierSeance, Issue, Point, Presence, Seance

__all__ = [
    "Alerte",
    "CompteRendu",
    "Decision",
    "DossierSeance",
    "Entree",
    "Instance",
    "Issue",
    "Mandat",
    "PageOuverte",
    "PartageSeance",
    "Point",
    "Portee",
    "Presence",
    "Publication",
    "Seance",
]
