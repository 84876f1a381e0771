"""Modèles de la formation, un module par agrégat."""

from formation.models.changement import Annonce, BilanChangement, MesureChangement, Objectif
from formation.models.comptes import CompteDui, ConnexionVerifiee
from formation.models.couverture import Acquis, CumulCouverture
from formation.models.habilitations import Habilitation, Matrice, Profil, RaisonHabilitation, RegleCoherence
from formation.models.plan import Declinaison, Formateur, ModuleFormation, PlanFormation
from formation.models.professionnels import Poste, Professionnel
from formation.models.sessions import AvisFormation, Inscription, SessionFormation

__all__ = [
    "Acquis",
    "Annonce",
    "AvisFormation",
    "BilanChangement",
    "CompteDui",
    "ConnexionVerifiee",
    "CumulCouverture",
    "Declinaison",
    "Formateur",
    "Habilitation",
    "Inscription",
    "Matrice",
    "MesureChangement",
    "ModuleFormation",
    "Objectif",
    "PlanFormation",
    "Poste",
    "Profil",
    "Professionnel",
    "RaisonHabilitation",
    "RegleCoherence",
    "SessionFormation",
]
