"""LA table d'accès : une ligne par nom d'url, et ce que chaque rôle y obtient de chaque côté du périmètre.

Une ligne dit qui *voit* (les autres : 404) et, parmi eux, qui *peut* (les autres : 403). Sans objet dans l'adresse,
il n'y a qu'un côté. L'anonyme est renvoyé à la connexion, ou reçoit 401 de l'API.
"""

from collections.abc import Callable
from typing import Any

from tests.acces.formation import FORMATION
from tests.acces.gouvernance import GOUVERNANCE
from tests.acces.lignes import (
    ADMINISTRE,
    AJOUTE_SOLUTION,
    API,
    CLOT,
    CONDUIT,
    CONSTATE,
    DECIDE,
    DELEGUE,
    DIT_UN_CHANTIER,
    ECRIT_UNE_ACTION,
    ENGAGER,
    EST_DE_LA_GRAPPE,
    GROUPE,
    INSTRUIT,
    LIT_FINANCEMENT,
    LIT_GRILLE,
    LIT_PIECE,
    LIT_PREPARATION,
    MONTE_GRAPPE,
    NOMME,
    PUBLIQUE,
    REPOND,
    SAISIT,
    TOUS,
    VOIT_AFFECTATION,
    VOIT_GRAPPE,
    VOIT_PARCOURS,
    VOIT_TRAVAIL,
    VOIT_VUE,
    Ligne,
    _action,
    _action_de_grappe,
    _affectation,
    _compte,
    _demande,
    _esms,
    _evenement,
    _grappe,
    _groupe,
    _jalon,
    _moment,
    _ouverture,
    _parcours,
    _passage,
    _reprise,
    _solution,
    _travail,
    _vue,
    qui,
)
from tests.acces.monde import Cote
from tests.acces.risques import RISQUES
from tests.acces.usages import USAGES

COMPTES = {
    "connexion": Ligne(**PUBLIQUE, code=302, ecrit=True),
    "deconnexion": Ligne(lit=False, ecrit=True),
    "mot-de-passe-changer": Ligne(ecrit=True),
    "password_change_done": Ligne(),
    "password_reset": Ligne(**PUBLIQUE, ecrit=True),
    "password_reset_done": Ligne(**PUBLIQUE),
    "password_reset_confirm": Ligne({"uidb64": "MQ", "token": "faux"}, **PUBLIQUE, ecrit=True),
    "password_reset_complete": Ligne(**PUBLIQUE),
    "programme:invitation": Ligne({"jeton": "faux"}, voit=qui(), anonyme=404, ecrit=True),
    "aide": Ligne(**PUBLIQUE),
    "accessibilite": Ligne(**PUBLIQUE),
    "qui-voit-quoi": Ligne(**PUBLIQUE),
    "sante": Ligne(**(PUBLIQUE | {"genre": "api"})),
}

LECTURES = {
    "programme:accueil": Ligne(naturel="directeur"),
    "programme:esms-liste": Ligne(),
    "programme:esms-detail": Ligne(_esms),
    "programme:og-liste": Ligne(),
    "programme:og-detail": Ligne(lambda c: {"pk": c.og.pk}),
    "programme:parcours-liste": Ligne(),
    "programme:parcours-detail": Ligne(_parcours, VOIT_PARCOURS, naturel="directeur"),
    "programme:ouverture-detail": Ligne(_ouverture, VOIT_PARCOURS, peut_ecrire=SAISIT, ecrit=True, naturel="directeur"),
    "programme:region-liste": Ligne(naturel="ars"),
    "programme:region-carte": Ligne(naturel="ars"),
    "programme:region-detail": Ligne(lambda c: {"code": c.region.pk}, VOIT_GRAPPE, naturel="ars"),
    "programme:grappe-liste": Ligne(),
    "programme:grappe-detail": Ligne(_grappe, VOIT_GRAPPE),
    "programme:grappe-preparation": Ligne(_grappe, VOIT_GRAPPE, LIT_GRILLE),
    "programme:grappe-calendrier": Ligne(_grappe, VOIT_GRAPPE),
    "programme:calendrier-deplacer": Ligne(
        lambda c: _grappe(c) | {"parcours": c.parcours.pk}, VOIT_PARCOURS, SAISIT, lit=False, ecrit=True
    ),
    "programme:grappe-tableau": Ligne(
        _grappe, VOIT_GRAPPE, peut_ecrire=qui("chef_projet directeur voisin", "etranger"), ecrit=True
    ),
    "programme:grappe-porteurs": Ligne(genre="fragment"),
    "programme:affectation-liste": Ligne(),
}

PARCOURS = {
    "programme:parcours-modifier": Ligne(_parcours, VOIT_PARCOURS, SAISIT, ecrit=True),
    "programme:parcours-fait": Ligne(lambda c: _parcours(c) | {"nature": "cse"}, VOIT_PARCOURS, SAISIT, ecrit=True),
    "programme:parcours-feu-vert": Ligne(_parcours, VOIT_PARCOURS, LIT_PREPARATION, genre="fichier"),
    "programme:parcours-dates": Ligne(_parcours, VOIT_PARCOURS, SAISIT, ecrit=True),
    "programme:parcours-unites": Ligne(_parcours, VOIT_PARCOURS, SAISIT, ecrit=True),
    "programme:parcours-ouvertures": Ligne(_parcours, VOIT_PARCOURS, DECIDE, ecrit=True, naturel="directeur"),
    "programme:parcours-proposer": Ligne(
        lambda c: _parcours(c) | {"transition": "engager"}, VOIT_PARCOURS, CONDUIT, ecrit=True
    ),
    "programme:dates-en-lot": Ligne(peut=qui("chef_projet directeur voisin etranger"), ecrit=True),
    "programme:proposer-en-lot": Ligne(peut=qui("chef_projet etranger"), ecrit=True),
    "programme:parcours-reporter": Ligne(
        lambda c: _parcours(c) | {"transition": "engager"}, VOIT_PARCOURS, DECIDE, ecrit=True, naturel="directeur"
    ),
    "programme:faits-communs": Ligne({"nature": "cse"}, peut=REPOND, ecrit=True, naturel="directeur"),
    "programme:passage": Ligne(_passage("parcours", "engager"), VOIT_PARCOURS, DECIDE, ecrit=True, naturel="directeur"),
    "programme:passage suspendre": Ligne(_passage("parcours", "suspendre"), VOIT_PARCOURS, CONDUIT, ecrit=True),
    "programme:passage constater": Ligne(_passage("parcours", "constater"), VOIT_PARCOURS, CONSTATE, ecrit=True),
    "programme:passage grappe": Ligne(_passage("grappe", "conventionner"), VOIT_GRAPPE, CONDUIT, ecrit=True),
    "programme:passage ouverture": Ligne(
        _passage("ouverture", "preparer"), VOIT_PARCOURS, DECIDE, ecrit=True, naturel="directeur"
    ),
}

GRAPPES = {
    "programme:grappe-creer": Ligne(peut=MONTE_GRAPPE, ecrit=True),
    "programme:grappe-ajouter": Ligne(_grappe, VOIT_GRAPPE, CONDUIT, ecrit=True),
    "programme:grappe-modifier": Ligne(_grappe, VOIT_GRAPPE, CONDUIT, ecrit=True),
    "programme:grappe-vagues": Ligne(_grappe, VOIT_GRAPPE, CONDUIT, ecrit=True),
    "programme:vague-creer": Ligne(_grappe, VOIT_GRAPPE, CONDUIT, ecrit=True),
    "programme:vague-modifier": Ligne(lambda c: _grappe(c) | {"vague": c.vague.pk}, VOIT_GRAPPE, CONDUIT, ecrit=True),
    "programme:grappe-verifications": Ligne(_grappe, VOIT_GRAPPE, CONDUIT, ecrit=True),
    "programme:grappe-conditions": Ligne(_grappe, VOIT_GRAPPE, CONDUIT, ecrit=True),
    "programme:affectation-creer": Ligne(peut=NOMME, ecrit=True),
    "programme:affectation-clore": Ligne(_affectation, VOIT_AFFECTATION, CLOT, ecrit=True, naturel="directeur"),
    "programme:affectation-inviter": Ligne(_affectation, VOIT_AFFECTATION, CLOT, lit=False, ecrit=True),
    "programme:esms-deleguer": Ligne(_esms, TOUS, DELEGUE, ecrit=True, naturel="directeur"),
}

FINANCEMENT = {
    "programme:grappe-financement": Ligne(_grappe, VOIT_GRAPPE, LIT_FINANCEMENT),
    "programme:convention-modifier": Ligne(_grappe, VOIT_GRAPPE, CONDUIT, ecrit=True),
    "programme:jalon-creer": Ligne(_grappe, VOIT_GRAPPE, CONDUIT, ecrit=True),
    "programme:avenant-creer": Ligne(_grappe, VOIT_GRAPPE, CONDUIT, ecrit=True),
    "programme:jalon-liste": Ligne(naturel="ars"),
    "programme:jalon-detail": Ligne(_jalon, LIT_FINANCEMENT, peut_ecrire=CONDUIT, ecrit=True),
    "programme:jalon-modifier": Ligne(_jalon, LIT_FINANCEMENT, CONDUIT, ecrit=True),
    "programme:avenant-detail": Ligne(lambda c: {"pk": c.avenant.pk}, LIT_FINANCEMENT, peut_ecrire=CONDUIT, ecrit=True),
    "programme:piece": Ligne(lambda c: {"pk": c.piece.pk}, LIT_PIECE, genre="fichier"),
    "programme:passage transmettre": Ligne(_passage("jalon", "transmettre"), LIT_FINANCEMENT, CONDUIT, ecrit=True),
    "programme:passage demander": Ligne(
        _passage("jalon", "demander_precision"), LIT_FINANCEMENT, qui("ars"), ecrit=True, naturel="ars"
    ),
    "programme:passage verser": Ligne(_passage("jalon", "verser"), LIT_FINANCEMENT, CONDUIT, ecrit=True),
}

TIENT_LA_CARTE = qui("chef_projet directeur referent siege admin", "admin etranger")
PASSE_LA_MAIN = qui("chef_projet admin", "admin etranger")

PERSONNES = {
    "programme:sans-direction": Ligne(),
    "programme:passation": Ligne(_compte, PASSE_LA_MAIN, PASSE_LA_MAIN, ecrit=True, naturel="admin"),
    "programme:evenement-liste": Ligne(),
    "programme:evenement-detail": Ligne(
        _evenement, LIT_PREPARATION, peut_ecrire=qui("chef_projet siege admin", "admin etranger"), ecrit=True
    ),
    "programme:carte-interlocuteurs": Ligne(_esms, VOIT_PARCOURS, naturel="directeur"),
    "programme:esms-interlocuteurs": Ligne(_esms, TOUS, TIENT_LA_CARTE, ecrit=True, naturel="directeur"),
    "programme:og-interlocuteurs": Ligne(
        lambda c: {"pk": c.og.pk}, TOUS, qui("siege admin", "admin"), ecrit=True, naturel="siege"
    ),
    "programme:grappe-interlocuteurs": Ligne(
        _grappe, VOIT_GRAPPE, peut_ecrire=qui("chef_projet admin", "admin etranger"), ecrit=True
    ),
}

ACTIONS = {
    "programme:action-liste": Ligne(),
    "programme:action-creer": Ligne(peut=ECRIT_UNE_ACTION, ecrit=True),
    "programme:action-lot": Ligne(code=302, ecrit=True),
    "programme:action-detail": Ligne(_action, LIT_PREPARATION, naturel="directeur"),
    "programme:action-detail grappe": Ligne(_action_de_grappe, EST_DE_LA_GRAPPE),
    "programme:action-modifier": Ligne(_action, LIT_PREPARATION, SAISIT, ecrit=True),
    "programme:action-modifier grappe": Ligne(_action_de_grappe, EST_DE_LA_GRAPPE, CONDUIT, ecrit=True),
    "programme:passage terminer": Ligne(_passage("action", "terminer"), LIT_PREPARATION, SAISIT, ecrit=True),
    "programme:passage abandonner": Ligne(_passage("action", "abandonner"), LIT_PREPARATION, SAISIT, ecrit=True),
    "api:action-liste": Ligne(peut_ecrire=ECRIT_UNE_ACTION, ecrit=True, **API),
    "api:action-transitions": Ligne(
        _action, LIT_PREPARATION, SAISIT, lit=False, ecrit=True, corps={"transition": "terminer"}, **API
    ),
}

DEMANDES = {
    "programme:demandeparametrage-liste": Ligne(),
    "programme:demandeparametrage-creer": Ligne(peut=ECRIT_UNE_ACTION, ecrit=True, naturel="directeur"),
    "programme:demandeparametrage-detail": Ligne(_demande, LIT_PREPARATION),
    "programme:demandeparametrage-modifier": Ligne(_demande, LIT_PREPARATION, SAISIT, ecrit=True, naturel="referent"),
    "programme:passage instruire": Ligne(
        _passage("demandeparametrage", "instruire"), LIT_PREPARATION, INSTRUIT, ecrit=True
    ),
    "programme:passage conclure": Ligne(
        _passage("demandeparametrage", "conclure"), LIT_PREPARATION, INSTRUIT, ecrit=True, naturel="directeur"
    ),
    "programme:passage retirer": Ligne(
        _passage("demandeparametrage", "retirer"), LIT_PREPARATION, SAISIT, ecrit=True, naturel="directeur"
    ),
    "api:demandeparametrage-liste": Ligne(**API),
    "api:demandeparametrage-transitions": Ligne(
        _demande,
        LIT_PREPARATION,
        INSTRUIT,
        lit=False,
        ecrit=True,
        corps={"transition": "instruire", "attente": "editeur"},
        **API,
    ),
}

PREPARATION = {
    "programme:parcours-preparation": Ligne(_parcours, VOIT_PARCOURS, LIT_PREPARATION, naturel="directeur"),
    "programme:chantier-dire": Ligne(
        lambda c: _parcours(c) | {"chantier": "materiel"},
        VOIT_PARCOURS,
        DIT_UN_CHANTIER,
        ecrit=True,
        naturel="directeur",
    ),
    "programme:parcours-reprise": Ligne(
        _parcours, VOIT_PARCOURS, LIT_PREPARATION, SAISIT, ecrit=True, naturel="directeur"
    ),
    "programme:chantier-liste": Ligne(),
    "api:parcours-preparation": Ligne(_parcours, VOIT_PARCOURS, LIT_PREPARATION, **API),
}

SI = {
    "programme:parcours-etat-des-lieux": Ligne(
        _parcours, VOIT_PARCOURS, LIT_PREPARATION, SAISIT, ecrit=True, naturel="directeur"
    ),
    "programme:parcours-equipement": Ligne(_parcours, VOIT_PARCOURS, SAISIT, ecrit=True, naturel="directeur"),
    "programme:parcours-inventaire": Ligne(_parcours, VOIT_PARCOURS, SAISIT, ecrit=True, naturel="siege"),
    "programme:parcours-outils": Ligne(_parcours, VOIT_PARCOURS, LIT_PREPARATION, genre="fichier"),
    "programme:parcours-besoins": Ligne(
        _parcours, VOIT_PARCOURS, LIT_PREPARATION, SAISIT, ecrit=True, naturel="directeur"
    ),
    "programme:parcours-ressources": Ligne(
        _parcours, VOIT_PARCOURS, LIT_PREPARATION, SAISIT, ecrit=True, naturel="directeur"
    ),
    "programme:ligne-modifier": Ligne(
        lambda c: _parcours(c) | {"genre": "application", "ligne": c.application.pk},
        VOIT_PARCOURS,
        SAISIT,
        ecrit=True,
        naturel="directeur",
    ),
    "programme:grappe-etat-des-lieux": Ligne(_grappe, VOIT_GRAPPE, LIT_GRILLE),
    "programme:grappe-cahier": Ligne(_grappe, VOIT_GRAPPE, LIT_GRILLE, genre="fichier"),
    "programme:application-liste": Ligne(),
    "api:application-liste": Ligne(**API),
    "api:besoin-liste": Ligne(**API),
    "api:grappe-besoins-communs": Ligne(_grappe, VOIT_GRAPPE, LIT_GRILLE, **API),
    "api:parcours-etat-des-lieux": Ligne(_parcours, VOIT_PARCOURS, LIT_PREPARATION, **API),
    "api:parcours-personnes": Ligne(_parcours, VOIT_PARCOURS, LIT_PREPARATION, **API),
    "programme:besoin-liste": Ligne(),
    "programme:besoin-rapprocher": Ligne(peut=qui("chef_projet etranger"), code=302, ecrit=True),
    "programme:besoin-commun": Ligne(lambda c: {"pk": c.commun.pk}, LIT_PREPARATION, peut_ecrire=CONDUIT, ecrit=True),
}

CHOISIT = qui("chef_projet directeur", "etranger")

MOMENTS = {
    # Ajouter un conflit revient à qui saisit ; sans dire quoi, on choisit une vague.
    "programme:parcours-moment": Ligne(
        _parcours, VOIT_PARCOURS, LIT_PREPARATION, CHOISIT, ecrit=True, naturel="directeur"
    ),
    "programme:moment-detail": Ligne(_moment, LIT_PREPARATION, code=302),
    "programme:grappe-moments": Ligne(_grappe, VOIT_GRAPPE, LIT_GRILLE, CONDUIT, ecrit=True),
    "programme:passage accepter": Ligne(
        _passage("moment", "accepter"), LIT_PREPARATION, DECIDE, ecrit=True, naturel="directeur"
    ),
    "programme:passage retirer": Ligne(_passage("moment", "retirer"), LIT_PREPARATION, CONDUIT, ecrit=True),
    "programme:passage classer": Ligne(_passage("moment", "classer"), LIT_PREPARATION, CHOISIT, ecrit=True),
    # Une candidature attend : qui saisit la complète.
    "programme:parcours-candidature": Ligne(
        _parcours, VOIT_PARCOURS, LIT_PREPARATION, SAISIT, ecrit=True, naturel="directeur"
    ),
    "programme:candidature-detail": Ligne(lambda c: {"pk": c.candidature.pk}, LIT_PREPARATION, code=302),
    "programme:grappe-pilotes": Ligne(_grappe, VOIT_GRAPPE, LIT_GRILLE),
    "programme:passage designer": Ligne(_passage("candidature", "designer"), LIT_PREPARATION, CONDUIT, ecrit=True),
    "api:grappe-moments": Ligne(_grappe, VOIT_GRAPPE, LIT_GRILLE, **API),
}

REFERENTIELS = {
    "programme:solution-liste": Ligne(),
    "programme:solution-creer": Ligne(peut=AJOUTE_SOLUTION, ecrit=True),
    "programme:solution-modifier": Ligne(_solution, TOUS, ADMINISTRE, ecrit=True, naturel="admin"),
    "programme:groupe-liste": Ligne(naturel="siege"),
    "programme:groupe-creer": Ligne(peut=qui("siege admin"), ecrit=True, naturel="siege"),
    "programme:groupe-modifier": Ligne(_groupe, VOIT_PARCOURS, GROUPE, ecrit=True, naturel="siege"),
    "programme:compte-liste": Ligne(peut=qui("admin"), naturel="admin"),
    "programme:compte-fermer": Ligne(_compte, TOUS, ADMINISTRE, ecrit=True, naturel="admin"),
    "programme:compte-rouvrir": Ligne(_compte, TOUS, ADMINISTRE, ecrit=True, naturel="admin"),
}

VUES = {
    # Chacun les siens : il n'y a pas d'objet dans l'adresse.
    "programme:rappel-regler": Ligne(ecrit=True),
    "programme:rappel-couper": Ligne(lit=False, ecrit=True),
    "programme:rappel-retablir": Ligne(lit=False, ecrit=True),
    "programme:vue-liste": Ligne(),
    "programme:vue-enregistrer": Ligne(ecrit=True),
    # Partagée à la grappe : ceux qui en sont l'ouvrent, qui la conduit la change ; celle d'ailleurs n'existe pas.
    "programme:vue-modifier": Ligne(_vue, VOIT_VUE, CONDUIT, ecrit=True),
    "programme:vue-supprimer": Ligne(_vue, VOIT_VUE, CONDUIT, ecrit=True),
    "programme:parcours-lot": Ligne(code=302, ecrit=True),
    "api:filtre-liste": Ligne(**API),
    "api:filtre-detail": Ligne(_vue, VOIT_VUE, **API),
}

IMPORTS = {
    "programme:import-finess": Ligne(peut=qui("admin"), ecrit=True, naturel="admin"),
    "programme:esms-fusion": Ligne(_esms, TOUS, ADMINISTRE, ecrit=True, naturel="admin"),
    "programme:grappe-feuille": Ligne(_grappe, VOIT_GRAPPE, CONDUIT, genre="fichier"),
    "programme:grappe-feuille-import": Ligne(_grappe, VOIT_GRAPPE, CONDUIT, ecrit=True),
    "programme:grappe-reprise": Ligne(_grappe, VOIT_GRAPPE, CONDUIT, ecrit=True),
    "programme:reprise-inviter": Ligne(_grappe, VOIT_GRAPPE, CONDUIT, ecrit=True),
    "programme:reprise-relier": Ligne(_reprise, VOIT_GRAPPE, CONDUIT, ecrit=True),
    "programme:reprise-classeur": Ligne(_reprise, VOIT_GRAPPE, CONDUIT, genre="fichier"),
    "programme:travail-liste": Ligne(),
    "programme:travail-detail": Ligne(_travail, VOIT_TRAVAIL),
    "programme:travail-confirmer": Ligne(_travail, VOIT_TRAVAIL, CONDUIT, lit=False, ecrit=True),
    "programme:travail-refaire": Ligne(_travail, VOIT_TRAVAIL, CONDUIT, lit=False, ecrit=True),
    "programme:travail-relancer": Ligne(_travail, VOIT_TRAVAIL, CONDUIT, lit=False, ecrit=True),
    "programme:travail-rapport": Ligne(_travail, VOIT_TRAVAIL, genre="fichier"),
}

API_V1 = {
    "api:openapi": Ligne(**(API | {"anonyme": 200})),
    "api:introuvable": Ligne(voit=qui(), ecrit=True, **(API | {"anonyme": 404})),
    "api:fichier-introuvable": Ligne(
        {"chemin": "parcours/rien/feu-vert.pdf"}, voit=qui(), ecrit=True, **(API | {"anonyme": 404})
    ),
    "api:esms-liste": Ligne(**API),
    "api:grappe-liste": Ligne(**API),
    "api:grappe-detail": Ligne(_grappe, VOIT_GRAPPE, **API),
    "api:grappe-preparation": Ligne(_grappe, VOIT_GRAPPE, LIT_GRILLE, **API),
    "api:grappe-financement": Ligne(_grappe, VOIT_GRAPPE, LIT_FINANCEMENT, **API),
    "api:jalon-transitions": Ligne(
        _jalon, LIT_FINANCEMENT, CONDUIT, lit=False, ecrit=True, corps={"transition": "transmettre"}, **API
    ),
    "api:region-liste": Ligne(**API),
    "api:region-detail": Ligne(lambda c: {"code": c.region.pk}, VOIT_GRAPPE, **API),
    "api:parcours-liste": Ligne(**API),
    "api:parcours-detail": Ligne(_parcours, VOIT_PARCOURS, **API),
    "api:parcours-conditions": Ligne(_parcours, VOIT_PARCOURS, LIT_PREPARATION, **API),
    "api:parcours-feu-vert": Ligne(_parcours, VOIT_PARCOURS, LIT_PREPARATION, **API),
    "api:parcours-prevision": Ligne(_parcours, VOIT_PARCOURS, **API),
    "api:parcours-transitions": Ligne(_parcours, VOIT_PARCOURS, DECIDE, lit=False, ecrit=True, corps=ENGAGER, **API),
    "api:grappe-transitions": Ligne(
        _grappe, VOIT_GRAPPE, CONDUIT, lit=False, ecrit=True, corps={"transition": "conventionner"}, **API
    ),
    "api:ouverture-transitions": Ligne(
        _ouverture,
        VOIT_PARCOURS,
        DECIDE,
        lit=False,
        ecrit=True,
        corps={"transition": "preparer", "motif": "essai"},
        **API,
    ),
}


def _de_la_checklist(code: str) -> Callable[[Cote], dict[str, Any]]:
    return lambda cote: _parcours(cote) | {"code": code}


def _niveau(niveau: str, **suite: str) -> Callable[[Cote], dict[str, Any]]:
    return lambda cote: _grappe(cote) | {"niveau": niveau, "cle": getattr(cote, niveau).pk} | suite


def _ligne_du_modele(cote: Cote) -> dict[str, Any]:
    return _grappe(cote) | {"code": "cvs"}


LIT_SON_OG = qui("chef_projet siege", "etranger")

CHECKLIST = {
    "programme:checklist-esms": Ligne(_parcours, VOIT_PARCOURS, LIT_PREPARATION, naturel="directeur"),
    "programme:checklist-imprimer": Ligne(_parcours, VOIT_PARCOURS, LIT_PREPARATION, naturel="directeur"),
    "programme:checklist-repondre": Ligne(_de_la_checklist("cvs"), VOIT_PARCOURS, SAISIT, lit=False, ecrit=True),
    "programme:checklist-commune": Ligne({"code": "cvs"}, peut=REPOND, ecrit=True, naturel="directeur"),
    "programme:grappe-checklist": Ligne(_grappe, VOIT_GRAPPE, LIT_GRILLE),
    "programme:checklist-niveau": Ligne(_niveau("grappe"), VOIT_GRAPPE, LIT_GRILLE),
    "programme:checklist-niveau og": Ligne(_niveau("og"), VOIT_PARCOURS, LIT_PREPARATION, naturel="siege"),
    "programme:checklist-niveau groupe": Ligne(_niveau("groupe"), VOIT_PARCOURS, LIT_PREPARATION, naturel="siege"),
    "programme:checklist-niveau-repondre": Ligne(
        _niveau("grappe", code="instances"), VOIT_GRAPPE, CONDUIT, lit=False, ecrit=True
    ),
    "programme:checklist-niveau-repondre og": Ligne(
        _niveau("og", code="budget"), VOIT_PARCOURS, LIT_SON_OG, lit=False, ecrit=True
    ),
    "programme:checklist-feuille": Ligne(_grappe, VOIT_GRAPPE, CONDUIT, genre="fichier"),
    "programme:checklist-feuille-import": Ligne(_grappe, VOIT_GRAPPE, CONDUIT, ecrit=True),
    "programme:checklist-modele": Ligne(_grappe, VOIT_GRAPPE, CONDUIT, ecrit=True),
    "programme:checklist-ligne-creer": Ligne(_grappe, VOIT_GRAPPE, CONDUIT, ecrit=True),
    "programme:checklist-ligne-modifier": Ligne(_ligne_du_modele, VOIT_GRAPPE, CONDUIT, ecrit=True),
    "programme:checklist-ligne-retirer": Ligne(_ligne_du_modele, VOIT_GRAPPE, CONDUIT, lit=False, ecrit=True),
    "api:parcours-checklist": Ligne(_parcours, VOIT_PARCOURS, LIT_PREPARATION, **API),
    "api:parcours-checklist-action": Ligne(
        _de_la_checklist("cvs"), VOIT_PARCOURS, SAISIT, lit=False, ecrit=True, ecriture="PATCH",
        corps={"statut": "en_cours"}, **API,
    ),
}  # fmt: skip

LIGNES: dict[str, Ligne] = (
    COMPTES
    | LECTURES
    | PARCOURS
    | CHECKLIST
    | GRAPPES
    | PERSONNES
    | FINANCEMENT
    | ACTIONS
    | DEMANDES
    | PREPARATION
    | SI
    | MOMENTS
    | GOUVERNANCE
    | RISQUES
    | FORMATION
    | USAGES
    | REFERENTIELS
    | IMPORTS
    | VUES
    | API_V1
)
"""Par nom d'url ; un second mot distingue deux usages de la même (« programme:passage grappe »)."""

SANS_LIGNE: dict[str, str] = {}
"""Urls sans ligne, et pourquoi. Les fichiers statiques n'en sont pas : WhiteNoise les sert avant les urls."""
