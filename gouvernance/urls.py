"""Routes de la gouvernance : kebab-case, noms `objet-action`, un bloc par agrégat."""

from django.urls import URLPattern, path

from gouvernance.documents.dossier import DOCX, PDF
from gouvernance.views import (
    alertes,
    calendrier,
    comptes_rendus,
    decisions,
    dossiers,
    grappe,
    instances,
    journal,
    mandats,
    ordre_du_jour,
    pages_ouvertes,
    partages,
    pieces,
    propositions,
    seances,
    tenue,
)

app_name = "gouvernance"

urlpatterns: list[URLPattern] = [
    # --- alertes ---
    path("alertes/", alertes.AlerteListe.as_view(), name="alerte-liste"),
    path("alertes/ajouter/", alertes.creer, name="alerte-creer"),
    path("alertes/<int:pk>/", alertes.detail, name="alerte-detail"),
    path("parcours/<int:pk>/alertes/", alertes.de_l_esms, name="parcours-alertes"),
    # --- journal du projet ---
    path("grappes/<int:pk>/journal-projet/", journal.grappe_journal, name="grappe-journal"),
    path("parcours/<int:pk>/journal-projet/", journal.parcours_journal, name="parcours-journal"),
    path("entrees/<int:pk>/modifier/", journal.modifier, name="entree-modifier"),
    path("entrees/<int:pk>/publier/", journal.publier, name="entree-publier"),
    path("entrees/<int:pk>/retirer/", journal.retirer, name="entree-retirer"),
    # --- page des personnes accompagnées, sans compte ---
    path("parcours/<int:pk>/page-ouverte/", pages_ouvertes.parcours_page, name="parcours-page-ouverte"),
    path("grappes/<int:pk>/page-ouverte/", pages_ouvertes.grappe_page, name="grappe-page-ouverte"),
    path("nouvelles/<uuid:jeton>/", pages_ouvertes.page_ouverte, name="page-ouverte"),
    # --- partage d'un compte rendu avec le financeur ---
    path("seances/<int:pk>/partage/", partages.seance_partage, name="seance-partage"),
    # --- calendrier ---
    path("calendrier/", calendrier.calendrier, name="calendrier"),
    path("calendrier/<str:jeton>.ics", calendrier.calendrier_flux, name="calendrier-flux"),
    path("seances/<int:pk>/seance.ics", calendrier.seance_ics, name="seance-ics"),
    # --- dossier de séance ---
    path("seances/<int:pk>/dossier/", dossiers.seance_dossier, name="seance-dossier"),
    path("dossiers/<int:pk>/", dossiers.dossier_detail, name="dossier-detail"),
    path("dossiers/<int:pk>/dossier.pdf", dossiers.dossier_fichier, {"forme": PDF}, name="dossier-pdf"),
    path("dossiers/<int:pk>/dossier.docx", dossiers.dossier_fichier, {"forme": DOCX}, name="dossier-docx"),
    # --- séances, ordre du jour, tenue, compte rendu ---
    path("seances/", seances.SeanceListe.as_view(), name="seance-liste"),
    path("instances/<int:pk>/seances/ajouter/", seances.creer, name="seance-creer"),
    path("seances/<int:pk>/", seances.detail, name="seance-detail"),
    path("seances/<int:pk>/modifier/", seances.modifier, name="seance-modifier"),
    path("seances/<int:pk>/points/ajouter/", ordre_du_jour.ajouter, name="point-creer"),
    path("points/<int:pk>/modifier/", ordre_du_jour.modifier, name="point-modifier"),
    path("points/<int:pk>/retirer/", ordre_du_jour.retirer, name="point-retirer"),
    path("points/<int:pk>/deplacer/", ordre_du_jour.deplacer, name="point-deplacer"),
    path("instances/<int:pk>/points/ajouter/", ordre_du_jour.porter, name="point-porter"),
    path("seances/<int:pk>/presences/", tenue.presences, name="seance-presences"),
    path("points/<int:pk>/noter/", tenue.noter, name="point-noter"),
    path("points/<int:pk>/issues/ajouter/", tenue.issue_creer, name="issue-creer"),
    path("issues/<int:pk>/retirer/", tenue.issue_retirer, name="issue-retirer"),
    path("seances/<int:pk>/pieces/", pieces.seance_pieces, name="seance-pieces"),
    path("seances/<int:pk>/compte-rendu.pdf", comptes_rendus.pdf, name="seance-compte-rendu-pdf"),
    path("seances/<int:pk>/compte-rendu.docx", comptes_rendus.docx, name="seance-compte-rendu-docx"),
    # Propositions à l'ordre du jour
    path("seances/<int:pk>/propositions/", propositions.seance_propositions, name="seance-propositions"),
    # --- la gouvernance d'une grappe, ses instances, leurs mandats ---
    path("grappes/<int:pk>/gouvernance/", grappe.gouvernance, name="grappe-gouvernance"),
    path("grappes/<int:pk>/representation/", grappe.grappe_representation, name="grappe-representation"),
    path("grappes/<int:pk>/instances/ajouter/", instances.creer, name="instance-creer"),
    path("instances/", instances.siennes, name="instance-siennes"),
    path("instances/prochaines/", instances.prochaines, name="instance-prochaines"),
    path("instances/<int:pk>/", instances.detail, name="instance-detail"),
    path("instances/<int:pk>/modifier/", instances.modifier, name="instance-modifier"),
    path("instances/<int:pk>/clore/", instances.clore, name="instance-clore"),
    path("instances/<int:pk>/mandats/ajouter/", mandats.creer, name="mandat-creer"),
    path("mandats/<int:pk>/modifier/", mandats.modifier, name="mandat-modifier"),
    path("mandats/<int:pk>/clore/", mandats.clore, name="mandat-clore"),
    # --- décisions ---
    path("decisions/", decisions.DecisionListe.as_view(), name="decision-liste"),
    path("grappes/<int:pk>/decisions/ajouter/", decisions.creer, name="decision-creer"),
    path("decisions/<int:pk>/", decisions.detail, name="decision-detail"),
    path("decisions/<int:pk>/modifier/", decisions.modifier, name="decision-modifier"),
    path("decisions/<int:pk>/actions/ajouter/", decisions.ajouter_action, name="decision-action"),
    path("parcours/<int:pk>/decisions/", decisions.parcours_decisions, name="parcours-decisions"),
]
