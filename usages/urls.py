"""Routes des usages : kebab-case, noms `objet-action`, un bloc par agrégat."""

from django.urls import URLPattern, path

from usages.views import (
    chiffres,
    demandes_editeurs,
    import_tdb,
    import_tickets,
    irritants,
    precisions,
    preuves,
    releves,
    saisie_releve,
    tickets,
)

app_name = "usages"

urlpatterns: list[URLPattern] = [
    # --- relevés ---
    path("parcours/<int:pk>/releves/", releves.du_parcours, name="parcours-releves"),
    path("releves/<int:pk>/", releves.detail, name="releve-detail"),
    path("releves/<int:pk>/saisir/", saisie_releve.saisir, name="releve-saisir"),
    path("chiffres/<int:pk>/", chiffres.detail, name="valeur-detail"),
    path("chiffres/<int:pk>/corriger/", chiffres.corriger, name="valeur-corriger"),
    path("chiffres/<int:pk>/precision/", chiffres.demander, name="precision-demander"),
    # --- précisions ---
    path("precisions/<int:pk>/", precisions.detail, name="precision-detail"),
    path("precisions/<int:pk>/repondre/", precisions.repondre, name="precision-repondre"),
    # --- demandes aux éditeurs ---
    path("demandes-editeurs/<int:pk>/", demandes_editeurs.detail, name="demandeediteur-detail"),
    # --- tickets ---
    path("tickets/", tickets.TicketListe.as_view(), name="ticket-liste"),
    path("tickets/lot/", tickets.lot, name="ticket-lot"),
    path("tickets/<int:pk>/", tickets.detail, name="ticket-detail"),
    path("parcours/<int:pk>/tickets/", tickets.parcours_tickets, name="parcours-tickets"),
    path("grappes/<int:pk>/tickets/", tickets.grappe_tickets, name="grappe-tickets"),
    path("grappes/<int:pk>/tickets/importer/", import_tickets.importer, name="ticket-import"),
    path("grappes/<int:pk>/tickets/relier/<int:correspondance>/", import_tickets.relier, name="tickets-relier"),
    # --- irritants ---
    path("irritants/", irritants.IrritantListe.as_view(), name="irritant-liste"),
    path("irritants/<int:pk>/", irritants.detail, name="irritant-detail"),
    path("irritants/<int:pk>/modifier/", irritants.modifier, name="irritant-modifier"),
    path("irritants/<int:pk>/oublier/", irritants.supprimer, name="irritant-supprimer"),
    path("grappes/<int:pk>/irritants/nommer/", irritants.creer, name="irritant-creer"),
    # --- tableau de bord ESMS ---
    path("parcours/<int:pk>/tableau-de-bord-esms/", import_tdb.importer, name="parcours-tdb"),
    path("parcours/<int:pk>/tableau-de-bord-esms/<int:travail>/", import_tdb.relier, name="tdb-relier"),
    # --- preuves d'usage ---
    path("preuves/<int:pk>/", preuves.detail, name="preuveusage-detail"),
]
