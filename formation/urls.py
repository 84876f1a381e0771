"""Routes de la formation : kebab-case, noms `objet-action`, un bloc par agrégat."""

from django.urls import URLPattern, path

from formation.views import habilitations, matrice_saisie, matrices, profils, sessions
from formation.views import besoins, declinaisons, formateurs, matrices, plan, sessions
from formation.views import inscriptions, matrices, presences, sessions
from formation.views import avis, bilans, changement, matrices, sessions
from formation.views import constats, couverture, matrices, sessions
from formation.views import comptes, fichier_editeur, matrices, placements, qui_voit_quoi, sessions
from formation.views import matrices, postes, professionnels, sessions

app_name = "formation"

urlpatterns: list[URLPattern] = [
    # --- professionnels et postes ---
    path(
        "parcours/<int:pk>/professionnels/",
        professionnels.ProfessionnelListe.as_view(),
        name="parcours-professionnels",
    ),
    path("parcours/<int:pk>/professionnels/ajouter/", professionnels.creer, name="professionnel-creer"),
    path("parcours/<int:pk>/professionnels/compter/", postes.compter, name="postes-compter"),
    path("parcours/<int:pk>/fiche-reflexe.pdf", professionnels.reflexe, name="parcours-reflexe-pdf"),
    path("professionnels/<int:pk>/", professionnels.detail, name="professionnel-detail"),
    path("professionnels/<int:pk>/modifier/", professionnels.modifier, name="professionnel-modifier"),
    path("professionnels/<int:pk>/donnees/", professionnels.donnees, name="professionnel-exporter"),
    path("professionnels/<int:pk>/effacer/", professionnels.effacer, name="professionnel-effacer"),
    path("professionnels/<int:pk>/postes/ajouter/", postes.creer, name="poste-creer"),
    path("postes/<int:pk>/modifier/", postes.modifier, name="poste-modifier"),
    path("postes/<int:pk>/sortie/", postes.clore, name="poste-clore"),
    path("postes/<int:pk>/retirer/", postes.retirer, name="poste-retirer"),
    # --- import des professionnels ---
    # --- plan de formation ---
    path("grappes/<int:pk>/formation/plan/", plan.grappe_formation_plan, name="grappe-formation-plan"),
    path("grappes/<int:pk>/formation/plan/regler/", plan.plan_regler, name="plan-regler"),
    path("grappes/<int:pk>/formation/besoins/", besoins.grappe_formation_besoins, name="grappe-formation-besoins"),
    path("grappes/<int:pk>/modules-formation/ajouter/", plan.moduleformation_creer, name="moduleformation-creer"),
    path("modules-formation/<int:pk>/", plan.moduleformation_detail, name="moduleformation-detail"),
    path("modules-formation/<int:pk>/modifier/", plan.moduleformation_modifier, name="moduleformation-modifier"),
    path("modules-formation/<int:pk>/retirer/", plan.moduleformation_retirer, name="moduleformation-retirer"),
    path("modules-formation/<int:pk>/remettre/", plan.moduleformation_remettre, name="moduleformation-remettre"),
    path("grappes/<int:pk>/formateurs/ajouter/", formateurs.formateur_creer, name="formateur-creer"),
    path("formateurs/<int:pk>/modifier/", formateurs.formateur_modifier, name="formateur-modifier"),
    path("formateurs/<int:pk>/retirer/", formateurs.formateur_retirer, name="formateur-retirer"),
    path("parcours/<int:pk>/formation/plan/", declinaisons.parcours_formation_plan, name="parcours-formation-plan"),
    # --- sessions ---
    path("sessions-formation/", sessions.SessionFormationListe.as_view(), name="sessionformation-liste"),
    path("grappes/<int:pk>/sessions-formation/ajouter/", sessions.creer, name="sessionformation-creer"),
    path("parcours/<int:pk>/sessions-formation/ajouter/", sessions.creer_pour_l_esms, name="parcours-session-creer"),
    path("sessions-formation/<int:pk>/", sessions.detail, name="sessionformation-detail"),
    path("sessions-formation/<int:pk>/modifier/", sessions.modifier, name="sessionformation-modifier"),
    # --- inscriptions et présences ---
    path("sessions-formation/<int:pk>/inscrire/", inscriptions.inscrire, name="session-inscrire"),
    path("sessions-formation/<int:pk>/convoquer/", inscriptions.convoquer, name="session-convoquer"),
    path("sessions-formation/<int:pk>/agenda.ics", inscriptions.ics, name="session-ics"),
    path("sessions-formation/<int:pk>/attestations.pdf", inscriptions.attestations, name="session-attestations-pdf"),
    path("sessions-formation/<int:pk>/emargement.pdf", presences.emargement_pdf, name="session-emargement-pdf"),
    path("sessions-formation/<int:pk>/emargement.csv", presences.emargement_csv, name="session-emargement-csv"),
    path("sessions-formation/<int:pk>/presences/", presences.presences, name="session-presences"),
    path(
        "sessions-formation/<int:pk>/presences/rapporter/", presences.presences_import, name="session-presences-import"
    ),
    path("inscriptions/<int:pk>/retirer/", inscriptions.retirer, name="inscription-retirer"),
    path("inscriptions/<int:pk>/attestation.pdf", inscriptions.attestation, name="inscription-attestation-pdf"),
    # --- avis, sans compte ---
    path("avis-formation/<uuid:jeton>/", avis.deposer, name="avis-deposer"),
    path("sessions-formation/<int:pk>/avis/", avis.session_avis, name="session-avis"),
    # --- couverture, arrivants ---
    path("grappes/<int:pk>/formation/", couverture.grappe, name="grappe-formation"),
    path("og/<int:pk>/formation/", couverture.og, name="og-formation"),
    path("regions/<str:code>/formation/", couverture.region, name="region-formation"),
    path("parcours/<int:pk>/formation/", couverture.parcours, name="parcours-formation"),
    path("parcours/<int:pk>/arrivants/", couverture.arrivants, name="parcours-arrivants"),
    path("parcours/<int:pk>/formation/constater/", constats.constater, name="acquis-constater"),
    path("acquis/<int:pk>/retirer/", constats.retirer, name="acquis-retirer"),
    # --- plan de changement ---
    path("parcours/<int:pk>/changement/", changement.parcours_changement, name="parcours-changement"),
    path("grappes/<int:pk>/changement/", changement.grappe_changement, name="grappe-changement"),
    path("parcours/<int:parcours>/changement/actions/ajouter/", changement.mesure_creer, name="mesure-creer"),
    path("grappes/<int:grappe>/changement/actions/ajouter/", changement.mesure_creer, name="mesure-creer"),
    path("actions-du-plan/<int:pk>/modifier/", changement.mesure_modifier, name="mesure-modifier"),
    path("parcours/<int:pk>/annonce/", changement.parcours_annonce, name="parcours-annonce"),
    path("parcours/<int:parcours>/objectifs/ajouter/", bilans.objectif_creer, name="objectif-creer"),
    path("grappes/<int:grappe>/objectifs/ajouter/", bilans.objectif_creer, name="objectif-creer"),
    path("objectifs/<int:pk>/modifier/", bilans.objectif_modifier, name="objectif-modifier"),
    path("objectifs/<int:pk>/retirer/", bilans.objectif_retirer, name="objectif-retirer"),
    path("parcours/<int:pk>/bilan/", bilans.parcours_bilan, name="parcours-bilan"),
    path("bilans-du-changement/<int:pk>/", bilans.bilan_detail, name="bilan-detail"),
    # --- profils et matrices ---
    path("grappes/<int:pk>/droits-d-acces/", habilitations.grappe, name="grappe-habilitations"),
    path("grappes/<int:pk>/droits-d-acces/ouvrir/", matrices.creer, name="matrice-creer"),
    path("grappes/<int:pk>/profils/ajouter/", profils.creer, name="profil-creer"),
    path("profils/<int:pk>/modifier/", profils.modifier, name="profil-modifier"),
    path("profils/<int:pk>/retirer/", profils.retirer, name="profil-retirer"),
    path("parcours/<int:pk>/droits-d-acces/", habilitations.esms, name="parcours-habilitations"),
    path("parcours/<int:pk>/droits-d-acces/ouvrir/", matrices.creer_variante, name="matrice-creer-variante"),
    path("matrices/<int:pk>/", matrices.detail, name="matrice-detail"),
    path("matrices/<int:pk>/saisir/", matrice_saisie.saisir, name="matrice-saisir"),
    path("matrices/<int:pk>/raisons/", matrices.raisons, name="matrice-raison"),
    path("matrices/<int:pk>/differences/", matrices.differences, name="matrice-differences"),
    path("matrices/<int:pk>/suivre/", matrices.suivre, name="matrice-suivre"),
    path("matrices/<int:pk>/revoir/", matrices.revoir, name="matrice-revoir"),
    # --- fichier de l'éditeur, « qui voit quoi » ---
    path("matrices/<int:pk>/matrice.xlsx", fichier_editeur.matrice_fichier, {"forme": "xlsx"}, name="matrice-xlsx"),
    path("matrices/<int:pk>/matrice.csv", fichier_editeur.matrice_fichier, {"forme": "csv"}, name="matrice-csv"),
    path("matrices/<int:pk>/importer/", fichier_editeur.matrice_import, name="matrice-import"),
    path("parcours/<int:pk>/qui-voit-quoi/", qui_voit_quoi.parcours_qui_voit_quoi, name="parcours-qui-voit-quoi"),
    path(
        "parcours/<int:pk>/qui-voit-quoi.pdf",
        qui_voit_quoi.parcours_qui_voit_quoi_pdf,
        name="parcours-qui-voit-quoi-pdf",
    ),
    path("parcours/<int:pk>/placements/", placements.parcours_placements, name="parcours-placements"),
    path(
        "parcours/<int:pk>/comptes-a-creer.xlsx",
        placements.parcours_placements_fichier,
        {"forme": "xlsx"},
        name="parcours-placements-xlsx",
    ),
    path(
        "parcours/<int:pk>/comptes-a-creer.csv",
        placements.parcours_placements_fichier,
        {"forme": "csv"},
        name="parcours-placements-csv",
    ),
    # --- comptes du DUI ---
    path("parcours/<int:pk>/comptes-dui/", comptes.parcours_comptes, name="parcours-comptes"),
    path("parcours/<int:pk>/comptes-dui/importer/", comptes.comptes_import, name="comptes-import"),
    path("comptes-dui/<int:pk>/rapprocher/", comptes.compte_rapprocher, name="compte-dui-rapprocher"),
    path("unites/<int:pk>/connexion/", comptes.unite_connexion, name="unite-connexion"),
]
