"""Jetons : fabriqués une fois, gardés hachés. Celui de l'API se lit dans l'en-tête `Authorization: Jeton …`.

Un jeton ne vaut que pour son usage : celui d'un calendrier n'ouvre pas l'API.
"""

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from programme.socle.enums import UsageJeton
from programme.socle.models import Jeton

MOT = "Jeton"
# Reconnaissable par les outils qui cherchent des secrets oubliés dans un dépôt ou un journal.
MARQUE = "treille_"
JOURS = 90
_RYTHME = timedelta(minutes=10)

MAL_FORME = "Jeton illisible : envoyez l'en-tête « Authorization: Jeton treille_… », d'un seul tenant."
INCONNU = "Ce jeton n'est pas reconnu : vérifiez qu'il est recopié en entier, ou demandez-en un autre."
REVOQUE = "Ce jeton a été révoqué : demandez-en un autre à l'administrateur."
PERIME = "Ce jeton a expiré : demandez-en un autre à l'administrateur."
INACTIF = "Le compte de ce jeton n'est plus actif."
LECTURE_SEULE = "Ce jeton est en lecture seule : il ne peut rien écrire."


def hacher(clair: str) -> str:
    """Empreinte gardée en base ; un tirage de 256 bits n'a besoin ni de sel ni de lenteur."""
    return hashlib.sha256(clair.encode()).hexdigest()


def creer_jeton(*, utilisateur: Any, jours: int = JOURS, lecture_seule: bool = False) -> tuple[Jeton, str]:
    """Crée un jeton d'API et rend sa forme en clair, qui ne se relira plus. Lève `ValueError` si `jours` < 1."""
    if jours < 1:
        raise ValueError("Un jeton vaut au moins un jour.")
    expire_le = timezone.now() + timedelta(days=jours)
    return tirer(UsageJeton.API, utilisateur, lecture_seule=lecture_seule, expire_le=expire_le)


def tirer(usage: UsageJeton, utilisateur: Any, **champs: Any) -> tuple[Jeton, str]:
    """Tire un jeton de cet usage ; rend aussi sa forme en clair, qui ne se relira plus."""
    clair = MARQUE + secrets.token_urlsafe(32)
    jeton = Jeton.objects.create(
        usage=usage,
        utilisateur=utilisateur,
        prefixe=clair[: len(MARQUE) + 6],
        empreinte=hacher(clair),
        **champs,
    )
    return jeton, clair


def chercher(usage: UsageJeton, clair: str) -> Jeton | None:
    """Le jeton de cet usage, avec son compte, révoqué ou périmé compris ; None s'il n'y en a pas. Une requête."""
    return Jeton.objects.select_related("utilisateur").filter(empreinte=hacher(clair), usage=usage).first()


def noter_la_lecture(jeton: Jeton) -> None:
    """Retient qu'il vient de servir, à la dizaine de minutes : sans quoi chaque lecture serait une écriture."""
    maintenant = timezone.now()
    if jeton.derniere_utilisation is None or jeton.derniere_utilisation < maintenant - _RYTHME:
        Jeton.objects.filter(pk=jeton.pk).update(derniere_utilisation=maintenant)


def _lire_entete(request: Request) -> str | None:
    mots = get_authorization_header(request).split()
    if not mots or mots[0].lower() != MOT.lower().encode():
        return None
    if len(mots) != 2 or not mots[1].isascii():
        raise AuthenticationFailed(MAL_FORME)
    return mots[1].decode()


class JetonAuthentication(BaseAuthentication):
    """Identifie le compte par son jeton ; sans en-tête, laisse la main à la session."""

    def authenticate(self, request: Request) -> tuple[Any, Jeton] | None:
        """Rend (compte, jeton) ou None ; lève une 401 qui dit en une phrase ce qui ne va pas."""
        clair = _lire_entete(request)
        if clair is None:
            return None
        jeton = chercher(UsageJeton.API, clair)
        if jeton is None:
            raise AuthenticationFailed(INCONNU)
        if jeton.revoque_le is not None:
            raise AuthenticationFailed(REVOQUE)
        if jeton.expire_le is None or jeton.expire_le <= timezone.now():
            raise AuthenticationFailed(PERIME)
        if not jeton.utilisateur.is_active:
            raise AuthenticationFailed(INACTIF)
        noter_la_lecture(jeton)
        return jeton.utilisateur, jeton

    def authenticate_header(self, request: Request) -> str:
        """Fait répondre 401 plutôt que 403 à qui n'est pas connu."""
        return f'{MOT} realm="api"'


class EcriturePermise(BasePermission):
    """Un jeton en lecture seule n'écrit pas, quels que soient les droits de son compte."""

    message = LECTURE_SEULE

    def has_permission(self, request: Request, view: Any) -> bool:
        """Vrai pour une lecture, une session, ou un jeton qui écrit."""
        lecture_seule = isinstance(request.auth, Jeton) and request.auth.lecture_seule
        return request.method in SAFE_METHODS or not lecture_seule


class JetonExtension(OpenApiAuthenticationExtension):
    """Décrit l'en-tête du jeton dans le document OpenAPI."""

    target_class = "programme.socle.jetons.JetonAuthentication"
    name = "jeton"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Clé d'API dans l'en-tête `Authorization`, précédée du mot « Jeton »."""
        return {"type": "apiKey", "in": "header", "name": "Authorization", "description": "Jeton treille_…"}
