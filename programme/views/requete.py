"""La requête d'une personne connectée : la connexion est contrôlée avant la vue."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from programme.models import Utilisateur


class Requete(HttpRequest):
    """Sert aux types seulement : `user` est un compte, jamais un anonyme."""

    user: Utilisateur
    htmx: HtmxDetails
