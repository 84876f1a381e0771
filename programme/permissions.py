"""Qui a le droit, et pourquoi : une fonction par verbe, qui rend un `Droit` (oui ou non, motif, rôle)."""

from typing import Any

from django.utils import timezone

from programme.enums import EtatParcours, Portee, Role, Titre
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
DIRECTION_TENUE = (
    "Cet ESMS a déjà une direction, aujourd'hui ou à venir : la changer revient au siège de son organisme "
    "gestionnaire ou à l'administrateur, adressez-vous à eux."
)
ESMS_PARTAGE = (
    "Cet ESMS est engagé dans un autre projet que les vôtres : y nommer revient au siège de son organisme gestionnaire "
    "ou à l'administrateur, adressez-vous à eux."
)
CLOTURE = (
    "Mettre fin à ce rôle revient à qui l'a confié, au siège de l'organisme gestionnaire ou à l'administrateur : "
    "adressez-vous à eux."
)
LIEN_PAR_COURRIEL = (
    "Ce rôle décide : le lien part par courriel, il ne se montre qu'au siège de l'OG et à l'administrateur."
)
ROLES_QUI_DECIDENT = (Role.DIRECTEUR, Role.SIEGE, Role.ADMIN)
ROLES_QUI_MONTENT = (Role.CHEF_PROJET, Role.SIEGE)
PREPARATION_RESERVEE = "Le financeur lit les jalons et le calendrier, pas ce qui se prépare."
ADMINISTRATION = "Ce geste revient à l'administrateur."
GROUPEMENT = "Les groupes reviennent au siège de leur organisme gestionnaire ou à l'administrateur."


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


def peut_dire_le_depart(utilisateur: Utilisateur, objet: Parcours) -> Droit:
    """Le point de départ dispense de conditions : le directeur ou le chef de projet, jamais le référent seul."""
    roles = (Role.DIRECTEUR, Role.CHEF_PROJET)
    return _tenir(utilisateur, objet, roles, "Le point de départ revient au directeur ou au chef de projet.")


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


def peut_nommer(utilisateur: Utilisateur, role: str, objet: Esms | Grappe | Groupe | OrganismeGestionnaire) -> Droit:
    """Nommer : l'administrateur, le siège de l'OG, le chef de projet dans sa grappe et les ESMS qui n'ont qu'elle."""
    if peut_administrer(utilisateur):
        return Droit(True, role=Role.ADMIN.label)
    if siege := _tenir(utilisateur, objet, (Role.SIEGE,), NOMINATION):
        return siege
    if isinstance(objet, Esms):
        return _peut_nommer_en_conduisant(utilisateur, role, objet)
    return _tenir(utilisateur, objet, (Role.CHEF_PROJET,), NOMINATION)


def _conduits(utilisateur: Utilisateur, esms: Esms) -> tuple[list[Parcours], list[Parcours]]:
    """Parcours en cours d'un ESMS, et ceux d'entre eux que l'utilisateur conduit."""
    engages = [p for p in esms.parcours.all() if p.etat != EtatParcours.SORTI]
    return engages, [p for p in engages if peut_conduire(utilisateur, p)]


def _peut_nommer_en_conduisant(utilisateur: Utilisateur, role: str, esms: Esms) -> Droit:
    """Qui conduit ne prend pas la main sur l'ESMS d'un autre projet, ni sur une direction qui existe."""
    engages, conduits = _conduits(utilisateur, esms)
    if not conduits:
        return Droit(False, NOMINATION)
    if len(conduits) < len(engages):
        return Droit(False, ESMS_PARTAGE)
    if role == Role.DIRECTEUR and not _est_vacant(esms):
        return Droit(False, DIRECTION_TENUE)
    return Droit(True, role=Role.CHEF_PROJET.label)


def _est_vacant(esms: Esms) -> bool:
    """Vrai si personne ne dirige l'ESMS, ni aujourd'hui ni plus tard."""
    aujourd_hui = timezone.localdate()
    # Lu par les relations, qu'une liste charge d'avance pour toute la page.
    tenues = [*esms.affectations.all(), *(a for g in esms.groupes.all() for a in g.affectations.all())]
    return not any(a.role == Role.DIRECTEUR and (a.au is None or a.au >= aujourd_hui) for a in tenues)


def peut_affecter(
    utilisateur: Utilisateur, role: str, cible: Esms | Grappe | Groupe | OrganismeGestionnaire | Region | None
) -> Droit:
    """Confier un rôle : un directeur nomme son référent et son appui ; région et national sont à l'administrateur."""
    if cible is None or isinstance(cible, Region):
        return peut_administrer(utilisateur)
    if role in (Role.REFERENT, Role.APPUI) and isinstance(cible, Esms) and (droit := peut_deleguer(utilisateur, cible)):
        return droit
    return peut_nommer(utilisateur, role, cible)


def peut_nommer_quelque_part(utilisateur: Utilisateur) -> Droit:
    """Vrai si ce compte a quelqu'un à nommer, où que ce soit."""
    for role in (Role.ADMIN, Role.SIEGE, Role.CHEF_PROJET, Role.DIRECTEUR):
        if utilisateur.perimetre.tient(role):
            return Droit(True, role=str(role.label))
    return Droit(False, "Nommer revient au siège de l'OG, au chef de projet, au directeur ou à l'administrateur.")


def peut_clore(utilisateur: Utilisateur, affectation: Affectation) -> Droit:
    """Mettre fin : l'administrateur, le siège de l'OG, le directeur chez lui, et qui a confié ce rôle."""
    cible = affectation.cible
    if cible is None or isinstance(cible, Region) or peut_administrer(utilisateur):
        return peut_administrer(utilisateur)
    if siege := _tenir(utilisateur, cible, (Role.SIEGE,), CLOTURE):
        return siege
    est_sienne = affectation.confie_par_id == utilisateur.pk
    if est_sienne and isinstance(cible, Esms) and _conduits(utilisateur, cible)[1]:
        return Droit(True, role=Role.CHEF_PROJET.label)
    if est_sienne and (conduite := _tenir(utilisateur, cible, (Role.CHEF_PROJET,), CLOTURE)):
        return conduite
    du_directeur = affectation.titre == Titre.DELEGATION or affectation.role == Role.REFERENT
    if (est_sienne or du_directeur) and _dirige_en_titre(utilisateur, cible):
        return Droit(True, role=Role.DIRECTEUR.label)
    return Droit(False, CLOTURE)


def _dirige_en_titre(utilisateur: Utilisateur, cible: Any) -> bool:
    """Titulaire ou intérim de cet ESMS, ou de ce groupe."""
    if isinstance(cible, Groupe):
        tenues = [a for a in utilisateur.perimetre.affectes if a.portee == Portee.GROUPE and a.cible == cible.pk]
    else:
        tenues = affectes_sur(utilisateur, cible)
    return any(a.role == Role.DIRECTEUR and a.titre != Titre.DELEGATION for a in tenues)


def peut_voir_le_lien(utilisateur: Utilisateur, affectation: Affectation) -> Droit:
    """Le lien d'un compte qui décide ne passe par la main de personne, sauf l'administrateur ou le siège de son OG."""
    if affectation.role not in ROLES_QUI_DECIDENT or peut_administrer(utilisateur):
        return Droit(True)
    if affectation.cible is None:
        return Droit(False, LIEN_PAR_COURRIEL)
    return _tenir(utilisateur, affectation.cible, (Role.SIEGE,), LIEN_PAR_COURRIEL)


def voit_toute_la_grappe(utilisateur: Utilisateur, grappe: Grappe) -> bool:
    """Vrai si rien de la grappe n'échappe au lecteur : alors seulement un total en dit quelque chose de juste."""
    perimetre = utilisateur.perimetre.sauf(Role.ARS)
    return perimetre.est_national or grappe.pk in perimetre.grappes


def peut_creer_grappe(utilisateur: Utilisateur) -> Droit:
    """Monter une grappe : chef de projet, siège d'un OG ou administrateur."""
    for role in (*ROLES_QUI_MONTENT, Role.ADMIN):
        if utilisateur.perimetre.tient(role):
            return Droit(True, role=str(role.label))
    return Droit(False, "Monter une grappe revient à un chef de projet ou au siège d'un organisme gestionnaire.")


def doit_designer_un_chef(utilisateur: Utilisateur) -> bool:
    """Vrai pour qui monte une grappe sans pouvoir la conduire : l'administrateur ne conduit pas."""
    return not any(utilisateur.perimetre.tient(role) for role in ROLES_QUI_MONTENT)


def peut_administrer(utilisateur: Utilisateur) -> Droit:
    """Comptes, référentiels, imports nationaux ; jamais un passage."""
    if utilisateur.perimetre.tient(Role.ADMIN):
        return Droit(True, role=Role.ADMIN.label)
    return Droit(False, ADMINISTRATION)


def peut_ajouter_solution(utilisateur: Utilisateur) -> Droit:
    """Ajouter une solution : l'administrateur, et le chef de projet, qui en a besoin pour sa grappe."""
    for role in (Role.ADMIN, Role.CHEF_PROJET):
        if utilisateur.perimetre.tient(role):
            return Droit(True, role=str(role.label))
    return Droit(False, "Ajouter une solution revient à un chef de projet ou à l'administrateur.")


def peut_creer_groupe(utilisateur: Utilisateur) -> Droit:
    """Vrai si ce compte a un OG où créer un groupe."""
    for role in (Role.ADMIN, Role.SIEGE):
        if utilisateur.perimetre.tient(role):
            return Droit(True, role=str(role.label))
    return Droit(False, GROUPEMENT)


def peut_grouper(utilisateur: Utilisateur, objet: OrganismeGestionnaire | Groupe) -> Droit:
    """Ranger des ESMS dans un groupe, ce qui change des périmètres : le siège de l'OG ou l'administrateur."""
    return _tenir(utilisateur, objet, (Role.SIEGE, Role.ADMIN), GROUPEMENT)
