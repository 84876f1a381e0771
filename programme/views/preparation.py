"""Préparer un ESMS : les cinq chantiers, le cadre légal, les demandes ; la reprise des données."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from programme.contexte import oublier_le_compte
from programme.enums import Chantier, NatureFait
from programme.forms.chantiers import ChantierForm
from programme.models import AvisChantier, Parcours
from programme.permissions import peut_demander, peut_dire_un_chantier, peut_saisir
from programme.services import chantiers as services
from programme.services.cadre_legal import cadre_de, faits_legaux
from programme.services.lecture_demandes import encart_de
from programme.socle.erreurs import Refus
from programme.socle.versions import jeton
from programme.views.genres import REPRISE
from programme.views.lignes import page_de_blocs, parcours_a_preparer
from programme.views.refus import exiger
from programme.views.requete import Requete
from programme.views.saisies import saisir


@require_safe
def parcours_preparation(request: Requete, pk: int) -> HttpResponse:
    """Où en sont les cinq chantiers d'un ESMS, ce qui reste à réunir dans chacun, et où le réunir."""
    parcours = parcours_a_preparer(request, pk)
    chantiers = services.lire_chantiers([parcours])[parcours.pk]
    cadre = cadre_de(faits_legaux(parcours))
    contexte = {
        "parcours": parcours,
        "chantiers": chantiers,
        "nb_regles": sum(chantier.est_regle for chantier in chantiers),
        "cadre": cadre,
        "nb_dates": sum(ligne.fait is not None for ligne in cadre),
        "demandes": encart_de(parcours, timezone.localdate()),
        "dit": bool(peut_dire_un_chantier(request.user, parcours)),
        "saisit": bool(peut_saisir(request.user, parcours)),
        "demande": bool(peut_demander(request.user, parcours)),
        "pour_plusieurs": _a_des_voisins(request, parcours),
    }
    return render(request, "programme/parcours_preparation.html", contexte)


def _a_des_voisins(request: Requete, parcours: Parcours) -> bool:
    """Vrai si le lecteur voit d'autres ESMS du même OG : le même fait s'y répond une fois."""
    if parcours.esms.og_id is None:
        return False
    vus = Parcours.objects.lisibles_par(request.user).dans_le_projet().exclude(pk=parcours.pk)
    return vus.filter(esms__og=parcours.esms.og_id).exists()


@require_http_methods(["GET", "POST"])
def chantier_dire(request: Requete, pk: int, chantier: str) -> HttpResponse:
    """Dire l'état d'un chantier à la place du calcul, avec une raison ; ou revenir au calcul."""
    if chantier not in Chantier.values:
        raise Http404("chantier inconnu")
    parcours = parcours_a_preparer(request, pk)
    exiger(peut_dire_un_chantier(request.user, parcours))
    lu, retour = services.lire_chantier(parcours, chantier), f"{_page(pk)}#chantier-{chantier}"
    histoire = AvisChantier.history.filter(parcours=parcours, chantier=chantier)
    formulaire = ChantierForm(request.POST or None, avis=lu.avis, initial={"vu": jeton(histoire)})
    if request.POST.get("geste") == "calcul":
        return _au_calcul(request, parcours, lu, formulaire)
    return saisir(
        request,
        formulaire,
        lambda: services.dire_etat(
            parcours=parcours, chantier=chantier, par=request.user, vu=formulaire.version_vue(), **formulaire.champs()
        ),
        retour=retour,
        succes=lambda avis: f"{parcours}, {str(avis).lower()}.",
        relire=lambda: jeton(histoire),
        gabarit="programme/chantier_dire.html",
        parcours=parcours,
        lu=lu,
        titre=lu.nom,
        libelle="Enregistrer cet état",
    )


def _au_calcul(request: Requete, parcours: Parcours, lu: services.ChantierLu, formulaire: ChantierForm) -> HttpResponse:
    # Ni état ni raison à lire ici : seulement ce que la personne avait sous les yeux.
    formulaire.full_clean()
    vu = formulaire.version_vue()
    try:
        services.revenir_au_calcul(parcours=parcours, chantier=lu.chantier, par=request.user, vu=vu)
        messages.success(request, f"{parcours} : {lu.nom.lower()}, l'état se calcule à nouveau.")
    except Refus as refus:
        messages.warning(request, refus.motif)
    return oublier_le_compte(redirect(f"{_page(parcours.pk)}#chantier-{lu.chantier}"))


def _page(pk: int) -> str:
    return reverse("programme:parcours-preparation", args=[pk])


@require_http_methods(["GET", "POST"])
def parcours_reprise(request: Requete, pk: int) -> HttpResponse:
    """Les données à reprendre : d'où, combien, comment, pour quand, et combien il en reste."""
    parcours = parcours_a_preparer(request, pk)
    lignes = list(parcours.reprises.all())
    contexte: dict[str, Any] = {
        "detaillee": bool(lignes),
        "soins": [ligne for ligne in lignes if ligne.securite_soins and not ligne.est_faite],
        "faites": sum(ligne.est_faite for ligne in lignes),
        "nb_lignes": len(lignes),
        "datee": parcours.faits.filter(nature=NatureFait.REPRISE).first(),
        "saisit": bool(peut_saisir(request.user, parcours)),
    }
    return page_de_blocs(request, parcours, (REPRISE,), "programme/parcours_reprise.html", ici="reprise", **contexte)
