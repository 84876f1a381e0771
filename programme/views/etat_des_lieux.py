"""L'état des lieux du système d'information d'un ESMS, et la fiche « nos outils, pour qui »."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from programme import permissions
from programme.documents.outils import outils_de
from programme.forms.imports import DepotInventaireForm
from programme.forms.lignes import EquipementForm
from programme.models import Equipement
from programme.services.equipement import decrire_equipement
from programme.socle.depots import envoi_trop_gros
from programme.socle.enums import EtatTravail
from programme.socle.imports import deposer
from programme.socle.versions import jeton
from programme.views.genres import APPLICATION, CONTACT, DOCUMENT
from programme.views.lignes import page_de_blocs, parcours_a_preparer
from programme.views.refus import exiger
from programme.views.requete import Requete
from programme.views.saisies import saisir


@require_http_methods(["GET", "POST"])
def etat_des_lieux(request: Requete, pk: int) -> HttpResponse:
    """Documents, contacts, applications, équipement : une page, une ligne ajoutée sur place."""
    parcours = parcours_a_preparer(request, pk)
    return page_de_blocs(
        request,
        parcours,
        (DOCUMENT, CONTACT, APPLICATION),
        "programme/etat_des_lieux.html",
        ici="si",
        equipement=Equipement.objects.filter(parcours=parcours).first(),
        saisit=bool(permissions.peut_saisir(request.user, parcours)),
    )


@require_http_methods(["GET", "POST"])
def equipement(request: Requete, pk: int) -> HttpResponse:
    """Postes, tablettes, réseau, face à ceux qui écrivent en même temps."""
    parcours = parcours_a_preparer(request, pk)
    exiger(permissions.peut_saisir(request.user, parcours))
    formulaire = EquipementForm(request.POST or None, parcours=parcours)
    return saisir(
        request,
        formulaire,
        lambda: decrire_equipement(parcours=parcours, par=request.user, **formulaire.valeurs()),
        retour=reverse("programme:parcours-etat-des-lieux", args=[pk]) + "#equipement",
        succes=f"{parcours} : équipement enregistré.",
        relire=lambda: jeton(Equipement.history.filter(parcours=parcours)),
        gabarit="programme/equipement_modifier.html",
        parcours=parcours,
        titre="Équipement",
        libelle="Enregistrer l'équipement",
    )


@require_http_methods(["GET", "POST"])
def inventaire(request: Requete, pk: int) -> HttpResponse:
    """Déposer un inventaire d'applications ; l'aperçu est immédiat, rien n'est écrit avant de confirmer."""
    parcours = parcours_a_preparer(request, pk)
    exiger(permissions.peut_saisir(request.user, parcours))
    og = parcours.esms.og if permissions.peut_repondre_pour_tous(request.user, parcours) else None
    envoi = (request.POST, request.FILES) if request.method == "POST" else ()
    formulaire = DepotInventaireForm(*envoi, og=og, trop_gros=envoi_trop_gros(request))
    if formulaire.is_valid():
        travail = deposer(
            "inventaire",
            fichier=formulaire.cleaned_data["fichier"],
            par=request.user,
            objet=f"Inventaire d'applications, {parcours}",
            parametres={"parcours": pk, "pour_og": formulaire.cleaned_data.get("pour_og", False)},
        )
        if travail.etat != EtatTravail.ECHEC:
            return redirect("programme:travail-detail", pk=travail.pk)
        formulaire.add_error("fichier", travail.erreur)
        travail.fichier.delete(save=False)
        travail.delete()
    contexte = {"formulaire": formulaire, "parcours": parcours}
    return render(request, "programme/inventaire_deposer.html", contexte, status=422 if formulaire.errors else 200)


@require_safe
def nos_outils(request: Requete, pk: int) -> HttpResponse:
    """La fiche « nos outils, pour qui », pour les arrivants : une page A4 en PDF balisé."""
    fiche = outils_de(parcours_a_preparer(request, pk), par=request.user, au=timezone.localdate())
    return HttpResponse(
        fiche.en_pdf(),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{fiche.nom}"'},
    )
