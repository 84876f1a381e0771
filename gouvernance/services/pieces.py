"""Les pièces d'une séance : ce qu'on y a lu, joint par qui la tient, figé avec le compte rendu."""

from django.core.files import File
from django.db import transaction

from gouvernance.enums import EtatSeance
from gouvernance.models import Seance
from gouvernance.permissions import peut_tenir_seance
from programme.models import Utilisateur
from programme.services.controles import exiger
from programme.socle import pieces
from programme.socle.erreurs import Refus
from programme.socle.models import Piece

FIGEE = "Le compte rendu est diffusé : ses pièces ne changent plus. Joignez la vôtre à la séance suivante."
ANNULEE = "Cette séance est annulée : joignez la pièce à la séance qui reprend ses points."


def refus_de(seance: Seance) -> str:
    """Pourquoi ses pièces ne changent plus ; vide si elles changent encore."""
    return {EtatSeance.DIFFUSEE.value: FIGEE, EtatSeance.ANNULEE.value: ANNULEE}.get(seance.etat, "")


def _a_garnir(seance: Seance) -> Seance:
    relue = Seance.objects.select_for_update(of=("self",)).get(pk=seance.pk)
    if phrase := refus_de(relue):
        raise Refus("etat", phrase)
    return relue


@transaction.atomic
def joindre(*, seance: Seance, fichier: File, par: Utilisateur) -> Piece:
    """Joint une pièce, vérifiée par son contenu. Lève `Refus` (droit, etat, champ `fichier`)."""
    exiger(peut_tenir_seance(par, seance))
    return pieces.deposer(_a_garnir(seance), fichier, par=par)


@transaction.atomic
def retirer(*, seance: Seance, piece: Piece, par: Utilisateur) -> None:
    """Retire une pièce. Lève `Refus` (droit, etat)."""
    exiger(peut_tenir_seance(par, seance))
    _a_garnir(seance)
    pieces.retirer(piece)
