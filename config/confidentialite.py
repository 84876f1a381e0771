"""Ce qu'un poste partagé ne doit pas garder."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control


class SansCacheMiddleware:
    """Une page d'un compte connecté ne reste dans aucun cache, pas même celui du navigateur."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pose `Cache-Control: private, no-store` si personne ne l'a dit mieux."""
        reponse = self.get_response(request)
        if request.user.is_authenticated and not reponse.has_header("Cache-Control"):
            patch_cache_control(reponse, private=True, no_store=True)
        return reponse
