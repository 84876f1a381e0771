"""La checklist d'un niveau : ce qui se répond une fois pour une grappe, un organisme, un groupe."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from programme.calculs.budget_de_saisie import SECONDES_PAR_ACTION
from programme.enums import FAITS_A_DATER, Niveau
from programme.forms.checklist import ReponseForm
from programme.models import Grappe, ReponseChecklist
from programme.models.checklist import cible_de_grappe
from programme.permissions import peut_lire_grille, peut_repondre
from programme.services.actions import comptes_proposes
from programme.services.checklist import niveaux, reponses
from programme.socle import versions
from programme.socle.depots import envoi_trop_gros
from programme.socle.erreurs import Refus
from programme.socle.pieces import TROP_GROS, pieces_de
from programme.views.checklist_lignes import Affichee, enregistrer, rendre_faute, rendre_ligne
from programme.views.refus import exiger
from programme.views.requete import Requete


def _cible(request: Requete, pk: int, niveau: str, cle: int) -> tuple[Grappe, Any]:
    grappe = get_object_or_404(Grappe.objects.visibles_par(request.user), pk=pk)
    exiger(peut_lire_grille(request.user, grappe))
    if niveau == Niveau.GRAPPE and cle == grappe.pk:
        return grappe, grappe
    if niveau in (Niveau.OG, Niveau.GROUPE) and (cible := cible_de_grappe(grappe, niveau, cle)):
        droit = peut_repondre(request.user, grappe, niveau, cible)
        if droit or niveaux.parcours_de(grappe, niveau, cible, request.user):
            return grappe, cible
    raise Http404("niveau inconnu")


def _afficher_au_niveau(
    request: Requete, grappe: Grappe, niveau: str, cible: Any, donnees: Any = None, code: str = ""
) -> list[Affichee]:
    lignes = niveaux.lire_niveau(grappe, niveau, cible, request.user)
    jetons = versions.jetons(ReponseChecklist.history, [x.reponse.pk for x in lignes if x.reponse])
    peut = bool(peut_repondre(request.user, grappe, niveau, cible))
    lues = niveaux.parcours_de(grappe, niveau, cible, request.user)
    comptes = comptes_proposes(lues or [grappe], timezone.localdate()) if peut else {}
    rendu = []
    for x in lignes:
        if code and x.ligne.code != code:
            continue
        vu = jetons.get(x.reponse.pk, 0) if x.reponse else 0
        formulaire = ReponseForm(donnees, ligne=x.ligne, reponse=x.reponse, comptes=comptes, vu=vu)
        url = reverse("programme:checklist-niveau-repondre", args=[grappe.pk, niveau, cible.pk, x.ligne.code])
        detail = f"réglé pour {x.nb_reglees} ESMS sur {x.nb_esms}" if x.nb_esms else ""
        pieces = list(pieces_de(x.reponse)) if x.reponse and x.ligne.piece_attendue else ()
        rendu.append(
            Affichee(
                x.ligne,
                x.statut,
                x.echeance,
                formulaire,
                url,
                peut,
                x.reponse,
                detail=detail,
                pieces=pieces,
                recoit_une_piece=x.ligne.piece_attendue,
                lien=reverse("programme:faits-communs", args=[x.ligne.mesure])
                if x.ligne.mesure in FAITS_A_DATER
                else "",
                geste="Dater pour plusieurs",
            )
        )
    return rendu


@require_safe
def checklist_niveau(request: Requete, pk: int, niveau: str, cle: int) -> HttpResponse:
    """Ce qui se répond une fois pour toute la grappe, un organisme, un groupe."""
    grappe, cible = _cible(request, pk, niveau, cle)
    lues = niveaux.parcours_de(grappe, Niveau.GRAPPE, grappe, request.user)
    ogs, groupes = niveaux.cibles_de(lues)
    contexte = {
        "grappe": grappe,
        "niveau": niveau,
        "cible": cible,
        "par_action": SECONDES_PAR_ACTION,
        "actions": _afficher_au_niveau(request, grappe, niveau, cible),
        "ogs": ogs,
        "groupes": groupes,
        "aujourdhui": timezone.localdate(),
    }
    return render(request, "programme/checklist_niveau.html", contexte)


@require_POST
def checklist_niveau_repondre(request: Requete, pk: int, niveau: str, cle: int, code: str) -> HttpResponse:
    """Enregistre une ligne d'un niveau, ou y joint une pièce."""
    grappe, cible = _cible(request, pk, niveau, cle)
    affichees = _afficher_au_niveau(request, grappe, niveau, cible, request.POST, code)
    if not affichees:
        raise Http404("action inconnue")
    exiger(peut_repondre(request.user, grappe, niveau, cible))
    retour = reverse("programme:checklist-niveau", args=[pk, niveau, cle])
    # D'un envoi trop gros, la réception s'est arrêtée en route : ni le fichier, ni le nom du bouton ne sont arrivés.
    if "fichier" in request.FILES or request.POST.get("geste") == "joindre" or envoi_trop_gros(request):
        return _joindre(request, retour, grappe=grappe, niveau=niveau, cible=cible, code=code)
    if not enregistrer(request, affichees[0], grappe=grappe, niveau=niveau, cible=cible):
        return rendre_faute(request, affichees[0], retour)
    if not request.htmx:
        return redirect(f"{retour}#action-{code}")
    neuve = _afficher_au_niveau(request, grappe, niveau, cible, code=code)[0]
    return rendre_ligne(request, neuve, enregistree=True)


def _joindre(request: Requete, retour: str, **champs: Any) -> HttpResponse:
    fichier = request.FILES.get("fichier")
    try:
        if envoi_trop_gros(request):
            raise Refus("champ", TROP_GROS)
        if fichier is None:
            raise Refus("champ", "Choisissez un fichier, puis joignez-le.")
        piece = reponses.joindre_piece(fichier=fichier, par=request.user, **champs)
    except Refus as refus:
        messages.error(request, refus.motif)
    else:
        messages.success(request, f"« {piece.nom} » est joint.")
    return redirect(f"{retour}#action-{champs['code']}")
