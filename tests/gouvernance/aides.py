"""Ce que partagent les essais de la gouvernance : lire un corps, dater depuis aujourd'hui."""

import html
from datetime import timedelta
from typing import Any

from django.utils import timezone


def lu(reponse: Any) -> str:
    """Le corps, tel qu'on le lit."""
    return html.unescape(reponse.content.decode()).replace("\xa0", " ").replace("\u202f", " ")


def dans(jours: int) -> Any:
    return timezone.localdate() + timedelta(days=jours)


def saisie_de(client: Any, url: str, **champs: Any) -> dict[str, Any]:
    """Ce que la page propose, tel qu'un navigateur le renverrait, corrigé de `champs`."""
    formulaire = client.get(url).context["formulaire"]
    lus = {nom: formulaire[nom].value() for nom in formulaire.fields}
    return {nom: valeur for nom, valeur in (lus | champs).items() if valeur is not None}
