"""Droits sur les études et leurs visites : l'équipe de l'étude ; la direction, pour ce qui se passe chez elle."""

from typing import Any

from programme.enums import Role
from programme.models import Utilisateur
from programme.permissions import tenir
from programme.socle.droits import Droit, inscrire
from programme.socle.models import Piece
from programme.socle.pieces import lecture_de
from usages.enums import EtatEtude, RoleEtude
from usages.models import Constat, Edition, Equipier, Etude, Monographie, PhotoDeVisite, Visite

MENENT = (Role.CHEF_PROJET, Role.APPUI, Role.GRADES, Role.ARS)
ETUDE_RESERVEE = "Commencer une étude revient à un chef de projet, une équipe d'appui, un GRADeS ou une ARS."
CONDUITE_RESERVEE = "Conduire l'étude (son entonnoir, son équipe, ses visites) revient à qui la pilote."
ECRITURE_RESERVEE = "Visiter, coder, écrire revient à l'équipe de l'étude."
EQUIPE_SEULE = "Ceci ne se lit que dans l'équipe de l'étude."
ETUDE_CLOSE = "L'étude est close : rouvrez-la pour y écrire."
CODES_A_DONNER = "Codez d'abord tous les constats de cette visite : vous verrez ensuite les codes des autres."
ACCUEIL_RESERVE = "Accepter ou refuser une visite revient à la direction ou au siège de l'ESMS."


def etude_de(objet: Any) -> Etude:
    """L'étude d'un objet : elle-même, celle d'une visite, d'une note, d'un constat, d'une monographie."""
    if isinstance(objet, Etude):
        return objet
    if hasattr(objet, "etude_id"):
        return objet.etude
    return etude_de(objet.visite if hasattr(objet, "visite_id") else objet.monographie)


def role_dans(utilisateur: Utilisateur, etude: Etude) -> str:
    """Son rôle dans l'équipe ; vide s'il n'en est pas. Une requête."""
    if utilisateur._state.adding:
        # Un compte d'essai, qui ne tient qu'un rôle : la documentation des machines en dresse un par rôle.
        return RoleEtude.PILOTE if any(a.role in MENENT for a in utilisateur.perimetre.affectes) else ""
    return Equipier.objects.filter(etude=etude, compte=utilisateur).values_list("role", flat=True).first() or ""


def peut_commencer_une_etude(utilisateur: Utilisateur) -> Droit:
    """Qui conduit ou accompagne un déploiement."""
    tient = any(utilisateur.perimetre.tient(role) for role in MENENT)
    return Droit(True) if tient else Droit(False, ETUDE_RESERVEE)


def _dans(utilisateur: Utilisateur, objet: Any, roles: tuple[str, ...], sinon: str) -> Droit:
    role = role_dans(utilisateur, etude_de(objet))
    return Droit(True, role=str(RoleEtude(role).label)) if role in roles else Droit(False, sinon)


@inscrire("usages.etude", "lancer", "clore", "rouvrir")
@inscrire("usages.visite", "annuler")
def peut_conduire_l_etude(utilisateur: Utilisateur, objet: Any) -> Droit:
    """Son entonnoir, son équipe, proposer et annuler une visite : qui la pilote. Une requête."""
    return _dans(utilisateur, objet, (RoleEtude.PILOTE,), CONDUITE_RESERVEE)


@inscrire("usages.visite", "dire_faite")
def peut_ecrire_dans_l_etude(utilisateur: Utilisateur, objet: Any) -> Droit:
    """Visiter, noter, coder, écrire : qui la pilote et ses auteurs, tant qu'elle n'est pas close."""
    etude = etude_de(objet)
    droit = _dans(utilisateur, etude, (RoleEtude.PILOTE, RoleEtude.AUTEUR), ECRITURE_RESERVEE)
    return Droit(False, ETUDE_CLOSE) if droit and etude.etat == EtatEtude.CLOSE else droit


def peut_noter_un_accord(utilisateur: Utilisateur, objet: Any) -> Droit:
    """Les mêmes, même étude close : un accord se retire aussi quand plus rien ne s'y écrit."""
    return _dans(utilisateur, objet, (RoleEtude.PILOTE, RoleEtude.AUTEUR), ECRITURE_RESERVEE)


def peut_lire_l_etude(utilisateur: Utilisateur, objet: Any) -> Droit:
    """Toute l'équipe."""
    return _dans(utilisateur, objet, tuple(RoleEtude), EQUIPE_SEULE)


@inscrire("usages.visite", "accepter", "refuser")
def peut_recevoir_la_visite(utilisateur: Utilisateur, visite: Any) -> Droit:
    """Accepter ou refuser : qui répond pour l'ESMS."""
    return tenir(utilisateur, visite, (Role.DIRECTEUR, Role.SIEGE), ACCUEIL_RESERVE)


@lecture_de("usages.photodevisite")
def lit_les_photos(utilisateur: Utilisateur, photo: PhotoDeVisite, piece: Piece) -> bool:
    """L'équipe ; une photo accordée : qui voit le travail où elle est, et tout compte si une édition la montre."""
    if role_dans(utilisateur, photo.visite.etude):
        return True
    if not (photo.peut_sortir and photo.section):
        return False
    if Monographie.objects.visibles_par(utilisateur).filter(visite=photo.visite_id).exists():
        return True
    publiees = Edition.objects.visibles_par(utilisateur).filter(monographie__visite=photo.visite_id)
    contenus = publiees.values_list("contenu__sections", flat=True)
    return any(photo.pk in section.get("photos", ()) for sections in contenus for section in sections or ())


def lit_tous_les_codes(utilisateur: Utilisateur, etude: Etude) -> bool:
    """Qui ne code pas, ou ne peut plus coder, n'a rien à se laisser souffler. Une requête."""
    return etude.etat == EtatEtude.CLOSE or role_dans(utilisateur, etude) == RoleEtude.LECTEUR


def peut_lire_les_codes(utilisateur: Utilisateur, visite: Visite) -> Droit:
    """Les codes des autres : une fois tous les siens donnés. Trois requêtes."""
    if not (droit := peut_lire_l_etude(utilisateur, visite)):
        return droit
    reste = Constat.objects.filter(visite=visite).exclude(codages__codeur=utilisateur)
    if lit_tous_les_codes(utilisateur, visite.etude) or not reste.exists():
        return droit
    return Droit(False, CODES_A_DONNER)
