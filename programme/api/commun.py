"""Ce que partagent les routes de l'API : la description OpenAPI, la lecture des filtres."""

from collections.abc import Callable
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from programme.socle.refus_api import CHAMPS, MotifSerializer, RefusSerializer


def decrire(
    nom: str,
    resume: str,
    succes: Any,
    *,
    filtre: type[serializers.Serializer] | None = None,
    demande: type[serializers.Serializer] | None = None,
    reserve: bool = False,
) -> Callable[[Any], Any]:
    """Décrit une opération et tous ses refus : ce que le document annonce est ce que la route répond."""
    reponses: dict[int, Any] = {200: succes, 401: MotifSerializer, 404: MotifSerializer}
    if filtre or demande:
        reponses[400] = CHAMPS
    if reserve:
        reponses[403] = MotifSerializer
    if demande:
        reponses |= {403: MotifSerializer, 409: RefusSerializer}
    return extend_schema(
        operation_id=nom,
        summary=resume,
        parameters=[filtre] if filtre else None,
        request=demande,
        responses=reponses,
    )


def lire_filtre(filtre: type[serializers.Serializer], request: Request) -> dict[str, Any]:
    """Paramètres de l'adresse, vérifiés ; une valeur impossible est une 400, jamais une liste vide trompeuse."""
    lu = filtre(data=request.query_params)
    lu.is_valid(raise_exception=True)
    return {nom: valeur for nom, valeur in lu.validated_data.items() if valeur not in ("", None)}
