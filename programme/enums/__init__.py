"""Valeurs closes du programme, un module par agrégat. Les mots affichés sont ceux du métier."""

from programme.enums.actions import EtatAction
from programme.enums.annuaire import NatureEvenement, Secteur
from programme.enums.chantiers import (
    AttenteDemande,
    Chantier,
    EtatChantier,
    EtatDemande,
    IssueDemande,
    MoyenReprise,
    SourceReprise,
)
from programme.enums.checklist import Niveau, RoleDuDirecteur, SansObjetSi, StatutAction
from programme.enums.financement import FRISE_JALON, EtatJalon, NatureAvenant
from programme.enums.grappes import FRISE_GRAPPE, EtatGrappe, IssueVerification, TypeVerification
from programme.enums.moments import AvisCritere, CriterePilote, EtatCandidature, EtatMoment, NatureConflit
from programme.enums.parcours import (
    A_ACCOMPAGNER,
    EN_CHEMIN,
    FRISE_PARCOURS,
    EtatOuverture,
    EtatParcours,
    MotifSortie,
    NatureFait,
    PointDepart,
    TempsEcriture,
    TypeProjet,
)
from programme.enums.perimetre import Portee, Role, Titre, role_a_l_ecran
from programme.enums.preparation import (
    SUJETS_SI,
    Couverture,
    DomaineApplication,
    Expertise,
    MethodeRecolte,
    NatureDocument,
    PerimetreSollicite,
    PrioriteBesoin,
    SortApplication,
    Sujet,
)
from programme.enums.rappels import FrequenceRappel, IssueRappel, JourRappel

__all__ = [
    "A_ACCOMPAGNER",
    "AttenteDemande",
    "AvisCritere",
    "Chantier",
    "Couverture",
    "CriterePilote",
    "DomaineApplication",
    "EN_CHEMIN",
    "EtatAction",
    "EtatCandidature",
    "EtatChantier",
    "EtatDemande",
    "EtatGrappe",
    "EtatJalon",
    "EtatMoment",
    "EtatOuverture",
    "EtatParcours",
    "Expertise",
    "FRISE_GRAPPE",
    "FRISE_JALON",
    "FRISE_PARCOURS",
    "FrequenceRappel",
    "IssueDemande",
    "IssueRappel",
    "IssueVerification",
    "JourRappel",
    "MethodeRecolte",
    "MotifSortie",
    "MoyenReprise",
    "NatureAvenant",
    "NatureConflit",
    "NatureDocument",
    "NatureEvenement",
    "NatureFait",
    "Niveau",
    "PerimetreSollicite",
    "PointDepart",
    "Portee",
    "PrioriteBesoin",
    "Role",
    "RoleDuDirecteur",
    "SUJETS_SI",
    "SansObjetSi",
    "Secteur",
    "SortApplication",
    "SourceReprise",
    "StatutAction",
    "Sujet",
    "TempsEcriture",
    "Titre",
    "TypeProjet",
    "TypeVerification",
    "role_a_l_ecran",
]
