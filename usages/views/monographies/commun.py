"""Retrouver une monographie, une section, une remarque : 404 pour qui ne les voit pas."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404

from programme.views.requete import Requete
from usages.enums import SANS_PROSE, CodeSection
from usages.models import Commentaire, Monographie, SectionMonographie
from usages.permissions import peut_lire_l_etude
from usages.services.monographies.titres import taire_les_titres

DETAIL = "usages:monographie-detail"


def monographie_visible(request: Requete, pk: int) -> Monographie:
    """La monographie telle qu'on y travaille."""
    monographie: Monographie = get_object_or_404(Monographie.objects.visibles_par(request.user).pour_lecture(), pk=pk)
    if not peut_lire_l_etude(request.user, monographie):
        taire_les_titres([monographie])
    return monographie


def section_visible(request: Requete, pk: int, code: str) -> SectionMonographie:
    """Une de ses sections ; celles que l'outil écrit seul n'ont ni éditeur, ni relecture."""
    if code not in CodeSection.values or code in SANS_PROSE:
        raise Http404("section inconnue")
    monographie = monographie_visible(request, pk)
    section: SectionMonographie = get_object_or_404(SectionMonographie, monographie=monographie, code=code)
    # La même, déjà lue avec ce que nomme la page.
    section.monographie = monographie
    return section


def remarque_visible(request: Requete, pk: int) -> Commentaire:
    """Une remarque d'une monographie qu'on voit."""
    remarque: Commentaire = get_object_or_404(Commentaire.objects.select_related("section", "ecrit_par"), pk=pk)
    remarque.section.monographie = monographie_visible(request, remarque.section.monographie_id)
    return remarque


def contexte_de(request: Requete, section: SectionMonographie) -> dict[str, Any]:
    """Ce que nomme toute page d'une section."""
    monographie = section.monographie
    return {
        "monographie": monographie,
        "section": section,
        "de_l_equipe": bool(peut_lire_l_etude(request.user, monographie)),
    }
