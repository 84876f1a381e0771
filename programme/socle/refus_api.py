"""Un refus, dit par l'API : 400 `{champ: […]}`, 401, 403 et 404 `{motif}`, 409 `{code, motif, manques}`.

La porte lève `Refus` ; la page et l'API en font la même phrase. Ici, l'unique traduction en HTTP.
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.exceptions import ValidationError as ErreurDeModele
from django.http import Http404
from rest_framework import exceptions, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView, exception_handler

from programme.socle.enums import Severite
from programme.socle.erreurs import Refus

CORPS = "corps"
_MOTIFS: dict[type[exceptions.APIException], str] = {
    exceptions.NotAuthenticated: "Identifiez-vous : jeton d'API ou session.",
    exceptions.MethodNotAllowed: "Cette méthode n'est pas permise à cette adresse.",
    exceptions.NotAcceptable: "L'API ne répond qu'en JSON.",
    exceptions.UnsupportedMediaType: "L'API ne lit que du JSON : envoyez « Content-Type: application/json ».",
}
CSRF = "Votre session ne permet pas d'écrire ainsi : joignez le jeton CSRF de la page, ou employez un jeton d'API."
ILLISIBLE = "Le corps de la demande n'est pas du JSON lisible."
INTROUVABLE = "Introuvable, ou hors de votre périmètre."


class MotifSerializer(serializers.Serializer):
    """Refus en une phrase (401, 403, 404)."""

    motif = serializers.CharField()


class ManqueSerializer(serializers.Serializer):
    """Ce qui reste à réunir : la mesure, le seuil, et l'adresse de la page qui le résout."""

    code = serializers.CharField()
    libelle = serializers.CharField()
    mesure = serializers.CharField(allow_blank=True)
    valeur = serializers.FloatField(allow_null=True)
    seuil = serializers.FloatField(allow_null=True)
    source = serializers.CharField(allow_blank=True)
    severite = serializers.ChoiceField(Severite.choices)
    lien = serializers.CharField(allow_blank=True)


class RefusSerializer(serializers.Serializer):
    """Refus de la porte (409)."""

    code = serializers.ChoiceField(["conditions", "etat", "concurrence"])
    motif = serializers.CharField()
    manques = ManqueSerializer(many=True)


CHAMPS = {
    "type": "object",
    "description": "Erreurs de saisie : champ → phrases ; `corps` pour ce qui ne tient à aucun champ.",
    "additionalProperties": {"type": "array", "items": {"type": "string"}},
}


def en_reponse(refus: Refus) -> Response:
    """La réponse HTTP d'un refus de la porte."""
    if refus.code == "champ":
        return Response(refus.champs, status.HTTP_400_BAD_REQUEST)
    if refus.code == "droit":
        return Response({"motif": refus.motif}, status.HTTP_403_FORBIDDEN)
    manques = [manque.en_dict() for manque in refus.manques]
    corps = {"code": refus.code, "motif": refus.motif, "manques": manques}
    return Response(corps, status.HTTP_409_CONFLICT)


def _en_erreur_d_api(erreur: Exception) -> Exception:
    if isinstance(erreur, ErreurDeModele):
        return exceptions.ValidationError(serializers.as_serializer_error(erreur))
    if isinstance(erreur, Http404):
        return exceptions.NotFound(INTROUVABLE)
    if isinstance(erreur, PermissionDenied):
        return exceptions.PermissionDenied(*erreur.args)
    return erreur


def _motif(erreur: exceptions.APIException) -> str:
    # DRF dit l'échec CSRF en anglais, et avec la cause technique : la personne ne peut que recharger.
    if isinstance(erreur, exceptions.PermissionDenied) and str(erreur.detail).startswith("CSRF"):
        return CSRF
    return _MOTIFS.get(type(erreur), str(erreur.detail))


def traduire(erreur: Exception, contexte: dict[str, Any]) -> Response | None:
    """Crochet de DRF (`EXCEPTION_HANDLER`) : toute erreur prévue prend l'une des formes ci-dessus."""
    if isinstance(erreur, Refus):
        return en_reponse(erreur)
    erreur = _en_erreur_d_api(erreur)
    reponse = exception_handler(erreur, contexte)
    if reponse is None:
        return None
    assert isinstance(erreur, exceptions.APIException)
    if isinstance(erreur, exceptions.ValidationError):
        reponse.data = erreur.detail if isinstance(erreur.detail, dict) else {CORPS: erreur.detail}
    elif isinstance(erreur, exceptions.ParseError):
        reponse.data = {CORPS: [ILLISIBLE]}
    else:
        reponse.data = {"motif": _motif(erreur)}
    return reponse


class Introuvable(APIView):
    """Toute adresse inconnue sous l'API : 404 en JSON, quelle que soit la méthode, connu ou non."""

    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Répond avant toute vérification : il n'y a rien à protéger."""
        raise Http404
