"""Les comptes de la démonstration : des rôles, jamais des personnes."""

from collections.abc import Mapping
from datetime import date

from django.contrib.auth.hashers import make_password

from programme.enums import Portee, Role, Titre
from programme.models import Affectation, Utilisateur
from programme.mots_de_passe import MOT_DE_PASSE_DEMONSTRATION
from programme.services.perimetre import Cible, affecter

ANNONCES: dict[str, str] = {
    "cheffe": "Cheffe de projet des deux grappes",
    "directrice": "Directrice du pôle Enfance",
    "referent": "Référent local de la maison d'enfants",
    "siege": "Siège de l'association, direction du numérique",
    "ars": "Référente ARS Auvergne-Rhône-Alpes",
    "grades": "Accompagnateur GRADeS",
    "appui": "Équipe d'appui de la grappe",
    "membre": "Membre du COMOP",
    "admin": "Administratrice",
    "voisin": "Directeur de la résidence voisine",
}
"""Comptes annoncés au lancement."""

AUTRES: dict[str, str] = {
    "direction-personnes-agees": "Directeur du pôle Personnes âgées",
    "direction-travail-logement": "Directrice du pôle Travail et logement",
    "direction-adultes": "Directeur du pôle Accompagnement des adultes",
    "direction-surdite": "Directrice du pôle Surdité",
    "direction-residences": "Directrice des résidences, Ain et métropole de Lyon",
    "direction-domicile": "Directeur des services à domicile, Loire et Isère",
    "direction-montagne": "Directrice du pôle Handicap, Haute-Savoie",
    "interim-montagne": "Cheffe de service, direction par intérim",
    "delegue-adultes": "Directeur adjoint de la maison d'accueil spécialisée",
    "direction-ime": "Directrice de l'IME",
    "direction-enfants": "Directeur du pôle Enfance et autonomie",
    "direction-hebergement": "Directrice du pôle Adultes et domicile",
    "conduite-guyane": "Chef de projet de la grappe guyanaise",
    "direction-guyane": "Directeur des établissements de l'île de Cayenne",
    "direction-ouest": "Directrice des services de l'ouest guyanais",
    "conduite-coteaux": "Cheffe de projet de la grappe soldée",
}
"""Ceux qui décident autour d'eux ; même mot de passe, mais on n'en parle pas au lancement."""


def creer_comptes() -> dict[str, Utilisateur]:
    """Crée tous les comptes et rend le dictionnaire par identifiant."""
    # Un seul calcul pour tous : le mot de passe est public, et son hachage lent à dessein.
    empreinte = make_password(MOT_DE_PASSE_DEMONSTRATION)
    return {
        identifiant: Utilisateur.objects.create(
            identifiant=identifiant,
            password=empreinte,
            nom=nom,
            courriel=f"{identifiant}@exemple.invalid",
        )
        for identifiant, nom in (ANNONCES | AUTRES).items()
    }


def nommer_l_administratrice(admin: Utilisateur, du: date) -> None:
    """La première affectation ne peut venir de personne : elle s'écrit ici, et elle seule."""
    Affectation.objects.create(utilisateur=admin, role=Role.ADMIN, portee=Portee.NATIONAL, du=du)


def nommer(
    comptes: Mapping[str, Utilisateur],
    identifiant: str,
    role: str,
    *cibles: Cible,
    du: date,
    titre: str = Titre.TITULAIRE,
    motif: str = "",
) -> None:
    """L'administratrice confie `role` au compte sur chaque cible."""
    for cible in cibles:
        affecter(
            utilisateur=comptes[identifiant],
            role=role,
            cible=cible,
            du=du,
            titre=titre,
            motif=motif,
            par=comptes["admin"],
        )
