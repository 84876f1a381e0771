"""« Qui voit quoi » : les fiches d'un ESMS, à lire et à imprimer."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from formation.documents import qui_voit_quoi as document
from formation.services import qui_voit_quoi as service
from formation.views.esms import parcours_lu
from programme.documents.rendu import TYPE_PDF
from programme.views.requete import Requete


@require_safe
def parcours_qui_voit_quoi(request: Requete, pk: int) -> HttpResponse:
    """Une fiche par métier, ou celle d'un seul (`?metier=`)."""
    parcours = parcours_lu(request, pk)
    metier = request.GET.get("metier", "")
    lecture = service.lire(parcours, metier)
    contexte = {"parcours": parcours, "lecture": lecture, "metier": metier}
    return render(request, "formation/qui_voit_quoi.html", contexte)


@require_safe
def parcours_qui_voit_quoi_pdf(request: Requete, pk: int) -> HttpResponse:
    """Les mêmes fiches, une par page."""
    parcours = parcours_lu(request, pk)
    metier = request.GET.get("metier", "")
    lecture = service.lire(parcours, metier)
    if not (lecture.fiches or lecture.oublies):
        raise Http404("Rien à imprimer : aucun métier n'a encore de droits dans cet ESMS.")
    code = lecture.codes[0] if metier and lecture.codes else ""
    nom = document.nom_du_fichier(parcours, code)
    entete = {"Content-Disposition": f'inline; filename="{nom}"'}
    return HttpResponse(document.en_pdf(parcours, lecture), content_type=TYPE_PDF, headers=entete)
