"""De quoi jouer une session : ouverte dans dix jours, ou tenue hier."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from formation.models import SessionFormation
from programme.socle.porte import changer_etat
from tests.fabriques import ParcoursFactory, cheffe_de
from tests.formation.fabriques import ModuleFormationFactory, SessionFormationFactory


def lu(reponse: Any) -> str:
    """La page, apostrophes et espaces ordinaires."""
    return reponse.content.decode().replace("&#x27;", "'").replace("\xa0", " ").replace("\u202f", " ")


def ouverte(**champs: Any) -> SessionFormation:
    """Une session de grappe ouverte aux inscriptions, dans dix jours."""
    session = SessionFormationFactory(**champs)
    changer_etat(session, "ouvrir", par=cheffe_de(session.grappe))
    return session


def tenue(**champs: Any) -> SessionFormation:
    """Une session de grappe tenue hier."""
    session = SessionFormationFactory(**{"debut": timezone.now() - timedelta(days=1), **champs})
    tenir(session)
    return session


def tenir(session: SessionFormation) -> None:
    """La fait avoir eu lieu hier, si elle est à venir, et la dit tenue."""
    if session.debut > timezone.now():
        debut = timezone.now() - timedelta(days=1)
        SessionFormation.objects.filter(pk=session.pk).update(debut=debut, fin=debut + timedelta(hours=3))
        session.refresh_from_db()
    changer_etat(session, "tenir", par=cheffe_de(session.grappe))


def deux_esms(**champs: Any) -> tuple[SessionFormation, Any, Any]:
    """Une session de grappe ouverte, et deux de ses ESMS."""
    session = ouverte(module=ModuleFormationFactory(**champs))
    return session, ParcoursFactory(grappe=session.grappe), ParcoursFactory(grappe=session.grappe)
