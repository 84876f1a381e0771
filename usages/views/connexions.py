"""Les connexions d'un ESMS et d'une grappe ; déposer le fichier de l'éditeur, le relier ; allumer les heures."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from formation.services.import_professionnels import Portee, lire_portee
from programme.models import Parcours
from programme.services.correspondances import Chez, lisibles_d_un_og
from programme.socle.depots import gros_depot
from programme.socle.erreurs import Refus
from programme.socle.nombres import accorde
from programme.views.grappes import grappe_visible
from programme.views.refus import exiger
from programme.views.relier import Lieu, PagesARelier
from programme.views.requete import Requete
from programme.views.saisies import saisir
from usages.calculs.horaires import SEUIL
from usages.dessins.actifs import Mesure, dessiner
from usages.forms.connexions import DepotConnexionsForm, HorairesForm, RelierConnexionsForm
from usages.models import HorairesAllumes
from usages.permissions import (
    peut_allumer_les_horaires,
    peut_envoyer_un_journal,
    peut_importer_connexions,
    peut_lire_usages,
)
from usages.services.connexions import horaires, lecture
from usages.services.connexions.correspondances import GENRE

LECTURE = ("esms__departement", "esms__og", "grappe__solution__editeur", "solution__editeur")
ETEINDRE = "eteindre"
SANS_ORGANISME = "Cet ESMS n'a pas d'organisme gestionnaire : dites lequel avant d'importer un fichier."
PAGES = PagesARelier(
    code=GENRE,
    depot=DepotConnexionsForm,
    liaison=RelierConnexionsForm,
    titre="Importer les connexions",
    lu="usages/fragments/connexions_lu.html",
    titre_relier="Ce que dit le fichier de l’éditeur",
    exemples_de_mots="le nom d’une unité, d’un pôle",
)
CHAPEAU = (
    "{} · le fichier de l’éditeur tel qu’il est, plusieurs ESMS et plusieurs mois à la fois. Vous le reliez une fois : "
    "tout l’organisme s’en sert ensuite."
)


def _parcours_vu(request: Requete, pk: int) -> Parcours:
    return get_object_or_404(Parcours.objects.visibles_par(request.user).select_related(*LECTURE), pk=pk)


# --- lire ----------------------------------------------------------------------------------------------------------


@require_safe
def parcours(request: Requete, pk: int) -> HttpResponse:
    """Un ESMS : ses comptes actifs par mois ; les heures et les lieux s'ils sont allumés."""
    parcours = _parcours_vu(request, pk)
    exiger(peut_lire_usages(request.user, parcours))
    page = lecture.lire_esms(parcours, request.user)
    mesures = [Mesure(m.periode.debut, m.actifs, m.prevus, bool(m.usage and m.usage.est_complet)) for m in page.mois]
    contexte = {
        "parcours": parcours,
        "page": page,
        "courbe": dessiner(mesures),
        "gere": bool(peut_importer_connexions(request.user, parcours)),
        "regle": bool(peut_allumer_les_horaires(request.user, parcours)),
        "allume": HorairesAllumes.objects.visibles_par(request.user).filter(parcours=parcours).first(),
        "seuil": SEUIL,
    }
    return render(request, "usages/parcours_connexions.html", contexte)


@require_safe
def grappe(request: Requete, pk: int) -> HttpResponse:
    """Une grappe : la somme de ses ESMS par mois, puis chacun d'eux, sans classement."""
    grappe = grappe_visible(request, pk)
    exiger(peut_lire_usages(request.user, grappe))
    page = lecture.lire_grappe(grappe, request.user)
    mesures = [
        Mesure(s.periode.debut, s.actifs if s.nb_lus else None, s.prevus, s.est_complet, s.lus) for s in page.sommes
    ]
    contexte = {"grappe": grappe, "page": page, "courbe": dessiner(mesures)}
    return render(request, "usages/grappe_connexions.html", contexte)


# --- importer ------------------------------------------------------------------------------------------------------


def _lieu(portee: Portee, parcours: Parcours) -> Lieu:
    retour = reverse("usages:parcours-connexions", args=[parcours.pk])
    return Lieu(
        chez=Chez(GENRE, og=portee.og),
        objet=f"Connexions, {portee.og}",
        sujet=str(parcours),
        chapeau=CHAPEAU.format(portee.og),
        fil=[
            (parcours.grappe.nom, reverse("programme:grappe-detail", args=[parcours.grappe_id])),
            (str(parcours), reverse("programme:parcours-detail", args=[parcours.pk])),
            ("Connexions", retour),
        ],
        url_deposer=reverse("usages:connexions-import", args=[parcours.pk]),
        retour=retour,
        parametres={"og": portee.og.pk, "parcours": parcours.pk},
        portee=portee,
        depuis=parcours,
        esms=portee.parcours,
    )


@gros_depot(peut_envoyer_un_journal)
@require_http_methods(["GET", "POST"])
def importer(request: Requete, pk: int) -> HttpResponse:
    """Déposer : avec une correspondance connue, l'aperçu suit ; sinon, Treille devine et l'on relit."""
    parcours = _parcours_vu(request, pk)
    exiger(peut_importer_connexions(request.user, parcours))
    if parcours.esms.og is None:
        raise PermissionDenied(SANS_ORGANISME)
    portee = lire_portee(parcours.esms.og, par=request.user, depuis=parcours.pk)
    return PAGES.deposer(request, _lieu(portee, parcours))


@require_http_methods(["GET", "POST"])
def relier(request: Requete, correspondance: int) -> HttpResponse:
    """Dire ce que vaut chaque colonne et chaque mot du fichier ; l'enregistrer mène à l'aperçu."""
    relue = get_object_or_404(lisibles_d_un_og(GENRE, request.user), pk=correspondance)
    assert relue.og is not None  # `lisibles_d_un_og` n'en rend pas d'autre
    portee = lire_portee(relue.og, par=request.user)
    if not portee.parcours:
        raise Http404
    depot = PAGES.trouver_depot(request, relue)
    depuis = depot.parametres["parcours"] if depot else next(p.pk for p in portee.parcours.values())
    return PAGES.relier(request, _lieu(portee, _parcours_vu(request, depuis)), relue, depot)


# --- les heures et les lieux ---------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def reglage_horaires(request: Requete, pk: int) -> HttpResponse:
    """Allumer les heures et les lieux, avec la date du CSE ; les éteindre et oublier ce qui a été compté."""
    parcours = _parcours_vu(request, pk)
    exiger(peut_allumer_les_horaires(request.user, parcours))
    retour = reverse("usages:parcours-connexions", args=[pk])
    if request.method == "POST" and request.POST.get("geste") == ETEINDRE:
        return _eteindre(request, parcours, retour)
    reglage = horaires.lire_reglage(parcours)
    depart = {"cse_le": reglage.allume.cse_le, "reference": reglage.allume.reference} if reglage.allume else None
    formulaire = HorairesForm(request.POST or None, initial=depart)
    return saisir(
        request,
        formulaire,
        lambda: horaires.allumer(parcours=parcours, par=request.user, **formulaire.cleaned_data),
        retour=retour,
        succes="Les prochains fichiers compteront aussi l’heure et le lieu.",
        gabarit="usages/connexions_horaires.html",
        parcours=parcours,
        reglage=reglage,
        seuil=SEUIL,
    )


def _eteindre(request: Requete, parcours: Parcours, retour: str) -> HttpResponse:
    try:
        oubliees = horaires.eteindre(parcours=parcours, par=request.user)
    except Refus as refus:
        messages.error(request, refus.motif)
        return redirect("usages:connexions-horaires", pk=parcours.pk)
    dit = accorde(oubliees, "ligne effacée,lignes effacées")
    messages.success(request, f"L’heure et le lieu ne se comptent plus ; {dit}.")
    return redirect(retour)
