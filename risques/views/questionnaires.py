"""Les questionnaires : leur liste, un questionnaire et ses versions, une version, l'emporter, en apporter une."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from programme.socle.depots import envoi_trop_gros
from programme.socle.enums import EtatTravail
from programme.socle.erreurs import Refus
from programme.socle.imports import deposer
from programme.socle.listes import VueListe
from programme.views.refus import exiger
from programme.views.requete import Requete
from risques.definition.classeur import ecrire_classeur
from risques.definition.json_ import ecrire_json
from risques.documents.vierge import vierge_de
from risques.filters.questionnaires import QuestionnaireFilter
from risques.forms.questionnaires import COMPAREE, SEULE, ComparabiliteForm, DepotQuestionnaireForm
from risques.models import Questionnaire, VersionQuestionnaire
from risques.permissions import peut_importer_quelque_part, peut_tenir_version
from risques.services import lecture_questionnaires as lecture
from risques.services import questionnaires as services
from risques.tables.questionnaires import QuestionnaireTable
from risques.views.listes import VUES

LISTE = "risques:questionnaire-liste"
IMPORTER = "risques:questionnaire-importer"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class QuestionnaireListe(VueListe):
    """Les questionnaires que voit le lecteur : ceux de Treille, et ceux de ses grappes."""

    request: Requete
    gabarit = "risques/questionnaire_liste.html"
    modele = VersionQuestionnaire
    table = QuestionnaireTable
    filtre = QuestionnaireFilter
    titre = "Questionnaires"
    chapeau = "Les instruments de Treille, et les textes apportés par les grappes. Une version publiée ne change plus."
    unite = "questionnaire"
    recherche = "Mots du questionnaire"
    tri = "nom"
    nom_fichier = "questionnaires"
    vues = VUES

    def requete(self) -> QuerySet:
        """Une ligne par questionnaire et par portée, avec son nombre de questions."""
        vues = VersionQuestionnaire.objects.visibles_par(self.request.user).une_par_portee()
        return vues.select_related("questionnaire", "grappe").avec_nombre()

    def contexte(self) -> dict[str, Any]:
        """Apporter un questionnaire, pour qui le peut."""
        peut = peut_importer_quelque_part(self.request.user)
        return {"url_importer": reverse(IMPORTER)} if peut else {}

    def vide(self) -> dict[str, str]:
        """Rien de livré ni d'apporté."""
        texte = "Les instruments de Treille se chargent avec ses référentiels ; votre administrateur peut les charger."
        return {"titre": "Aucun questionnaire", "texte": texte, "icone": "inbox"}


@require_safe
def detail(request: Requete, code: str) -> HttpResponse:
    """Un questionnaire : ses versions, ce qui les distingue, les campagnes qui s'en servent."""
    questionnaire = get_object_or_404(Questionnaire.objects.visibles_par(request.user), code=code)
    contexte = {
        "questionnaire": questionnaire,
        "fiche": lecture.fiche_de(questionnaire, par=request.user),
        "apporte": bool(peut_importer_quelque_part(request.user)),
    }
    return render(request, "risques/questionnaire_detail.html", contexte)


# --- une version ---------------------------------------------------------------------------------------------------


def _version(request: Requete, pk: int) -> VersionQuestionnaire:
    """La version et son texte entier ; 404 pour qui ne la voit pas."""
    vues = VersionQuestionnaire.objects.visibles_par(request.user).select_related(
        "questionnaire", "grappe", "creee_par"
    )
    return get_object_or_404(vues.prefetch_related("sections__questions"), pk=pk)


@require_http_methods(["GET", "POST"])
def version(request: Requete, pk: int) -> HttpResponse:
    """Le texte d'une version, lisible ; sur un brouillon, dire s'il se compare aux versions d'avant."""
    lue = _version(request, pk)
    tient = peut_tenir_version(request.user, lue)
    if request.method == "POST":
        exiger(tient)
    texte = lecture.page_de(lue, par=request.user)
    formulaire = _comparabilite(request, texte) if tient else None
    if request.method == "POST":
        if refus := _choisir(request, lue, formulaire):
            messages.error(request, refus)
        return redirect("risques:versionquestionnaire-detail", pk=pk)
    contexte = {"version": lue, "ici": f"Version {lue.numero}", "texte": texte, "formulaire": formulaire}
    return render(request, "risques/version_detail.html", contexte)


def _comparabilite(request: Requete, texte: lecture.TexteLu) -> ComparabiliteForm | None:
    """Le choix de comparer, quand il se pose."""
    ecarts = texte.ecarts
    if texte.depuis is None or ecarts is None or ecarts.obstacle:
        return None
    choisi = COMPAREE if texte.version.comparable_depuis else SEULE
    return ComparabiliteForm(request.POST or None, depuis=texte.depuis, initial={"comparable": choisi})


def _choisir(request: Requete, lue: VersionQuestionnaire, formulaire: ComparabiliteForm | None) -> str:
    """Écrit le choix ; rend pourquoi ce n'est pas fait, en une phrase."""
    if formulaire is None:
        return services.DEJA_PUBLIEE if not lue.est_brouillon else "Il n'y a rien à choisir pour cette version."
    if not formulaire.is_valid():
        return "Dites si ses réponses se comparent à celles des versions d'avant."
    comparable = formulaire.cleaned_data["comparable"] == COMPAREE
    try:
        services.choisir_comparabilite(version=lue, comparable=comparable, par=request.user)
    except Refus as refus:
        if refus.code == "droit":
            raise PermissionDenied(refus.motif) from refus
        return refus.motif
    mots = "se comparera aux versions d'avant" if comparable else "ne se comparera qu'à elle-même"
    messages.success(request, f"Une fois publiée, la version {lue.numero} {mots}.")
    return ""


def _en_fichier(octets: bytes, nom: str, genre: str) -> HttpResponse:
    entete = {"Content-Disposition": f'attachment; filename="{nom}"'}
    return HttpResponse(octets, content_type=genre, headers=entete)


@require_safe
def export(request: Requete, pk: int, forme: str) -> HttpResponse:
    """Le texte d'une version, en XLSX ou en JSON : corrigé, il se rapporte comme un brouillon."""
    lue = _version(request, pk)
    definition = services.definition_de(lue)
    nom = f"{lue.questionnaire.code}-version-{lue.numero}.{forme}"
    if forme == "xlsx":
        return _en_fichier(ecrire_classeur(definition), nom, XLSX)
    if forme == "json":
        return _en_fichier(ecrire_json(definition), nom, "application/json")
    raise Http404("format inconnu")


@require_safe
def vierge(request: Requete, pk: int) -> HttpResponse:
    """Le questionnaire vierge, à imprimer et à ressaisir par ses codes ; PDF balisé."""
    document = vierge_de(_version(request, pk), le=timezone.now())
    return _en_fichier(document.en_pdf(), document.nom, "application/pdf")


# --- apporter ------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def importer(request: Requete) -> HttpResponse:
    """Déposer un questionnaire ; rien n'est écrit avant de confirmer l'aperçu. `?code=` : d'où l'on part."""
    exiger(peut_importer_quelque_part(request.user))
    modele = Questionnaire.objects.visibles_par(request.user).filter(code=request.GET.get("code", "")[:50]).first()
    fiche = lecture.fiche_de(modele, par=request.user) if modele else None
    depart = fiche.en_vigueur if fiche else None
    envoi = (request.POST, request.FILES) if request.method == "POST" else ()
    formulaire = DepotQuestionnaireForm(
        *envoi,
        portees=lecture.portees_ou_apporter(request.user),
        modele=modele,
        sens=depart.sens if depart else "",
        trop_gros=envoi_trop_gros(request),
    )
    if formulaire.is_valid():
        travail = deposer(
            "questionnaire",
            fichier=formulaire.cleaned_data["fichier"],
            par=request.user,
            objet=formulaire.objet_du_travail,
            parametres=formulaire.parametres(),
        )
        if travail.etat != EtatTravail.ECHEC:
            return redirect("programme:travail-detail", pk=travail.pk)
        formulaire.add_error("fichier", travail.erreur)
        travail.fichier.delete(save=False)
        travail.delete()
    contexte = {"formulaire": formulaire, "modele": modele, "depart": depart}
    return render(request, "risques/questionnaire_importer.html", contexte, status=422 if formulaire.errors else 200)
