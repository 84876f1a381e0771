"""Qui a le droit, et pourquoi : une fonction par verbe, qui rend un `Droit` (oui ou non, motif, rôle)."""

from typing import Any

from programme.enums import EtatParcours, Role, Titre
from programme.models import (
    Affectation,
    Esms,
    Grappe,
    Groupe,
    OrganismeGestionnaire,
    Ouverture,
    Parcours,
    Region,
    Utilisateur,
)
from programme.perimetre import Affecte
from programme.socle.droits import Droit, inscrire

DECISION_AU_DIRECTEUR = (
    "La décision revient au directeur de l'ESMS, à son intérim ou à son délégué ; le chef de projet la propose."
)
CONDUITE_AU_CHEF_DE_PROJET = "Ce geste revient au chef de projet de la grappe."
SAISIE_RESERVEE = "La saisie revient au directeur, au référent local, au siège de l'OG ou au chef de projet."
NOMINATION = "Nommer revient au siège de l'OG, au chef de projet ou à l'administrateur."
PREPARATION_RESERVEE = "Le financeur lit les jalons et le calendrier, pas ce qui se prépare."
ADMINISTRATION = "Ce geste revient à l'administrateur."


def rattachements(objet: Any) -> dict[str, Any]:
    """Région, grappe, OG et ESMS auxquels un objet se rattache."""
    if isinstance(objet, Ouverture):
        objet = objet.unite.parcours
    if isinstance(objet, Parcours):
        return rattachements(objet.esms) | {"grappe": objet.grappe_id}
    if isinstance(objet, Grappe):
        return {"region": objet.region_id, "grappe": objet.pk}
    if isinstance(objet, Esms):
        region = objet.departement.region_id if objet.departement else None
        return {"region": region, "og": objet.og_id, "esms": objet.pk}
    if isinstance(objet, OrganismeGestionnaire):
        return {"og": objet.pk}
    if isinstance(objet, Groupe):
        return {"og": objet.og_id}
    raise TypeError(f"Objet sans périmètre : {objet!r}")


def affectes_sur(utilisateur: Utilisateur, objet: Any) -> list[Affecte]:
    """Affectations en cours de l'utilisateur qui couvrent l'objet."""
    return utilisateur.perimetre.affectes_sur(**rattachements(objet))


def _tenir(utilisateur: Utilisateur, objet: Any, roles: tuple[str, ...], sinon: str) -> Droit:
    for affecte in affectes_sur(utilisateur, objet):
        if affecte.role in roles:
            titre = "" if affecte.titre == Titre.TITULAIRE else f" {Titre(affecte.titre).label.lower()}"
            return Droit(True, role=f"{Role(affecte.role).label}{titre}")
    return Droit(False, sinon)


@inscrire(
    "programme.parcours",
    "engager",
    "preparer",
    "piloter",
    "ouvrir",
    "verifier_service",
    "passer_en_routine",
    "revenir",
)
@inscrire("programme.ouverture", "preparer", "ouvrir", "stabiliser", "exclure", "revenir")
def peut_decider(utilisateur: Utilisateur, objet: Parcours | Ouverture) -> Droit:
    """Avancer, revenir, ouvrir ses unités : le directeur, son intérim, son délégué (ANAP 2)."""
    return _tenir(utilisateur, objet, (Role.DIRECTEUR,), DECISION_AU_DIRECTEUR)


@inscrire("programme.parcours", "suspendre", "reprendre", "sortir", "reintegrer")
@inscrire(
    "programme.grappe",
    "deposer",
    "conventionner",
    "ne_pas_retenir",
    "consulter",
    "modeliser",
    "piloter",
    "deployer",
    "mesurer",
    "solder",
    "suspendre",
    "reprendre",
    "resilier",
    "constater",
)
def peut_conduire(utilisateur: Utilisateur, objet: Grappe | Parcours) -> Droit:
    """Grappe, vagues, pilote, vérifications, suspensions, sorties : le chef de projet."""
    return _tenir(utilisateur, objet, (Role.CHEF_PROJET,), CONDUITE_AU_CHEF_DE_PROJET)


@inscrire("programme.parcours", "constater")
@inscrire("programme.ouverture", "constater")
def peut_constater(utilisateur: Utilisateur, objet: Parcours | Ouverture) -> Droit:
    """Constat initial : le chef de projet reprend l'existant, le directeur aussi pour le sien."""
    return _tenir(
        utilisateur,
        objet,
        (Role.CHEF_PROJET, Role.DIRECTEUR),
        "Le constat initial revient au chef de projet ou au directeur de l'ESMS.",
    )


def peut_saisir(utilisateur: Utilisateur, objet: Parcours | Ouverture | Esms) -> Droit:
    """Faits datés, dates, unités : données seulement, sans décider."""
    roles = (Role.DIRECTEUR, Role.REFERENT, Role.SIEGE, Role.CHEF_PROJET)
    return _tenir(utilisateur, objet, roles, SAISIE_RESERVEE)


def peut_choisir_vague(utilisateur: Utilisateur, objet: Parcours) -> Droit:
    """La vague : le directeur choisit son moment, le chef de projet voit la capacité."""
    roles = (Role.DIRECTEUR, Role.CHEF_PROJET)
    return _tenir(utilisateur, objet, roles, "La vague se choisit par le directeur ou le chef de projet.")


def peut_lire_preparation(utilisateur: Utilisateur, objet: Parcours | Ouverture) -> Droit:
    """Conditions, motifs, propositions : tous ceux qui voient l'ESMS, sauf qui n'y est que financeur."""
    roles = {a.role for a in affectes_sur(utilisateur, objet)}
    if roles - {Role.ARS}:
        return Droit(True)
    return Droit(False, PREPARATION_RESERVEE)


def peut_lire_grille(utilisateur: Utilisateur, objet: Grappe) -> Droit:
    """La grille de préparation, réduite aux ESMS dont on lit la préparation ; fermée à qui n'est que financeur."""
    if not utilisateur.perimetre.tient(Role.ARS):
        return Droit(True)
    lisibles = Parcours.objects.lisibles_par(utilisateur).filter(grappe=objet)
    return Droit(True) if lisibles.exists() else Droit(False, PREPARATION_RESERVEE)


def peut_proposer(utilisateur: Utilisateur, objet: Parcours) -> Droit:
    """Proposer un passage au directeur."""
    return peut_conduire(utilisateur, objet)


def peut_regler_conditions(utilisateur: Utilisateur, objet: Grappe) -> Droit:
    """Sévérité des conditions dans la grappe, plancher légal excepté."""
    return peut_conduire(utilisateur, objet)


def peut_lever(utilisateur: Utilisateur, objet: Parcours) -> Droit:
    """Lever une condition pour un parcours : écrit de la main de l'administrateur, sur décision d'instance."""
    return peut_administrer(utilisateur)


def peut_deleguer(utilisateur: Utilisateur, objet: Esms) -> Droit:
    """Déléguer la direction d'un ESMS : son directeur titulaire ou par intérim, ou le siège de son OG."""
    for affecte in affectes_sur(utilisateur, objet):
        if affecte.role == Role.SIEGE or (affecte.role == Role.DIRECTEUR and affecte.titre != Titre.DELEGATION):
            return Droit(True, role=Role(affecte.role).label)
    return Droit(False, "La délégation revient au directeur de l'ESMS ou au siège de son organisme gestionnaire.")


def peut_nommer(utilisateur: Utilisateur, objet: Esms | Grappe | Groupe | OrganismeGestionnaire | Parcours) -> Droit:
    """Nommer un directeur, un intérim, un référent : le siège, le chef de projet, l'administrateur."""
    if peut_administrer(utilisateur):
        return Droit(True, role=Role.ADMIN.label)
    if isinstance(objet, Esms):
        for parcours in objet.parcours.all():
            if parcours.etat != EtatParcours.SORTI and (droit := peut_conduire(utilisateur, parcours)):
                return droit
    roles = (Role.SIEGE, Role.CHEF_PROJET)
    return _tenir(utilisateur, objet, roles, NOMINATION)


def peut_affecter(
    utilisateur: Utilisateur, role: str, cible: Esms | Grappe | Groupe | OrganismeGestionnaire | Region | None
) -> Droit:
    """Confier un rôle : un directeur nomme son référent et son appui ; région et national sont à l'administrateur."""
    if cible is None or isinstance(cible, Region):
        return peut_administrer(utilisateur)
    if role in (Role.REFERENT, Role.APPUI) and isinstance(cible, Esms) and (droit := peut_deleguer(utilisateur, cible)):
        return droit
    return peut_nommer(utilisateur, cible)


def peut_nommer_quelque_part(utilisateur: Utilisateur) -> Droit:
    """Vrai si ce compte a quelqu'un à nommer, où que ce soit."""
    for role in (Role.ADMIN, Role.SIEGE, Role.CHEF_PROJET, Role.DIRECTEUR):
        if utilisateur.perimetre.tient(role):
            return Droit(True, role=str(role.label))
    return Droit(False, "Nommer revient au siège de l'OG, au chef de projet, au directeur ou à l'administrateur.")


def peut_clore(utilisateur: Utilisateur, affectation: Affectation) -> Droit:
    """Mettre fin à une affectation : qui pouvait la donner, ou qui l'a déléguée."""
    if affectation.titre == Titre.DELEGATION:
        if affectation.delegue_par_id == utilisateur.pk:
            return Droit(True, role=Role.DIRECTEUR.label)
        if affectation.esms and (droit := peut_deleguer(utilisateur, affectation.esms)):
            return droit
    return peut_affecter(utilisateur, affectation.role, affectation.cible)


def voit_toute_la_grappe(utilisateur: Utilisateur, grappe: Grappe) -> bool:
    """Vrai si rien de la grappe n'échappe au lecteur : alors seulement un total en dit quelque chose de juste."""
    perimetre = utilisateur.perimetre.sauf(Role.ARS)
    return perimetre.est_national or grappe.pk in perimetre.grappes


def peut_creer_grappe(utilisateur: Utilisateur) -> Droit:
    """Monter une grappe : chef de projet, siège d'un OG ou administrateur."""
    for role in (Role.CHEF_PROJET, Role.SIEGE, Role.ADMIN):
        if utilisateur.perimetre.tient(role):
            return Droit(True, role=str(role.label))
    return Droit(False, "Monter une grappe revient à un chef de projet ou au siège d'un organisme gestionnaire.")


def peut_administrer(utilisateur: Utilisateur) -> Droit:
    """Comptes, référentiels, imports nationaux ; jamais un passage."""
    if utilisateur.perimetre.tient(Role.ADMIN):
        return Droit(True, role=Role.ADMIN.label)
    return Droit(False, ADMINISTRATION)
