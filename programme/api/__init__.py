"""API v1 du programme : mêmes périmètres, même porte et mêmes refus que les pages."""

from django.urls import path

from programme.api.actions import ListeActions
from programme.api.annuaire import ListeEsms
from programme.api.besoins import BesoinsCommunsGrappe, ListeApplications, ListeBesoins
from programme.api.checklist import ActionParcours, ChecklistParcours
from programme.api.demandes import ListeDemandes
from programme.api.etat_des_lieux import EtatDesLieuxParcours, PersonnesParcours
from programme.api.feu_vert import FeuVertParcours
from programme.api.filtres import LectureFiltre, ListeFiltres
from programme.api.financement import FinancementGrappe
from programme.api.grappes import LectureGrappe, ListeGrappes, PreparationGrappe
from programme.api.moments import MomentsGrappe
from programme.api.parcours import ConditionsParcours, LectureParcours, ListeParcours
from programme.api.passages import (
    PassageAction,
    PassageDemande,
    PassageGrappe,
    PassageJalon,
    PassageOuverture,
    PassageParcours,
)
from programme.api.preparation import PreparationParcours
from programme.api.prevision import PrevisionParcours
from programme.api.regions import LectureRegion, ListeRegions

routes = [
    path("filtres/", ListeFiltres.as_view(), name="filtre-liste"),
    path("filtres/<int:pk>/", LectureFiltre.as_view(), name="filtre-detail"),
    path("esms/", ListeEsms.as_view(), name="esms-liste"),
    path("grappes/", ListeGrappes.as_view(), name="grappe-liste"),
    path("grappes/<int:pk>/", LectureGrappe.as_view(), name="grappe-detail"),
    path("grappes/<int:pk>/preparation/", PreparationGrappe.as_view(), name="grappe-preparation"),
    path("grappes/<int:pk>/moments/", MomentsGrappe.as_view(), name="grappe-moments"),
    path("grappes/<int:pk>/financement/", FinancementGrappe.as_view(), name="grappe-financement"),
    path("grappes/<int:pk>/besoins-communs/", BesoinsCommunsGrappe.as_view(), name="grappe-besoins-communs"),
    path("besoins/", ListeBesoins.as_view(), name="besoin-liste"),
    path("applications/", ListeApplications.as_view(), name="application-liste"),
    path("jalons/<int:pk>/transitions/", PassageJalon.as_view(), name="jalon-transitions"),
    path("actions/", ListeActions.as_view(), name="action-liste"),
    path("actions/<int:pk>/transitions/", PassageAction.as_view(), name="action-transitions"),
    path("demandes-parametrage/", ListeDemandes.as_view(), name="demandeparametrage-liste"),
    path("demandes-parametrage/<int:pk>/transitions/", PassageDemande.as_view(), name="demandeparametrage-transitions"),
    path("regions/", ListeRegions.as_view(), name="region-liste"),
    path("regions/<str:code>/", LectureRegion.as_view(), name="region-detail"),
    path("grappes/<int:pk>/transitions/", PassageGrappe.as_view(), name="grappe-transitions"),
    path("parcours/", ListeParcours.as_view(), name="parcours-liste"),
    path("parcours/<int:pk>/", LectureParcours.as_view(), name="parcours-detail"),
    path("parcours/<int:pk>/conditions/", ConditionsParcours.as_view(), name="parcours-conditions"),
    path("parcours/<int:pk>/preparation/", PreparationParcours.as_view(), name="parcours-preparation"),
    path("parcours/<int:pk>/checklist/", ChecklistParcours.as_view(), name="parcours-checklist"),
    path("parcours/<int:pk>/checklist/<slug:code>/", ActionParcours.as_view(), name="parcours-checklist-action"),
    path("parcours/<int:pk>/etat-des-lieux/", EtatDesLieuxParcours.as_view(), name="parcours-etat-des-lieux"),
    path("parcours/<int:pk>/personnes/", PersonnesParcours.as_view(), name="parcours-personnes"),
    path("parcours/<int:pk>/feu-vert.pdf", FeuVertParcours.as_view(), name="parcours-feu-vert"),
    path("parcours/<int:pk>/prevision/", PrevisionParcours.as_view(), name="parcours-prevision"),
    path("parcours/<int:pk>/transitions/", PassageParcours.as_view(), name="parcours-transitions"),
    path("ouvertures/<int:pk>/transitions/", PassageOuverture.as_view(), name="ouverture-transitions"),
]
