"""Routes du programme : kebab-case, noms `objet-action`."""

from django.urls import path

from programme.views import (
    accueil,
    annuaire,
    comptes,
    conduite,
    grappes,
    imports,
    ouvertures,
    parcours,
    passages,
    perimetre,
    regions,
    travaux,
)
from programme.views.parcours_liste import ParcoursListe

app_name = "programme"

urlpatterns = [
    # --- accueil, parcours, passages (D) ---
    path("", accueil.accueil, name="accueil"),
    path("faits/<str:nature>/", accueil.faits_communs, name="faits-communs"),
    path("parcours/<int:pk>/", parcours.parcours_detail, name="parcours-detail"),
    path("parcours/<int:pk>/modifier/", parcours.parcours_modifier, name="parcours-modifier"),
    path("parcours/<int:pk>/faits/<str:nature>/", parcours.parcours_fait, name="parcours-fait"),
    path("parcours/<int:pk>/dates/", parcours.parcours_dates, name="parcours-dates"),
    path("parcours/<int:pk>/proposer/<str:transition>/", parcours.parcours_proposer, name="parcours-proposer"),
    path("parcours/<int:pk>/reporter/<str:transition>/", parcours.parcours_reporter, name="parcours-reporter"),
    path("parcours/<int:pk>/unites/", ouvertures.parcours_unites, name="parcours-unites"),
    path("parcours/<int:pk>/derogations/", parcours.parcours_derogations, name="parcours-derogations"),
    path("ouvertures/<int:pk>/", ouvertures.ouverture_detail, name="ouverture-detail"),
    path("passages/<slug:modele>/<int:pk>/<slug:transition>/", passages.passage, name="passage"),
    # --- annuaire, listes, régions (A) ---
    path("annuaire/esms/", annuaire.EsmsListe.as_view(), name="esms-liste"),
    path("annuaire/esms/<str:finess>/", annuaire.esms_detail, name="esms-detail"),
    path("annuaire/og/", annuaire.OgListe.as_view(), name="og-liste"),
    path("annuaire/og/<int:pk>/", annuaire.OgDetail.as_view(), name="og-detail"),
    path("parcours/", ParcoursListe.as_view(), name="parcours-liste"),
    path("regions/", regions.RegionListe.as_view(), name="region-liste"),
    path("regions/<str:code>/", regions.RegionDetail.as_view(), name="region-detail"),
    # --- grappes, périmètre (C) ---
    path("grappes/", grappes.GrappeListe.as_view(), name="grappe-liste"),
    path("grappes/nouvelle/", grappes.creer, name="grappe-creer"),
    path("grappes/porteurs/", grappes.porteurs, name="grappe-porteurs"),
    path("grappes/<int:pk>/", grappes.detail, name="grappe-detail"),
    path("grappes/<int:pk>/ajouter/", grappes.ajouter, name="grappe-ajouter"),
    path("grappes/<int:pk>/preparation/", grappes.preparation, name="grappe-preparation"),
    path("grappes/<int:pk>/modifier/", grappes.modifier, name="grappe-modifier"),
    path("grappes/<int:pk>/vagues/", conduite.vagues, name="grappe-vagues"),
    path("grappes/<int:pk>/vagues/nouvelle/", conduite.vague, name="vague-creer"),
    path("grappes/<int:pk>/vagues/<int:vague>/", conduite.vague, name="vague-modifier"),
    path("grappes/<int:pk>/verifications/", conduite.verifications, name="grappe-verifications"),
    path("grappes/<int:pk>/conditions/", conduite.conditions, name="grappe-conditions"),
    path("affectations/", perimetre.AffectationListe.as_view(), name="affectation-liste"),
    path("affectations/nouvelle/", perimetre.creer, name="affectation-creer"),
    path("affectations/<int:pk>/clore/", perimetre.clore, name="affectation-clore"),
    path("affectations/<int:pk>/inviter/", perimetre.renvoyer, name="affectation-inviter"),
    path("esms/<str:finess>/deleguer/", perimetre.deleguer, name="esms-deleguer"),
    path("invitations/<str:jeton>/", comptes.invitation, name="invitation"),
    # --- imports, travaux (B) ---
    path("imports/finess/", imports.import_finess, name="import-finess"),
    path("annuaire/esms/<str:finess>/fusion/", imports.esms_fusion, name="esms-fusion"),
    path("grappes/<int:pk>/feuille.xlsx", imports.grappe_feuille, name="grappe-feuille"),
    path("grappes/<int:pk>/feuille/", imports.grappe_feuille_import, name="grappe-feuille-import"),
    path("travaux/", travaux.TravailListe.as_view(), name="travail-liste"),
    path("travaux/<int:pk>/", travaux.travail_detail, name="travail-detail"),
    path("travaux/<int:pk>/confirmer/", travaux.travail_confirmer, name="travail-confirmer"),
    path("travaux/<int:pk>/refaire/", travaux.travail_refaire, name="travail-refaire"),
    path("travaux/<int:pk>/relancer/", travaux.travail_relancer, name="travail-relancer"),
    path("travaux/<int:pk>/rapport.csv", travaux.travail_rapport, name="travail-rapport"),
]
