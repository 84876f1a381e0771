"""Routes des usages : kebab-case, noms `objet-action`, un bloc par agrégat."""

from django.urls import URLPattern, path

from usages.views import (
    chiffres,
    classeur_releves,
    connexions,
    demandes_editeurs,
    editeurs,
    import_tdb,
    import_tickets,
    indicateurs,
    irritants,
    precisions,
    preuves,
    releves,
    releves_liste,
    routine,
    saisie_releve,
    semblables,
    suivis,
    tickets,
    transmission,
    versions,
)
from usages.views.etudes import effets, entonnoir, etapes, etude
from usages.views.etudes import equipe as equipe_d_etude
from usages.views.etudes.liste import EtudeListe
from usages.views.monographies import annexes as monographies_annexes
from usages.views.monographies import atelier as monographies
from usages.views.monographies import ecrire as sections
from usages.views.monographies import lecture as monographie_lecture
from usages.views.monographies import liste as monographies_liste
from usages.views.monographies import relire as relectures
from usages.views.retours import capture as retours_capture
from usages.views.retours import detail as retour
from usages.views.retours import donner as retours_donner
from usages.views.retours import enseignements, pratiques, relais, verbatims
from usages.views.retours import liens as retours_liens
from usages.views.retours import liste as retours_liste
from usages.views.retours import reponses as retours_reponses
from usages.views.retours import reponses_par_lien as retours_par_lien
from usages.views.retours import suites as suites_de_retour
from usages.views.retours import suivi as retours_suivi
from usages.views.retours import tableau as retours_tableau
from usages.views.retours import themes as retours_themes
from usages.views.tableaux import pages as tableaux
from usages.views.visites import codage, constats
from usages.views.visites import detail as visites_detail
from usages.views.visites import esms as visites_esms
from usages.views.visites import liste as visites_liste
from usages.views.visites import notes as visites_notes
from usages.views.visites import photos as visites_photos
from usages.views.visites import programme as visites_programme
from usages.views.visites import trames as visites_trames
from usages.views.visites import verbatims as verbatims_de_visite

app_name = "usages"

urlpatterns: list[URLPattern] = [
    # --- catalogue ---
    path("indicateurs/", indicateurs.IndicateurListe.as_view(), name="indicateur-liste"),
    path("indicateurs/classeur.xlsx", indicateurs.classeur, name="indicateur-classeur"),
    path("indicateurs/rapporter/", indicateurs.rapporter, name="indicateur-rapporter"),
    path("indicateurs/<slug:code>/", indicateurs.detail, name="indicateur-detail"),
    path("indicateurs/<slug:code>/cible/", indicateurs.cible_creer, name="indicateur-cible"),
    # --- indicateurs suivis ---
    path("grappes/<int:pk>/indicateurs/", suivis.grappe_indicateurs, name="grappe-indicateurs"),
    path("grappes/<int:pk>/indicateurs/choisir/", suivis.choisir, name="grappe-indicateurs-choisir"),
    path("grappes/<int:pk>/indicateurs/<slug:code>/", suivis.grappe_indicateur, name="grappe-indicateur"),
    path("grappes/<int:pk>/indicateurs/<slug:code>/arreter/", suivis.arreter, name="suivi-arreter"),
    path("grappes/<int:pk>/indicateurs/<slug:code>/alertes/", suivis.surveiller, name="suivi-alertes"),
    path("grappes/<int:pk>/indicateurs/<slug:code>/cible/", suivis.cible_creer, name="cible-creer"),
    path("cibles/<int:pk>/", suivis.cible_modifier, name="cible-modifier"),
    path("cibles/<int:pk>/retirer/", suivis.cible_retirer, name="cible-retirer"),
    # --- relevés ---
    path("parcours/<int:pk>/releves/", releves.du_parcours, name="parcours-releves"),
    path("releves/", releves_liste.ReleveListe.as_view(), name="releve-liste"),
    path("releves/lot/", releves_liste.lot, name="releve-lot"),
    path("grappes/<int:pk>/releves/", releves_liste.grappe_releves, name="grappe-releves"),
    path("grappes/<int:pk>/releves/<str:periode>/releves.xlsx", classeur_releves.classeur, name="releves-classeur"),
    path("grappes/<int:pk>/releves/<str:periode>/rapporter/", classeur_releves.rapporter, name="releves-rapporter"),
    path("releves/<int:pk>/", releves.detail, name="releve-detail"),
    path("releves/<int:pk>/feuille.pdf", releves.feuille, name="releve-feuille"),
    path("releves/<int:pk>/transmettre/", transmission.transmettre, name="releve-transmettre"),
    path("releves/<int:pk>/saisir/", saisie_releve.saisir, name="releve-saisir"),
    path("chiffres/<int:pk>/", chiffres.detail, name="valeur-detail"),
    path("chiffres/<int:pk>/corriger/", chiffres.corriger, name="valeur-corriger"),
    path("chiffres/<int:pk>/precision/", chiffres.demander, name="precision-demander"),
    # --- précisions ---
    path("precisions/<int:pk>/", precisions.detail, name="precision-detail"),
    path("precisions/<int:pk>/repondre/", precisions.repondre, name="precision-repondre"),
    # --- connexions ---
    path("parcours/<int:pk>/connexions/", connexions.parcours, name="parcours-connexions"),
    path("parcours/<int:pk>/connexions/importer/", connexions.importer, name="connexions-import"),
    path("parcours/<int:pk>/connexions/heures/", connexions.reglage_horaires, name="connexions-horaires"),
    path("connexions/correspondances/<int:correspondance>/", connexions.relier, name="connexions-relier"),
    path("grappes/<int:pk>/connexions/", connexions.grappe, name="grappe-connexions"),
    # --- demandes aux éditeurs ---
    path("demandes-editeurs/", demandes_editeurs.DemandeEditeurListe.as_view(), name="demandeediteur-liste"),
    path("demandes-editeurs/<int:pk>/", demandes_editeurs.detail, name="demandeediteur-detail"),
    # --- comparaison à des semblables ---
    path("parcours/<int:pk>/semblables/", semblables.parcours, name="parcours-semblables"),
    # --- routine ---
    path("parcours/<int:pk>/routine/", routine.parcours, name="parcours-routine"),
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
    path("demandes-editeurs/<int:pk>/modifier/", demandes_editeurs.modifier, name="demandeediteur-modifier"),
    path("grappes/<int:pk>/demandes-editeurs/nouvelle/", demandes_editeurs.creer, name="demandeediteur-creer"),
    # --- éditeurs, versions ---
    path("grappes/<int:pk>/editeurs/", editeurs.grappe_editeurs, name="grappe-editeurs"),
    path("grappes/<int:pk>/editeurs/<int:editeur>/", editeurs.grappe_editeur, name="grappe-editeur"),
    path("grappes/<int:pk>/editeurs/<int:editeur>/editeur.pdf", editeurs.grappe_editeur_pdf, name="grappe-editeur-pdf"),
    path("grappes/<int:pk>/versions/<int:version>/", versions.grappe_montees, name="grappe-montees"),
    path("referentiels/solutions/<int:pk>/versions/", versions.solution_versions, name="solution-versions"),
    path("referentiels/solutions/<int:pk>/versions/nouvelle/", versions.version_creer, name="version-creer"),
    path("versions/<int:pk>/modifier/", versions.version_modifier, name="version-modifier"),
    path("parcours/<int:pk>/versions/", versions.parcours_versions, name="parcours-versions"),
    path("montees/<int:pk>/modifier/", versions.montee_modifier, name="montee-modifier"),
    path("montees/<int:pk>/retirer/", versions.montee_retirer, name="montee-retirer"),
    # --- preuves d'usage ---
    path("jalons/<int:pk>/preuves/", preuves.du_jalon, name="jalon-preuves"),
    path("jalons/<int:pk>/preuves/preparer/", preuves.creer, name="preuve-creer"),
    path("preuves/<int:pk>/", preuves.detail, name="preuveusage-detail"),
    path("preuves/<int:pk>/modifier/", preuves.modifier, name="preuve-modifier"),
    path("preuves/<int:pk>/preuve.pdf", preuves.en_pdf, name="preuve-pdf"),
    path("preuves/<int:pk>/preuve.csv", preuves.en_csv, name="preuve-csv"),
    # --- retours : réponses, liens ---
    path("parcours/<int:pk>/retours/reponses/", retours_reponses.parcours_reponses, name="parcours-reponses"),
    path("parcours/<int:pk>/retours/affiche.pdf", retours_reponses.affiche_de_l_esms, name="reponses-affiche"),
    path("grappes/<int:pk>/retours/reponses/", retours_reponses.grappe_reponses, name="grappe-reponses"),
    path("grappes/<int:pk>/retours/affiche.pdf", retours_reponses.affiche_de_la_grappe, name="grappe-reponses-affiche"),
    path("retours/<int:pk>/nous-aussi/", retours_reponses.soutenir, name="retour-soutenir"),
    path("retours/<int:pk>/reponse/", retours_reponses.a_l_auteur, name="retour-reponse"),
    path("r/<str:jeton>/reponses/", retours_par_lien.reponses, name="retour-lien-reponses"),
    path("r/<str:jeton>/nous-aussi/<int:pk>/", retours_par_lien.soutenir, name="retour-lien-soutenir"),
    path("parcours/<int:pk>/retours/liens/", retours_liens.parcours_liens, name="parcours-liens"),
    path("parcours/<int:pk>/retours/liens/creer/", retours_liens.creer, name="lien-creer"),
    path("liens-de-retour/<int:pk>/revoquer/", retours_liens.revoquer, name="lien-revoquer"),
    path("liens-de-retour/<int:pk>/affiche.pdf", retours_liens.affiche, name="lien-affiche"),
    # --- retours dans le temps, comité utilisateurs ---
    path("parcours/<int:pk>/retours/themes/", retours_themes.parcours_themes, name="parcours-retours-themes"),
    path("grappes/<int:pk>/retours/themes/", retours_themes.grappe_themes, name="grappe-retours-themes"),
    path("grappes/<int:pk>/retours/comite.pdf", retours_themes.comite, name="comite-utilisateurs"),
    # --- retours : les donner ---
    path("r/", retours_capture.liens, name="retour-liens"),
    path("r/suivi/", retours_suivi.suivi, name="retour-suivi"),
    path("r/<str:jeton>/", retours_capture.lien, name="retour-lien"),
    path("parcours/<int:pk>/retours/donner/", retours_donner.donner, name="retour-donner"),
    # --- enseignements du pilote ---
    path("grappes/<int:pk>/enseignements/", enseignements.EnseignementListe.as_view(), name="grappe-enseignements"),
    path("grappes/<int:pk>/enseignements/ecrire/", enseignements.creer, name="enseignement-creer"),
    path("enseignements/<int:pk>/", enseignements.detail, name="enseignement-detail"),
    path("enseignements/<int:pk>/modifier/", enseignements.modifier, name="enseignement-modifier"),
    path("parcours/<int:pk>/enseignements/", enseignements.a_lire, name="parcours-enseignements"),
    # --- pratiques partagées ---
    path("pratiques/", pratiques.PratiqueListe.as_view(), name="pratique-liste"),
    path("pratiques/ecrire/", pratiques.creer, name="pratique-creer"),
    path("pratiques/<int:pk>/", pratiques.detail, name="pratique-detail"),
    path("pratiques/<int:pk>/modifier/", pratiques.modifier, name="pratique-modifier"),
    path("pratiques/<int:pk>/reprendre/", pratiques.reprendre, name="pratique-reprendre"),
    # --- tableaux de bord ---
    path("parcours/<int:pk>/tableau-de-bord/", tableaux.parcours, name="parcours-tableau-de-bord"),
    path("grappes/<int:pk>/tableau-de-bord/", tableaux.grappe, name="grappe-tableau-de-bord"),
    path("og/<int:pk>/tableau-de-bord/", tableaux.og, name="og-tableau-de-bord"),
    path("regions/<str:code>/tableau-de-bord/", tableaux.region, name="region-tableau-de-bord"),
    path("pays/tableau-de-bord/", tableaux.pays, name="pays-tableau-de-bord"),
    # --- suites d'un retour, verbatims ---
    path("retours/<int:pk>/suites/<str:nature>/", suites_de_retour.creer, name="retour-suite"),
    path("parcours/<int:pk>/verbatims/", verbatims.du_parcours, name="parcours-verbatims"),
    path("verbatims/<int:pk>/modifier/", verbatims.modifier, name="verbatim-modifier"),
    # --- retours de terrain : traiter ---
    path("retours/", retours_liste.RetourListe.as_view(), name="retour-liste"),
    path("retours/lot/", retours_liste.lot, name="retour-lot"),
    path("retours/<int:pk>/", retour.detail, name="retour-detail"),
    path("retours/<int:pk>/proches/", retour.proches, name="retour-proches"),
    path("retours/<int:pk>/regrouper/", retour.regrouper, name="retour-regrouper"),
    path("retours/<int:pk>/resume/", retour.redire, name="retour-resume"),
    path("retours/<int:pk>/confier/", retour.confier, name="retour-confier"),
    path("parcours/<int:pk>/retours/", retours_tableau.parcours, name="parcours-retours"),
    path("grappes/<int:pk>/retours/", retours_tableau.grappe, name="grappe-retours"),
    path("grappes/<int:pk>/retours/delais/", retours_tableau.reglage, name="retours-reglage"),
    path("parcours/<int:pk>/retours/relais/", relais.parcours_relais, name="parcours-relais"),
    path("retours/relais/<int:pk>/retirer/", relais.retirer, name="relais-retirer"),
    # --- monographies : les lire, les emporter ---
    path("monographies/<int:pk>/lire/", monographie_lecture.lire, name="monographie-lire"),
    path("monographies/<int:pk>/monographie.pdf", monographie_lecture.en_pdf, name="monographie-pdf"),
    path("monographies/<int:pk>/monographie.docx", monographie_lecture.en_docx, name="monographie-docx"),
    path("editions/<int:pk>/lire/", monographie_lecture.edition, name="edition-lire"),
    # --- études : l'équipe, la base, l'entonnoir ---
    path("etudes/", EtudeListe.as_view(), name="etude-liste"),
    path("etudes/creer/", etude.creer, name="etude-creer"),
    path("etudes/<int:pk>/", etude.detail, name="etude-detail"),
    path("etudes/<int:pk>/modifier/", etude.modifier, name="etude-modifier"),
    path("etudes/<int:pk>/equipe/", equipe_d_etude.equipe, name="etude-equipe"),
    path("equipiers/<int:pk>/retirer/", equipe_d_etude.retirer, name="equipier-retirer"),
    path("etudes/<int:pk>/base/", etude.base, name="etude-base"),
    path("etudes/<int:pk>/entonnoir/", entonnoir.entonnoir, name="etude-entonnoir"),
    path("etudes/<int:pk>/entonnoir/entonnoir.csv", entonnoir.en_csv, name="etude-entonnoir-csv"),
    path("etudes/<int:pk>/entonnoir/modele/", entonnoir.modele, name="etude-modele"),
    path("etudes/<int:pk>/entonnoir/pourquoi/<str:ref>/", entonnoir.pourquoi, name="etude-pourquoi"),
    path("etudes/<int:pk>/etapes/<str:genre>/creer/", etapes.creer, name="etape-creer"),
    path("etapes/<int:pk>/modifier/", etapes.modifier, name="etape-modifier"),
    path("etapes/<int:pk>/figer/", etapes.figer, name="etape-figer"),
    path("etapes/<int:pk>/rouvrir/", etapes.rouvrir, name="etape-rouvrir"),
    path("etapes/<int:pk>/retirer/", etapes.retirer, name="etape-retirer"),
    path("etapes/<int:pk>/exceptions/", etapes.exceptions, name="etape-exceptions"),
    path("etapes/<int:pk>/prendre/", etapes.prendre, name="etape-prendre"),
    path("etapes/<int:pk>/noter/", etapes.noter, name="etape-noter"),
    # --- études : verbatims d'une visite, constats, codage, synthèse ---
    path("visites/<int:pk>/verbatims/", verbatims_de_visite.liste, name="visite-verbatims"),
    path("visites/<int:pk>/constats/", constats.liste, name="visite-constats"),
    path("constats/<int:pk>/modifier/", constats.modifier, name="constat-modifier"),
    path("constats/<int:pk>/retirer/", constats.retirer, name="constat-retirer"),
    path("visites/<int:pk>/codage/", codage.coder, name="visite-codage"),
    path("visites/<int:pk>/accord/", codage.accord, name="visite-accord"),
    path("etudes/<int:pk>/effets/", effets.synthese, name="etude-effets"),
    path("etudes/<int:pk>/effets.csv", effets.en_csv, name="etude-effets-csv"),
    path("etudes/<int:pk>/effets.xlsx", effets.en_classeur, name="etude-effets-xlsx"),
    path("etudes/<int:pk>/verbatims/", effets.verbatims, name="etude-verbatims"),
    # --- monographies : écrire ---
    path("monographies/", monographies_liste.MonographieListe.as_view(), name="monographie-liste"),
    path("visites/<int:pk>/monographie/", monographies.commencer, name="monographie-commencer"),
    path("monographies/<int:pk>/", monographies.detail, name="monographie-detail"),
    path("monographies/<int:pk>/modifier/", monographies.modifier, name="monographie-modifier"),
    path("monographies/<int:pk>/sections/<str:code>/", sections.ecrire, name="section-ecrire"),
    path("monographies/<int:pk>/sections/<str:code>/histoire/", sections.histoire, name="section-histoire"),
    path("monographies/<int:pk>/sections/<str:code>/relire/", relectures.relire, name="section-relire"),
    path("commentaires/<int:pk>/repondre/", relectures.repondre, name="commentaire-repondre"),
    path("monographies/<int:pk>/faits/", monographies_annexes.faits, name="monographie-faits"),
    path("monographies/<int:pk>/documents/", monographies_annexes.documents, name="monographie-documents"),
    path("monographies/<int:pk>/sigles/", monographies_annexes.sigles, name="monographie-sigles"),
    # Remplacée par la page de lecture de la part SORTIES, du même nom.
    # --- visites d'étude ---
    path("etudes/<int:pk>/visites/", visites_liste.etude_visites, name="etude-visites"),
    path("etudes/<int:pk>/visites/proposer/", visites_liste.proposer, name="visite-proposer"),
    path("etudes/<int:pk>/trames/", visites_trames.etude_trames, name="etude-trames"),
    path("etudes/<int:pk>/trames/<str:theme>/<str:forme>/", visites_trames.ecrire, name="trame-ecrire"),
    path("visites/<int:pk>/", visites_detail.detail, name="visite-detail"),
    path("visites/<int:pk>/modifier/", visites_detail.modifier, name="visite-modifier"),
    path("visites/<int:pk>/temps/ajouter/", visites_programme.ajouter, name="temps-ajouter"),
    path("temps-de-visite/<int:pk>/modifier/", visites_programme.modifier, name="temps-modifier"),
    path("temps-de-visite/<int:pk>/retirer/", visites_programme.retirer, name="temps-retirer"),
    path("visites/<int:pk>/rencontres/", visites_programme.rencontres, name="visite-rencontres"),
    path("visites/<int:pk>/programme.pdf", visites_programme.en_pdf, name="visite-programme"),
    path("visites/<int:pk>/notes/", visites_notes.prendre, name="visite-notes"),
    path("visites/<int:pk>/notes/envoyer/", visites_notes.envoyer, name="note-envoyer"),
    path("visites/<int:pk>/notes/manifest.webmanifest", visites_notes.manifeste, name="visite-manifeste"),
    path("notes-de-visite/<int:pk>/modifier/", visites_notes.modifier, name="note-modifier"),
    path("visites/<int:pk>/photos/", visites_photos.visite_photos, name="visite-photos"),
    path("photos-de-visite/<int:pk>/modifier/", visites_photos.modifier, name="photo-modifier"),
    path("photos-de-visite/<int:pk>/retirer/", visites_photos.retirer, name="photo-retirer"),
    path("parcours/<int:pk>/etudes/", visites_esms.parcours_etudes, name="parcours-etudes"),
]
