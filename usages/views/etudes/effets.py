"""La synthèse d'une étude : effets par thème, leviers, freins ; ses verbatims citables ; de quoi les emporter."""

from typing import Any

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from programme.socle import exports
from programme.socle.emporter import CSV, TYPES, XLSX
from programme.views.requete import Requete
from usages.calculs.codes_retenus import REGLE
from usages.calculs.synthese_effets import Matrice
from usages.dessins import effets as dessins
from usages.enums import ThemeEffet
from usages.models import Etude, Verbatim
from usages.services.etudes import emporter
from usages.services.etudes.effets import Synthese, lire_synthese
from usages.services.etudes.questionnaire import lire_questionnaire
from usages.services.tableaux.emporter import Table


def _etude(request: Requete, pk: int) -> Etude:
    """L'étude, ou 404 pour qui n'est pas de l'équipe."""
    return get_object_or_404(Etude.objects.visibles_par(request.user), pk=pk)


def _synthese(request: Requete, etude: Etude) -> Synthese:
    """Celle de l'étude ; `?visite=` : d'une seule visite."""
    demandee = request.GET.get("visite", "")
    return lire_synthese(etude, request.user, int(demandee) if demandee.isdecimal() and len(demandee) < 10 else None)


@require_safe
def synthese(request: Requete, pk: int) -> HttpResponse:
    """Thème × sens, par ESMS, leviers et freins, et le questionnaire à côté."""
    etude = _etude(request, pk)
    lue = _synthese(request, etude)
    rangees = [(str(v.parcours), f"?visite={v.pk}", lue.matrices.get(v.pk, Matrice({}, 0))) for v in lue.lues]
    contexte: dict[str, Any] = {
        "etude": etude,
        "lue": lue,
        "une": next(iter(lue.visites.values()), None) if request.GET.get("visite") else None,
        "regle": REGLE,
        "signes": dessins.LES_SIGNES,
        "entetes": dessins.ENTETES,
        "rangees": _constats(lue),
        "lignes": dessins.dessiner(lue.matrice),
        "themes": [nom for _, nom in dessins.themes_en_mots()],
        "lignes_d_esms": dessins.dessiner_par_esms(rangees),
        "questionnaire": lire_questionnaire(etude, request.user),
        "adresse": f"?{request.GET.urlencode()}" if request.GET else "",
    }
    return render(request, "usages/etude_effets.html", contexte)


def _constats(lue: Synthese) -> list[dict[str, Any]]:
    """Le tableau derrière le dessin : chaque constat codé, ses codes retenus en mots."""
    return [
        {
            "code": code,
            "nature": lue.constats[code.cle].get_nature_display(),
            "parcours": lue.visites[code.visite].parcours,
            "retenus": emporter.en_mots(code),
        }
        for code in lue.codes
        if code.est_code
    ]


def _fichier(nom: str, extension: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{nom}-{timezone.localdate():%Y-%m-%d}.{extension}"'}


def _csv(table: Table) -> StreamingHttpResponse:
    flux = exports.csv_en_flux(table.entetes, table.lignes)
    return StreamingHttpResponse(flux, content_type=TYPES[CSV], headers=_fichier(table.nom, CSV))


def _classeur(nom: str, feuilles: list[exports.Feuille]) -> FileResponse:
    return FileResponse(exports.classeur(feuilles), content_type=TYPES[XLSX], headers=_fichier(nom, XLSX))


@require_safe
def en_csv(request: Requete, pk: int) -> HttpResponseBase:
    """Une table de la synthèse ; `?table=` : matrice (d'office), esms, constats, recurrents, regle."""
    lue = _synthese(request, _etude(request, pk))
    _, table = emporter.TABLES.get(request.GET.get("table", "matrice"), emporter.TABLES["matrice"])
    return _csv(table(lue))


@require_safe
def en_classeur(request: Requete, pk: int) -> HttpResponseBase:
    """Toute la synthèse, une feuille par table."""
    lue = _synthese(request, _etude(request, pk))
    tables = [(titre, table(lue)) for titre, table in emporter.TABLES.values()]
    return _classeur("effets", [exports.Feuille(titre, t.entetes, t.lignes) for titre, t in tables])


@require_safe
def verbatims(request: Requete, pk: int) -> HttpResponseBase:
    """Ceux qu'on peut citer, par thème ; `?theme=`, `?format=csv|xlsx`."""
    etude = _etude(request, pk)
    theme, demande = request.GET.get("theme", ""), request.GET.get("format", "")
    if theme and theme not in ThemeEffet.values:
        raise Http404
    tous = Verbatim.objects.filter(visite__etude=etude)
    lus = tous.citables().pour_lecture().order_by("theme", "parcours__esms__tri", "pk")
    choisis = list(lus.filter(theme=theme) if theme else lus)
    if demande in TYPES:
        table = emporter.verbatims(choisis)
        feuilles = [exports.Feuille("Verbatims", table.entetes, table.lignes)]
        return _csv(table) if demande == CSV else _classeur(table.nom, feuilles)
    rangees = [
        (nom, [v for v in choisis if v.theme == code]) for code, nom in (*ThemeEffet.choices, ("", "Sans thème"))
    ]
    contexte = {"etude": etude, "theme": theme, "themes": ThemeEffet.choices, "rangees": [r for r in rangees if r[1]]}
    contexte |= {"nombre": len(choisis), "recueillis": (tous.filter(theme=theme) if theme else tous).count()}
    return render(request, "usages/etude_verbatims.html", contexte)
