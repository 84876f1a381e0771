"""Placer chaque personne dans un profil ; compter les comptes à créer ; emporter la liste."""

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_safe

from formation.forms.placements import PlacementsForm
from formation.models import Profil
from formation.permissions import peut_gerer_professionnels
from formation.services import placements as service
from formation.views.esms import parcours_gere, parcours_lu
from programme.socle import exports
from programme.socle.nombres import accorde
from programme.views.refus import exiger, tenter
from programme.views.requete import Requete


@require_http_methods(["GET", "POST"])
def parcours_placements(request: Requete, pk: int) -> HttpResponse:
    """Les nombres pour qui lit l'ESMS ; les noms, et de quoi placer, pour qui le gère."""
    parcours = parcours_lu(request, pk)
    droit = peut_gerer_professionnels(request.user, parcours)
    if request.method == "POST":
        exiger(droit)
    lecture = service.lire(parcours, timezone.localdate(), nommer=bool(droit))
    profils = list(Profil.objects.en_vigueur().filter(grappe=parcours.grappe_id))
    formulaire = PlacementsForm(request.POST or None, placements=lecture.placements, profils=profils)
    if request.method == "POST" and formulaire.is_valid():
        nombre = tenter(formulaire, lambda: service.placer(parcours=parcours, choix=formulaire.choix, par=request.user))
        if nombre is not None:
            dit = accorde(nombre, "personne placée,personnes placées") if nombre else "Aucun placement n’a changé"
            messages.success(request, f"{dit}, {parcours}.")
            return redirect("formation:parcours-placements", pk=pk)
    contexte = {"parcours": parcours, "lecture": lecture, "gere": bool(droit), "formulaire": formulaire}
    status = 422 if formulaire.errors else 200
    return render(request, "formation/placements.html", contexte | {"profils": profils}, status=status)


@require_safe
def parcours_placements_fichier(request: Requete, pk: int, forme: str) -> HttpResponse | FileResponse:
    """La liste nominative des comptes à créer, pour qui gère l'ESMS."""
    parcours = parcours_gere(request, pk)
    lignes = service.liste_nominative(parcours, par=request.user)
    nom = f"comptes-a-creer-{slugify(parcours.esms.nom)[:60]}-{timezone.localdate():%Y-%m-%d}.{forme}"
    if forme == "xlsx":
        forme_xlsx = exports.MiseEnForme(service.LARGEURS)
        contenu = exports.xlsx("Comptes à créer", service.COLONNES, lignes, forme_xlsx)
        return FileResponse(contenu, as_attachment=True, filename=nom)
    entete = {"Content-Disposition": f'attachment; filename="{nom}"'}
    contenu_csv = b"".join(exports.csv_en_flux(service.COLONNES, lignes))
    return HttpResponse(contenu_csv, content_type="text/csv; charset=utf-8", headers=entete)
