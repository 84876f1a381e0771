"""Du refus d'un service à ce qu'une page en montre."""

from collections.abc import Callable
from typing import TypeVar

from django.core.exceptions import PermissionDenied
from django.forms import BaseForm

from programme.socle.droits import Droit
from programme.socle.erreurs import Refus

T = TypeVar("T")


def exiger(droit: Droit) -> None:
    """403 avec le motif, si le droit manque."""
    if not droit:
        raise PermissionDenied(droit.motif)


def reporter(refus: Refus, formulaire: BaseForm) -> None:
    """Écrit le refus dans le formulaire : sous le champ qu'il vise, sinon en tête ; la saisie reste."""
    for nom, phrases in (refus.champs or {"": [refus.motif]}).items():
        for phrase in phrases:
            formulaire.add_error(nom if nom in formulaire.fields else None, phrase)


def tenter(formulaire: BaseForm, geste: Callable[[], T]) -> T | None:
    """Le résultat du geste, ou None si le service l'a refusé (le formulaire dit pourquoi). Sans droit : 403."""
    try:
        return geste()
    except Refus as refus:
        if refus.code == "droit":
            raise PermissionDenied(refus.motif) from refus
        reporter(refus, formulaire)
        return None
