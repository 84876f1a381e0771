"""Ce qui rend les pages de terrain installables et ouvrables sans réseau : le manifeste, et le service d'arrière-plan.

Servis à la racine : un service d'arrière-plan ne couvre que ce qui est sous son adresse. Un seul script, inscrit deux
fois : pour les retours (sans compte), pour les notes de visite (avec compte). Chacun ne tient que sa famille de pages.
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
COMMUNS = ("css/jetons.css", "css/retour.css", "js/file.js", "img/treille.svg")
FICHIERS = (*COMMUNS, "js/retour_file.js", "js/retour.js")
"""Ce qu'il faut pour ouvrir la page d'un lien sans réseau."""
FICHIERS_DES_NOTES = (*COMMUNS, "css/visite_notes.css", "js/visite_notes.js")
"""De même, pour la page des notes d'une visite."""
RACINE_DES_NOTES = "/visites/"
ICONES = (("img/treille-192.png", "192x192"), ("img/treille-512.png", "512x512"))


def _contenu(nom: str) -> bytes:
    chemin = finders.find(nom)
    assert isinstance(chemin, str), nom
    return Path(chemin).read_bytes()


def _version() -> str:
    """Change dès qu'un fichier change : l'appareil refait alors ses réserves."""
    sceau = hashlib.sha256()
    for nom in (*FICHIERS, *FICHIERS_DES_NOTES, SERVICE):
        sceau.update(_contenu(nom))
        sceau.update(static(nom).encode())
    return sceau.hexdigest()[:16]


@login_not_required
@require_safe
def service(request: HttpRequest) -> HttpResponse:
    """Le script du service, précédé de ce qu'il garde et de la version de ces fichiers."""
    reserve = {
        "version": _version(),
        "retours": {"fichiers": [static(nom) for nom in FICHIERS], "racine": reverse("usages:retour-liens")},
        "notes": {"fichiers": [static(nom) for nom in FICHIERS_DES_NOTES], "racine": RACINE_DES_NOTES},
    }
    corps = f'"use strict";\nconst RESERVE = {json.dumps(reserve)};\n'.encode() + _contenu(SERVICE)
    reponse = HttpResponse(corps, content_type="text/javascript; charset=utf-8")
    reponse["Cache-Control"] = "no-cache"
    return reponse


@login_not_required
@require_safe
def manifeste(request: HttpRequest) -> HttpResponse:
    """De quoi poser la page sur l'écran d'accueil d'un téléphone."""
    racine = reverse("usages:retour-liens")
    return installer(
        "Retours de terrain, Treille", "Retours", "Dire ce qui ne va pas avec le DUI, même sans réseau.", racine, racine
    )


def installer(nom: str, court: str, description: str, depart: str, portee: str) -> HttpResponse:
    """Le manifeste d'une page : ce qu'elle dit d'elle-même à l'appareil, où elle s'ouvre, ce qu'elle couvre."""
    dit = {
        "id": depart,
        "name": nom,
        "short_name": court,
        "description": description,
        "lang": "fr",
        "start_url": depart,
        "scope": portee,
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
