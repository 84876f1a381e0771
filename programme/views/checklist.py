"""La checklist d'un ESMS, et la réponse donnée une fois pour plusieurs."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from programme import a_faire
from programme.calculs.budget_de_saisie import SECONDES_PAR_ACTION
from programme.calculs.checklist import D_OFFICE, MESURE
from programme.contexte import oublier_le_compte
from programme.enums import Niveau, StatutAction
from programme.forms.checklist import ReponseCommuneForm, ReponseForm
from programme.models import Parcours, ReponseChecklist
from programme.permissions import SAISIE_RESERVEE, peut_lire_preparation, peut_repondre, peut_saisir
from programme.services.actions import comptes_proposes
from programme.services.checklist import lecture, reponses
from programme.socle import versions
from programme.socle.a_faire import demande_de
from programme.socle.droits import Droit
from programme.socle.erreurs import Refus
from programme.socle.nombres import accorde
from programme.views.checklist_lignes import Affichee, enregistrer, rendre_faute, rendre_ligne
from programme.views.refus import exiger
from programme.views.requete import Requete
from programme.views.saisies import saisir

# --- un ESMS -------------------------------------------------------------------------------------------------------


def _parcours(request: Requete, pk: int) -> Parcours:
    vus = Parcours.objects.visibles_par(request.user).select_related("esms__og", "esms__departement", "grappe")
    parcours = get_object_or_404(vus, pk=pk)
    exiger(peut_lire_preparation(request.user, parcours))
    return parcours


def _origine(lue: lecture.LigneLue) -> str:
    """D'où vient le statut, quand ce n'est pas d'une réponse de l'ESMS."""
    herite = lue.resolue.herite_de
    if herite == MESURE:
        return "constaté"
    if herite == D_OFFICE:
        return f"d’office : {lue.ligne.get_sans_objet_si_display()}"
    if herite == Niveau.GRAPPE:
        return "répondu pour toute la grappe"
    return f"répondu par {lue.reponse.cible}" if herite else ""


class _Page:
    """Ce que lisent toutes les lignes d'une page : droits, jetons, comptes, ESMS qui partagent la réponse."""

    def __init__(self, request: Requete, parcours: Parcours, checklist: lecture.Checklist) -> None:
        self.parcours, self.checklist, self.utilisateur = parcours, checklist, request.user
        self.saisit = bool(peut_saisir(request.user, parcours))
        self.comptes = comptes_proposes([parcours], timezone.localdate()) if self.saisit else {}
        siennes = [x.reponse.pk for x in checklist.lignes if x.reponse and x.reponse.parcours_id]
        self.jetons = versions.jetons(ReponseChecklist.history, siennes)
        autres = Parcours.objects.visibles_par(request.user).dans_le_projet().exclude(pk=parcours.pk)
        self.a_plusieurs = self.saisit and autres.filter(esms__og=parcours.esms.og_id).exists()

    def afficher(self, lue: lecture.LigneLue, donnees: Any = None) -> Affichee:
        """La ligne, sa saisie remplie de la réponse de l'ESMS s'il en a une, sinon vierge."""
        sienne = lue.reponse if lue.reponse and lue.reponse.parcours_id else None
        vu = self.jetons.get(sienne.pk, 0) if sienne else 0
        heritee = sienne is None and bool(lue.resolue.herite_de)
        formulaire = ReponseForm(donnees, ligne=lue.ligne, reponse=sienne, comptes=self.comptes, vu=vu, heritee=heritee)
        ici = [self.parcours.pk, lue.ligne.code]
        return Affichee(
            ligne=lue.ligne,
            statut=lue.statut,
            echeance=lue.echeance,
            formulaire=formulaire,
            url=reverse("programme:checklist-repondre", args=ici),
            peut=self.saisit,
            reponse=lue.reponse,
            origine=_origine(lue),
            lue=lue,
            lien=lue.lien,
            geste=lue.geste,
            url_niveau=self._url_niveau(lue),
            url_commune=self._url_commune(lue),
        )

    def _url_niveau(self, lue: lecture.LigneLue) -> str:
        """La page du niveau où l'action se répond, pour qui peut y répondre."""
        niveau, grappe = lue.niveau_utile, self.parcours.grappe
        if niveau == Niveau.GRAPPE:
            cible: Any = grappe
        elif niveau == Niveau.OG:
            cible = self.parcours.esms.og
        else:
            return ""
        if not peut_repondre(self.utilisateur, grappe, niveau, cible):
            return ""
        page = reverse("programme:checklist-niveau", args=[grappe.pk, niveau, cible.pk])
        return f"{page}#action-{lue.ligne.code}"

    def _url_commune(self, lue: lecture.LigneLue) -> str:
        """Répondre une fois pour plusieurs : seulement ce que chaque ESMS répond, et à la main."""
        commune = self.a_plusieurs and lue.niveau_utile == Niveau.ESMS and not lue.ligne.mesure
        return reverse("programme:checklist-commune", args=[lue.ligne.code]) if commune else ""


@require_safe
def checklist_esms(request: Requete, pk: int) -> HttpResponse:
    """Ce qui se fait maintenant, ce qui vient, ce qui est réglé : le tout se répond sur place."""
    parcours = _parcours(request, pk)
    checklist = lecture.lire_checklist(parcours)
    page = _Page(request, parcours, checklist)
    contexte = {
        "parcours": parcours,
        "checklist": checklist,
        "saisit": page.saisit,
        "par_action": SECONDES_PAR_ACTION,
        "d_abord": [page.afficher(x) for x in checklist.d_abord],
        "ensuite": [page.afficher(x) for x in checklist.ensuite],
        "plus_tard": [page.afficher(x) for x in checklist.plus_tard],
        "reglees": [page.afficher(x) for x in checklist.reglees],
        "aujourdhui": timezone.localdate(),
    }
    return render(request, "programme/checklist_esms.html", contexte)


@require_safe
def checklist_imprimer(request: Requete, pk: int) -> HttpResponse:
    """La feuille à imprimer : remplie, ou vierge (`?vierge=1`) pour une réunion sans écran."""
    parcours = _parcours(request, pk)
    contexte = {
        "parcours": parcours,
        "checklist": lecture.lire_checklist(parcours),
        "vierge": request.GET.get("vierge") == "1",
        "au": timezone.localdate(),
        "statuts": StatutAction.choices,
    }
    return render(request, "programme/checklist_impression.html", contexte)


@require_POST
def checklist_repondre(request: Requete, pk: int, code: str) -> HttpResponse:
    """Enregistre une ligne, et la rend : sur place avec script, la page sinon."""
    parcours = _parcours(request, pk)
    lue = lecture.lire_checklist(parcours).ligne(code)
    if lue is None:
        raise Http404("action inconnue")
    exiger(peut_saisir(request.user, parcours))
    if request.POST.get("geste") == "effacer" and lue.reponse and lue.reponse.parcours_id:
        return _effacer(request, parcours, lue)
    if request.POST.get("ancienne"):
        return _reprendre(request, parcours, lue)
    affichee = _Page(request, parcours, lecture.lire_checklist(parcours)).afficher(lue, request.POST)
    if enregistrer(request, affichee, grappe=parcours.grappe, niveau=Niveau.ESMS, cible=parcours):
        return _rendre_esms(request, parcours, code, enregistree=True)
    return rendre_faute(request, affichee, reverse("programme:checklist-esms", args=[parcours.pk]))


def _effacer(request: Requete, parcours: Parcours, lue: lecture.LigneLue) -> HttpResponse:
    try:
        reponses.effacer_exception(reponse=lue.reponse, par=request.user)
    except Refus as refus:
        messages.error(request, refus.motif)
    return _rendre_esms(request, parcours, lue.ligne.code)


def _reprendre(request: Requete, parcours: Parcours, lue: lecture.LigneLue) -> HttpResponse:
    ancienne = next((r for r in lue.resolue.anciennes if str(r.pk) == request.POST.get("ancienne")), None)
    if ancienne is None:
        raise Http404("réponse inconnue")
    try:
        reponses.reprendre_l_ancienne(parcours=parcours, ancienne=ancienne, par=request.user)
    except Refus as refus:
        messages.error(request, refus.motif)
    return _rendre_esms(request, parcours, lue.ligne.code, enregistree=True)


def _rendre_esms(request: Requete, parcours: Parcours, code: str, *, enregistree: bool = False) -> HttpResponse:
    if not request.htmx:
        return oublier_le_compte(redirect(reverse("programme:checklist-esms", args=[parcours.pk]) + f"#action-{code}"))
    checklist = lecture.lire_checklist(parcours)
    lue = checklist.ligne(code)
    affichee = _Page(request, parcours, checklist).afficher(lue) if lue else None
    return oublier_le_compte(rendre_ligne(request, affichee, enregistree=enregistree))


# --- plusieurs ESMS ------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def checklist_commune(request: Requete, code: str) -> HttpResponse:
    """La même réponse pour plusieurs ESMS, une chacun : un directeur de quatre ESMS répond une fois."""
    exiger(Droit(bool(a_faire.ACTIFS & set(request.user.perimetre.roles)), SAISIE_RESERVEE))
    vus = [v.parcours for v in a_faire.parcours_vus(demande_de(request, timezone.localdate()))]
    lues = {cle: c.ligne(code) for cle, c in lecture.lire_checklists(vus).items()}
    attendent = [p for p in vus if _attend(lues[p.pk]) and peut_saisir(request.user, p)]
    ligne = next((lue.ligne for lue in lues.values() if lue), None)
    if ligne is None:
        raise Http404("action inconnue")
    initial = {"parcours": [p.pk for p in attendent]}
    formulaire = ReponseCommuneForm(request.POST or None, choix=attendent, initial=initial)
    return saisir(
        request,
        formulaire,
        lambda: reponses.repondre_pour_plusieurs(code=code, par=request.user, **formulaire.cleaned_data),
        retour=reverse("programme:accueil"),
        succes=lambda ecrites: f"{ligne.libelle} : répondu pour {accorde(len(ecrites), 'ESMS,ESMS')}.",
        gabarit="programme/checklist_commune.html",
        ligne=ligne,
        attendent=attendent,
        titre=ligne.libelle,
    )


def _attend(lue: lecture.LigneLue | None) -> bool:
    """Vrai si l'action se répond ESMS par ESMS, à la main, et reste à régler."""
    return bool(lue and not lue.resolue.est_reglee and lue.niveau_utile == Niveau.ESMS and not lue.ligne.mesure)
