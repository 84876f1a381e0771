"""Témoin de santé, pour qui surveille le service : ni session, ni compte."""

import logging

from django.contrib.auth.decorators import login_not_required
from django.db import Error, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

journal = logging.getLogger("treille")


@login_not_required
@require_safe
@never_cache
def sante(request: HttpRequest) -> JsonResponse:
    """200 si la base répond, 503 sinon ; la cause va au journal, pas à l'écran."""
    try:
        with connection.cursor() as curseur:
            curseur.execute("SELECT 1")
    except Error:
        journal.exception("La base de données ne répond pas.")
        return JsonResponse({"etat": "base_injoignable"}, status=503)
    return JsonResponse({"etat": "ok"})
