"""Ce qui rend la page des retours installable et ouvrable sans réseau : le manifeste, et le service d'arrière-plan.

Servis à la racine : un service d'arrière-plan ne couvre que ce qui est sous son adresse.
"""

import hashlib
import json
from pathlib import Path

from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

SERVICE = "js/retour_service.js"
FICHIERS = ("css/jetons.css", "css/retour.css", "js/retour_file.js", "js/retour.js", "img/treille.svg")
"""Ce qu'il faut pour ouvrir la page sans réseau."""
ICONES = (("img/treille-192.png", "192x192"), ("img/treille-512.png", "512x512"))


def _contenu(nom: str) -> bytes:
    chemin = finders.find(nom)
    assert isinstance(chemin, str), nom
    return Path(chemin).read_bytes()


def _version() -> str:
    """Change dès qu'un fichier change : l'appareil refait alors ses réserves."""
    sceau = hashlib.sha256()
    for nom in (*FICHIERS, SERVICE):
        sceau.update(_contenu(nom))
        sceau.update(static(nom).encode())
    return sceau.hexdigest()[:16]


@login_not_required
@require_safe
def service(request: HttpRequest) -> HttpResponse:
    """Le script du service, précédé de ce qu'il garde et de la version de ces fichiers."""
    fichiers = [static(nom) for nom in FICHIERS]
    reserve = {"version": _version(), "fichiers": fichiers, "racine": reverse("usages:retour-liens")}
    corps = f'"use strict";\nconst RESERVE = {json.dumps(reserve)};\n'.encode() + _contenu(SERVICE)
    reponse = HttpResponse(corps, content_type="text/javascript; charset=utf-8")
    reponse["Cache-Control"] = "no-cache"
    return reponse


@login_not_required
@require_safe
def manifeste(request: HttpRequest) -> HttpResponse:
    """De quoi poser la page sur l'écran d'accueil d'un téléphone."""
    racine = reverse("usages:retour-liens")
    dit = {
        "id": racine,
        "name": "Retours de terrain, Treille",
        "short_name": "Retours",
        "description": "Dire ce qui ne va pas avec le DUI, même sans réseau.",
        "lang": "fr",
        "start_url": racine,
        "scope": racine,
        "display": "standalone",
        "background_color": "#faf8f3",
        "theme_color": "#122c1f",
        "icons": [
            {"src": static(nom), "sizes": taille, "type": "image/png", "purpose": usage}
            for nom, taille in ICONES
            for usage in ("any", "maskable")
        ],
    }
    reponse = JsonResponse(dit, json_dumps_params={"ensure_ascii": False})
    reponse["Content-Type"] = "application/manifest+json"
    reponse["Cache-Control"] = "no-cache"
    return reponse
