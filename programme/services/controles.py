"""Ce que tout service vérifie avant d'écrire : le droit, et la validité de ce qu'il écrit."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model

from programme.socle.droits import Droit
from programme.socle.erreurs import Refus


def exiger(droit: Droit) -> None:
    """Lève `Refus("droit")` avec son motif si le droit manque."""
    if not droit:
        raise Refus("droit", droit.motif)


def valider(objet: Model, *, exclure: Sequence[str] = ()) -> None:
    """Valide un objet ; lève `Refus("champ")` avec toutes les fautes d'un coup."""
    try:
        objet.full_clean(exclude=exclure)
    except ValidationError as fautes:
        raise Refus("champ", " ".join(fautes.messages), champs=fautes.message_dict) from fautes


def signer(objet: Any, par: Any) -> None:
    """Dit à l'historique qui écrit, même hors d'une requête (commande, démonstration)."""
    objet._history_user = par
