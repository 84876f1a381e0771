"""Emporter ce qu'une liste montre : CSV en flux, classeur, page à imprimer. Un gros classeur se fait en tâche de fond.

Le travail de fond relit l'adresse avec les yeux du demandeur, au moment où il tourne.
"""

import hashlib
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files import File
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.urls import NoReverseMatch, Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.text import slugify

from programme.socle import exports
from programme.socle.enums import EtatTravail
from programme.socle.models import Travail
from programme.socle.travaux import Contexte, Genre, TravailRefuse, inscrire, lancer

CSV, XLSX, IMPRESSION = "csv", "xlsx", "impression"
FORMATS = {CSV: "CSV", XLSX: "XLSX"}
TYPES = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
GENRE = "export"
PAGE_DU_TRAVAIL = "programme:travail-detail"
SEUIL_CLASSEUR = 5_000
"""Au-delà, un classeur demande plus de quelques secondes : il se prépare hors de la requête."""
PLAFOND_IMPRESSION = 1_000
LIGNES_PAR_AVANCEE = 500

PLUS_LA = "Cette liste ne vous est plus ouverte : rien n'est préparé."


def nom_de_fichier(liste: Any, extension: str) -> str:
    """« esms-du-projet-2026-11-24.csv »."""
    return f"{liste.nom_fichier or slugify(liste.nommer())}-{timezone.localdate():%Y-%m-%d}.{extension}"


def en_csv(liste: Any) -> HttpResponseBase:
    """Tout ce que la liste montre, toutes pages, mêmes colonnes, même ordre ; au fil de la lecture."""
    table = liste.table_de(())
    return StreamingHttpResponse(
        exports.csv_en_flux(table.entetes, liste.emporter(table)),
        content_type=TYPES[CSV],
        headers={"Content-Disposition": f'attachment; filename="{nom_de_fichier(liste, CSV)}"'},
    )


def en_classeur(liste: Any) -> HttpResponseBase:
    """La même chose, en XLSX."""
    table = liste.table_de(())
    fichier = exports.xlsx(liste.nommer(), table.entetes, liste.emporter(table))
    return FileResponse(fichier, as_attachment=True, filename=nom_de_fichier(liste, XLSX), content_type=TYPES[XLSX])


# --- en tâche de fond ------------------------------------------------------------------------------------------------


def lecteur_de(utilisateur: Any) -> str:
    """Empreinte de ce que ce compte a le droit de lire : si elle change, un classeur d'avant ne lui est plus remis."""
    perimetre = utilisateur.perimetre
    groupes = sorted((cle, sorted(esms)) for cle, esms in perimetre.esms_des_groupes.items())
    return hashlib.sha256(repr((sorted(map(repr, perimetre.affectes)), groupes)).encode()).hexdigest()


def preparer_classeur(liste: Any) -> Travail:
    """Lance le classeur de cette liste, ou rend le travail déjà en route pour la même demande du même compte."""
    adresse = liste.request.GET.copy()
    for nom in ("page", "par_page", "format"):
        adresse.pop(nom, None)
    parametres = {"liste": liste.route, "arguments": liste.kwargs, "adresse": adresse.urlencode()}
    for travail in Travail.objects.en_route().filter(genre=GENRE, par=liste.request.user):
        if travail.parametres == parametres:
            return travail
    objet = f"Classeur : {liste.nommer()}"[:200]
    return lancer(GENRE, par=liste.request.user, objet=objet, parametres=parametres)


def classe_de(route: str) -> Any:
    """La liste que sert cette route sans argument, ou None."""
    try:
        vue = resolve(reverse(route)).func
    except (NoReverseMatch, Resolver404):
        return None
    classe = getattr(vue, "view_class", None)
    return classe if hasattr(classe, "garde_des_vues") else None


def relire(parametres: dict[str, Any], utilisateur: Any) -> Any:
    """La liste d'une demande gardée, telle que ce compte la lirait maintenant. Lève `TravailRefuse`."""
    request: Any = HttpRequest()
    request.method, request.GET, request.user = "GET", QueryDict(parametres["adresse"], mutable=True), utilisateur
    request.path = reverse(parametres["liste"], kwargs=parametres["arguments"])
    request.resolver_match = resolve(request.path)
    try:
        classe = request.resolver_match.func.view_class
        liste = classe.pour(request, parametres["liste"], **request.resolver_match.kwargs)
        liste.total = liste.ensemble.count()
    except (PermissionDenied, Http404):
        raise TravailRefuse(PLUS_LA) from None
    return liste


def _en_avancant(liste: Any, table: Any, contexte: Contexte) -> Iterator[list[Any]]:
    for fait, ligne in enumerate(liste.emporter(table), 1):
        yield ligne
        if not fait % LIGNES_PAR_AVANCEE:
            contexte.avancer(fait, liste.total, "écriture du classeur")


def _executer(contexte: Contexte) -> dict[str, Any]:
    travail = contexte.travail
    if travail.par is None or not travail.par.is_active:
        raise TravailRefuse(PLUS_LA)
    liste = relire(travail.parametres, travail.par)
    table = liste.table_de(())
    contexte.avancer(0, liste.total, "lecture des lignes", aussitot=True)
    fichier = exports.xlsx(liste.nommer(), table.entetes, _en_avancant(liste, table, contexte))
    travail.fait = travail.total = liste.total
    travail.rapport.save("classeur.xlsx", File(fichier), save=False)
    nom = nom_de_fichier(liste, XLSX)
    retour = f"{liste.request.path}?{travail.parametres['adresse']}"
    return {"lignes": liste.total, "nom": nom, "lecteur": lecteur_de(travail.par), "retour": retour}


def telecharger(travail: Travail, utilisateur: Any) -> HttpResponseBase:
    """Le classeur prêt. Lève `Http404` s'il n'y en a pas, `PermissionDenied` si le lecteur ne lit plus de même."""
    resultat = travail.resultat or {}
    nom = travail.rapport.name
    if travail.etat != EtatTravail.TERMINE or not nom or not travail.rapport.storage.exists(nom):
        raise Http404
    if travail.par_id != utilisateur.pk:
        raise PermissionDenied("Ce classeur est à qui l'a demandé : refaites l'export à votre nom.")
    if resultat["lecteur"] != lecteur_de(utilisateur):
        raise PermissionDenied("Ce que vous avez le droit de lire a changé depuis : refaites l'export.")
    return FileResponse(
        travail.rapport.open("rb"), as_attachment=True, filename=resultat["nom"], content_type=TYPES[XLSX]
    )


inscrire(Genre(GENRE, "Classeur d'une liste", _executer))
