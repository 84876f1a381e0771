"""Droits sur le financement d'une grappe : le lire, demander une précision, lire une pièce."""

from datetime import UTC, datetime
from typing import Any

from programme.enums import Role
from programme.models import (
    Grappe,
    Jalon,
    Utilisateur,
)
from programme.permissions.communs import tenir
from programme.socle.droits import Droit, inscrire
from programme.socle.pieces import lecture_de

FINANCEMENT_RESERVE = (
    "Le financement se lit par le chef de projet, le financeur, le siège de l'OG porteur et les membres d'instance."
)
PRECISION_AU_FINANCEUR = "Demander une précision revient au financeur : le référent ARS de cette grappe."


def peut_lire_financement(utilisateur: Utilisateur, grappe: Grappe) -> Droit:
    """Convention, jalons, avenants : qui conduit, finance, porte, siège en instance ou administre."""
    lit = Grappe.objects.filter(pk=grappe.pk).financement_lu_par(utilisateur).exists()
    return Droit(lit, "" if lit else FINANCEMENT_RESERVE)


@inscrire("programme.jalon", "demander_precision")
def peut_demander_precision(utilisateur: Utilisateur, jalon: Jalon) -> Droit:
    """La seule écriture du financeur, sur ce qui lui est transmis."""
    return tenir(utilisateur, jalon, (Role.ARS,), PRECISION_AU_FINANCEUR)


def pieces_lues_jusqu_a(utilisateur: Utilisateur, jalon: Jalon) -> datetime | None:
    """Les pièces jointes avant cet instant se lisent ; None : aucune. Le financeur ne lit que ce qui est transmis."""
    grappe = Grappe.objects.filter(pk=jalon.convention.grappe_id)
    if grappe.financement_suivi_par(utilisateur).exists():
        return datetime.max.replace(tzinfo=UTC)
    return jalon.transmis_depuis() if grappe.financement_lu_par(utilisateur).exists() else None


@lecture_de("programme.jalon")
def peut_lire_piece(utilisateur: Utilisateur, jalon: Jalon, piece: Any) -> bool:
    """Une pièce de jalon : voir `pieces_lues_jusqu_a`."""
    limite = pieces_lues_jusqu_a(utilisateur, jalon)
    return limite is not None and piece.deposee_le <= limite
