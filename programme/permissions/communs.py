"""Ce que tous les droits partagent : à quoi se rattache un objet, qui le couvre, qui administre."""

from typing import Any

from programme.enums import Role, Titre
from programme.models import (
    Action,
    Avenant,
    Candidature,
    Convention,
    DemandeParametrage,
    Esms,
    Grappe,
    Groupe,
    Jalon,
    Moment,
    OrganismeGestionnaire,
    Ouverture,
    Parcours,
    Utilisateur,
)
from programme.perimetre import Affecte
from programme.socle.droits import Droit

ADMINISTRATION = "Ce geste revient à l'administrateur."


def rattachements(objet: Any) -> dict[str, Any]:
    """Région, grappe, OG et ESMS auxquels un objet se rattache.

    Un objet d'une autre app dit lui-même de quel ESMS ou de quelle grappe il est, par `rattache_a`.
    """
    objet = getattr(objet, "rattache_a", objet)
    if isinstance(objet, Ouverture):
        objet = objet.unite.parcours
    if isinstance(objet, Action):
        objet = objet.cible
    if isinstance(objet, DemandeParametrage | Moment | Candidature):
        objet = objet.parcours
    if isinstance(objet, Jalon | Avenant):
        objet = objet.convention
    if isinstance(objet, Convention):
        objet = objet.grappe
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


def tenir(utilisateur: Utilisateur, objet: Any, roles: tuple[str, ...], sinon: str) -> Droit:
    for affecte in affectes_sur(utilisateur, objet):
        if affecte.role in roles:
            titre = "" if affecte.titre == Titre.TITULAIRE else f" {Titre(affecte.titre).label.lower()}"
            return Droit(True, role=f"{Role(affecte.role).label}{titre}")
    return Droit(False, sinon)


def peut_administrer(utilisateur: Utilisateur) -> Droit:
    """Comptes, référentiels, imports nationaux ; jamais un passage."""
    if utilisateur.perimetre.tient(Role.ADMIN):
        return Droit(True, role=Role.ADMIN.label)
    return Droit(False, ADMINISTRATION)
