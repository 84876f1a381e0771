"""De quoi tenir une session et en recevoir les avis, sans passer par les pages."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from formation.enums import MomentAvis
from formation.models import AvisFormation, SessionFormation
from programme.models import Parcours, Utilisateur
from programme.socle.porte import changer_etat
from tests.formation.fabriques import ModuleFormationFactory, PosteFactory, SessionFormationFactory, presente


def session_tenue(
    parcours: Parcours, par: Utilisateur, *, presents: int = 6, il_y_a: int = 1, de_grappe: bool = False
) -> SessionFormation:
    """Tenue il y a tant de jours, avec tant de présents pointés."""
    debut = timezone.now() - timedelta(days=il_y_a)
    session = SessionFormationFactory(
        module=ModuleFormationFactory(grappe=parcours.grappe),
        parcours=None if de_grappe else parcours,
        debut=debut,
        creee_par=par,
        capacite=30,
    )
    changer_etat(session, "tenir", par=par)
    for _ in range(presents):
        presente(session, PosteFactory(parcours=parcours))
    return session


def noter(session: SessionFormation, *notes: tuple[int, int], moment: str = MomentAvis.A_CHAUD, **champs: Any) -> None:
    """Des avis déjà reçus : (utile, je saurais le faire)."""
    for satisfaction, acquis in notes:
        AvisFormation.objects.create(session=session, moment=moment, satisfaction=satisfaction, acquis=acquis, **champs)
