"""Routes de la formation : kebab-case, noms `objet-action`, un bloc par agrégat."""

from django.urls import URLPattern, path

from formation.views import inscriptions, matrices, presences, sessions

app_name = "formation"

urlpatterns: list[URLPattern] = [
    # --- professionnels et postes ---
    # --- import des professionnels ---
    # --- plan de formation ---
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
    # --- couverture, arrivants ---
    # --- plan de changement ---
    # --- profils et matrices ---
    path("matrices/<int:pk>/", matrices.detail, name="matrice-detail"),
    # --- fichier de l'éditeur, « qui voit quoi » ---
    # --- comptes du DUI ---
]
