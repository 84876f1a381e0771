"""Une page sans compte : à trouver par qui en a l'adresse seulement, et qui ne reste sur aucun poste."""

from functools import wraps
from typing import Any

from django.http import HttpResponseBase


def discrete(vue: Any) -> Any:
    """Décore une vue : ni moteur de recherche, ni cache partagé."""

    @wraps(vue)
    def discretement(*args: Any, **kwargs: Any) -> HttpResponseBase:
        reponse: HttpResponseBase = vue(*args, **kwargs)
        reponse["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        reponse["Cache-Control"] = "private, no-store"
        return reponse

    return discretement
