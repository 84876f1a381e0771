"""Les connexions d'un ESMS et d'une grappe ; déposer le fichier de l'éditeur, le relier ; allumer les heures."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from formation.services.import_professionnels import Portee, lire_portee
from programme.models import Parcours
from programme.socle.depots import envoi_trop_gros, gros_depot
from programme.socle.erreurs import Refus
from programme.socle.finess.refus import FichierRefuse
from programme.socle.grilles import Classeur, Grille, Lecture, proposer_lecture
from programme.socle.imports import deposer, refaire
from programme.socle.models import Correspondance, Travail
from programme.socle.nombres import accorde
from programme.socle.travaux import lancer
from programme.views.grappes import grappe_visible
from programme.views.refus import exiger, tenter
from programme.views.relier import dernier_depot
from programme.views.requete import Requete
from programme.views.saisies import saisir
from usages.dessins.actifs import Mesure, dessiner
from usages.forms.connexions import (
    DepotConnexionsForm,
    HorairesForm,
    LectureConnexionsForm,
    RelierConnexionsForm,
    ouvrir,
)
from usages.horaires import SEUIL
from usages.models import HorairesAllumes
from usages.mots_connexions import COLONNES, LIEU
from usages.permissions import (
    peut_allumer_les_horaires,
    peut_envoyer_un_journal,
    peut_importer_connexions,
    peut_lire_usages,
)
from usages.resources.connexions import DEPOT
from usages.services.connexions import correspondances, horaires, lecture
from usages.services.connexions.correspondances import GENRE

LECTURE = ("esms__departement", "esms__og", "grappe__solution__editeur", "solution__editeur")
ETEINDRE = "eteindre"
SANS_ORGANISME = "Cet ESMS n'a pas d'organisme gestionnaire : dites lequel avant d'importer un fichier."


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


def _portee(request: Requete, parcours: Parcours) -> Portee:
    """Les ESMS de l'organisme que ce compte gère ; 403 s'il n'y gère rien."""
    exiger(peut_importer_connexions(request.user, parcours))
    if parcours.esms.og is None:
        raise PermissionDenied(SANS_ORGANISME)
    return lire_portee(parcours.esms.og, par=request.user, depuis=parcours.pk)


def _admises(portee: Portee) -> list[str]:
    """Les colonnes qu'on propose : le lieu, seulement si un ESMS l'a allumé."""
    allumes = HorairesAllumes.objects.filter(parcours__in=[p.pk for p in portee.parcours.values()])
    return [code for code in COLONNES if code != LIEU or allumes.exists()]


def _objet(portee: Portee) -> str:
    return f"Connexions, {portee.og}"[:180]


@gros_depot(peut_envoyer_un_journal)
@require_http_methods(["GET", "POST"])
def importer(request: Requete, pk: int) -> HttpResponse:
    """Déposer : avec une correspondance connue, l'aperçu suit ; sinon, Treille devine et l'on relit."""
    parcours = _parcours_vu(request, pk)
    portee = _portee(request, parcours)
    envoi = (request.POST, request.FILES) if request.method == "POST" else ()
    formulaire = DepotConnexionsForm(*envoi, portee=portee, trop_gros=envoi_trop_gros(request))
    if formulaire.is_valid() and (travail := _recevoir(request, formulaire, portee, parcours)):
        if travail.genre == DEPOT:
            adresse = reverse("usages:connexions-relier", args=[travail.parametres["correspondance"]])
            return redirect(f"{adresse}?travail={travail.pk}")
        return redirect("programme:travail-detail", pk=travail.pk)
    contexte = {"form": formulaire, "portee": portee, "parcours": parcours}
    return render(request, "usages/connexions_deposer.html", contexte, status=422 if formulaire.errors else 200)


def _recevoir(request: Requete, formulaire: DepotConnexionsForm, portee: Portee, parcours: Parcours) -> Travail | None:
    fichier = formulaire.cleaned_data["fichier"]
    parametres = formulaire.parametres() | {"og": portee.og.pk, "parcours": parcours.pk}
    if choisie := formulaire.choisie():
        parametres["correspondance"] = choisie.pk
        return deposer(GENRE, fichier=fichier, par=request.user, objet=_objet(portee), parametres=parametres)
    solution = parcours.solution or parcours.grappe.solution
    editeur = solution.editeur if solution else None
    try:
        reglages = formulaire.deviner(editeur, _admises(portee))
    except FichierRefuse as refus:
        formulaire.add_error("fichier", refus.message)
        return None
    brouillon = correspondances.ouvrir_brouillon(
        og=portee.og,
        par=request.user,
        nom=f"Connexions, {editeur}" if editeur else "Connexions",
        source=formulaire.cleaned_data["source"],
        reglages=reglages,
        editeur=editeur,
    )
    parametres["correspondance"] = brouillon.pk
    objet = _objet(portee)
    return lancer(DEPOT, par=request.user, objet=objet, fichier=fichier, parametres=parametres, sur_place=True)


def _relue(request: Requete, pk: int) -> tuple[Correspondance, Portee]:
    """La correspondance et ce que le lecteur gère dans son organisme ; 404 s'il n'y gère rien."""
    correspondance = get_object_or_404(correspondances.lisibles(request.user).select_related("og"), pk=pk)
    assert correspondance.og is not None  # `lisibles` n'en rend pas d'autre
    portee = lire_portee(correspondance.og, par=request.user)
    if not portee.parcours:
        raise Http404
    return correspondance, portee


def _lire(request: Requete, depot: Travail, correspondance: Correspondance) -> tuple[Classeur, Lecture, Grille]:
    """Quelques lignes du fichier, là où l'adresse dit de lire ; à défaut, là où le dit la correspondance."""
    donnees = request.POST if "feuille" in request.POST else request.GET
    retenue = Lecture.depuis_json(correspondance.options["lecture"])
    dit = donnees.get("separateur", "") or retenue.separateur
    with depot.fichier.open("rb") as fichier:
        classeur = ouvrir(fichier, dit if len(dit) == 1 else "")
    voulu = LectureConnexionsForm(donnees or None, classeur=classeur, lecture=proposer_lecture(classeur))
    choisie = voulu.lecture() if voulu.is_bound and voulu.is_valid() else retenue
    return classeur, choisie, classeur.lire(choisie, discret=True)


@require_http_methods(["GET", "POST"])
def relier(request: Requete, correspondance: int) -> HttpResponse:
    """Dire ce que vaut chaque colonne et chaque mot du fichier ; l'enregistrer mène à l'aperçu."""
    relue, portee = _relue(request, correspondance)
    depot = dernier_depot(request, [GENRE, DEPOT], {"og": portee.og.pk}, relue)
    depuis = depot.parametres["parcours"] if depot else next(p.pk for p in portee.parcours.values())
    contexte: dict[str, Any] = {"portee": portee, "correspondance": relue, "depot": depot}
    contexte["url_deposer"] = reverse("usages:connexions-import", args=[depuis])
    try:
        lu = _lire(request, depot, relue) if depot else None
    except FichierRefuse as refus:
        lu, contexte["refus"] = None, refus.message
    if lu is None or depot is None:
        return render(request, "usages/connexions_relier.html", contexte, status=422 if request.POST else 200)
    classeur, choisie, grille = lu
    formulaire = RelierConnexionsForm(
        request.POST or None,
        correspondance=relue,
        grille=grille,
        lecture=choisie,
        portee=portee,
        classeur=classeur,
        admises=_admises(portee),
    )
    if formulaire.is_valid() and (enregistree := _retenir(request, formulaire)):
        return _voir_l_apercu(request, depot, enregistree, portee)
    contexte |= {"form": formulaire, "grille": grille}
    contexte["lecture"] = LectureConnexionsForm(classeur=classeur, lecture=choisie)
    return render(request, "usages/connexions_relier.html", contexte, status=422 if formulaire.errors else 200)


def _retenir(request: Requete, formulaire: RelierConnexionsForm) -> Correspondance | None:
    return tenter(
        formulaire,
        lambda: correspondances.enregistrer(
            correspondance=formulaire.correspondance,
            nom=formulaire.cleaned_data["nom"],
            code=formulaire.cleaned_data["code"],
            reglages=formulaire.reglages(),
            par=request.user,
        ),
    )


def _voir_l_apercu(request: Requete, depot: Travail, enregistree: Correspondance, portee: Portee) -> HttpResponse:
    gardes = {cle: v for cle, v in depot.parametres.items() if cle in ("og", "parcours", "du", "au")}
    parametres = gardes | {"correspondance": enregistree.pk}
    travail = refaire(depot, par=request.user, code=GENRE, objet=_objet(portee), parametres=parametres)
    messages.success(request, f"La correspondance « {enregistree.nom} » est enregistrée pour tout l’organisme.")
    return redirect("programme:travail-detail", pk=travail.pk)


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
