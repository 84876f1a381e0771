"""Les campagnes : la liste, une campagne et sa population, en préparer une, la corriger."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from programme.enums import Role
from programme.models import Grappe
from programme.services.journal import passages_en_journal
from programme.socle.listes import VueListe
from programme.socle.versions import jeton
from programme.views.grappes import grappe_visible
from programme.views.refus import exiger
from programme.views.requete import Requete
from programme.views.saisies import saisir
from risques.budget import budget_de
from risques.calculs.avancement import compter
from risques.filters.campagnes import CampagneFilter
from risques.forms.campagnes import CampagneForm, EcheanceForm
from risques.models import Campagne, VersionQuestionnaire
from risques.permissions import peut_conduire_campagne
from risques.services import campagnes as services
from risques.services import lecture_campagnes as lecture
from risques.tables.campagnes import CampagneTable
from risques.views.listes import VUES

LISTE = "risques:campagne-liste"
DETAIL = "risques:campagne-detail"


class CampagneListe(VueListe):
    """Les campagnes que voit le lecteur : celles en cours d'abord."""

    request: Requete
    gabarit = "risques/campagne_liste.html"
    modele = Campagne
    table = CampagneTable
    filtre = CampagneFilter
    titre = "Campagnes"
    chapeau = (
        "Un questionnaire posé à la grappe, une fois, ou à chacun de ses ESMS, jusqu’à une échéance. Les campagnes "
        "closes se retrouvent par « État »."
    )
    unite = "campagne"
    recherche = "Mots du nom"
    tri = "-creee_le"
    nom_fichier = "campagnes"
    vues = VUES
    redites = {"grappe": ("grappe",)}

    def requete(self) -> QuerySet:
        """Avec ce que cite une ligne, et ce qui est transmis."""
        vues = Campagne.objects.visibles_par(self.request.user).pour_lecture().avec_rang_etat()
        return vues.avec_avancement(self.request.user)

    def contexte(self) -> dict[str, Any]:
        """Les grappes où ce lecteur prépare une campagne : celle du filtre, ou toutes celles qu'il conduit."""
        conduites = Grappe.objects.filter(pk__in=self.request.user.perimetre.seul(Role.CHEF_PROJET).grappes)
        visee = self.parametres.get("grappe", "")
        if visee.isdecimal() and len(visee) < 19:
            conduites = conduites.filter(pk=int(visee))
        return {"a_preparer": list(conduites.only("pk", "nom")[:5])}

    def vide(self) -> dict[str, str]:
        """Rien en cours : qui prépare une campagne."""
        conduite = next(iter(sorted(self.request.user.perimetre.seul(Role.CHEF_PROJET).grappes)), None)
        if conduite:
            texte = "Commencez par les risques au démarrage : une fois pour la grappe, à plusieurs regards."
            geste = {"url": reverse("risques:campagne-creer", args=[conduite]), "libelle": "Préparer une campagne"}
        elif self.request.user.perimetre.tient(Role.ARS):
            texte = "Le financeur ne lit pas ce que la grappe et ses ESMS évaluent, sauf par un partage daté."
            geste = {"url": reverse("programme:jalon-liste"), "libelle": "Voir les jalons"}
        else:
            texte = "Le chef de projet prépare les campagnes ; ce qui vous est demandé arrive dans votre « À faire »."
            geste = {"url": reverse("programme:accueil"), "libelle": "Revenir à l’accueil"}
        return {"titre": "Aucune campagne en cours", "texte": texte, "icone": "inbox"} | geste


def campagne_visible(request: Requete, pk: int) -> Campagne:
    """La campagne, ou 404 pour qui ne la voit pas."""
    return get_object_or_404(Campagne.objects.visibles_par(request.user).pour_lecture(), pk=pk)


@require_safe
def detail(request: Requete, pk: int) -> HttpResponse:
    """Une campagne : à qui l'on demande, où en est chacun, qui manque, et les gestes permis."""
    campagne, au = campagne_visible(request, pk), timezone.localdate()
    lignes = lecture.population_de(campagne, request.user, au)
    conduit = bool(peut_conduire_campagne(request.user, campagne))
    de_pres = Campagne.objects.de_pres(request.user).filter(pk=pk).exists()
    vues = VersionQuestionnaire.objects.visibles_par(request.user).filter(pk=campagne.version_posee_id)
    contexte = {
        "campagne": campagne,
        "conduit": conduit,
        "lignes": lignes,
        "comptes": compter(ligne.situation for ligne in lignes if not ligne.par_partage),
        "absents": lecture.absents(lignes),
        "a_designer": lecture.a_designer(campagne, lignes) if conduit and campagne.etat != "close" else None,
        "en_retard": campagne.est_en_retard(au),
        "relances": sum(ligne.nb_relancees for ligne in lignes),
        "budget": budget_de(campagne) if conduit and campagne.est_preparee else None,
        "lit_la_version": vues.exists(),
        "de_pres": de_pres,
        "histoire": passages_en_journal(campagne) if de_pres else [],
    }
    return render(request, "risques/campagne_detail.html", contexte)


@require_http_methods(["GET", "POST"])
def creer(request: Requete, pk: int) -> HttpResponse:
    """Préparer une campagne pour une grappe : personne n'est sollicité avant l'ouverture."""
    grappe = grappe_visible(request, pk)
    exiger(peut_conduire_campagne(request.user, grappe))
    versions, possibles = services.versions_posables(grappe), services.population_possible(grappe)
    formulaire = CampagneForm(request.POST or None, versions=versions, possibles=possibles)
    return saisir(
        request,
        formulaire,
        lambda: services.creer_campagne(grappe=grappe, par=request.user, **formulaire.champs()),
        retour=f"{reverse(LISTE)}?grappe={pk}",
        vers=lambda campagne: reverse(DETAIL, args=[campagne.pk]),
        succes=lambda campagne: f"« {campagne} » est préparée : relisez à qui elle s'adresse, puis ouvrez-la.",
        gabarit="risques/campagne_saisie.html",
        grappe=grappe,
        sans_version=not versions.exists(),
        titre="Préparer une campagne",
        libelle="Préparer la campagne",
    )


@require_http_methods(["GET", "POST"])
def modifier(request: Requete, pk: int) -> HttpResponse:
    """Corriger une campagne préparée ; une fois ouverte, son échéance seule."""
    campagne = campagne_visible(request, pk)
    exiger(peut_conduire_campagne(request.user, campagne))
    if campagne.etat == "close":
        messages.warning(request, services.CLOSE)
        return redirect(DETAIL, pk=pk)
    histoire = Campagne.history.filter(id=pk)
    formulaire: Any = _formulaire(request, campagne, jeton(histoire))
    geste: Any = services.modifier_campagne if campagne.est_preparee else services.changer_echeance
    return saisir(
        request,
        formulaire,
        lambda: geste(campagne=campagne, par=request.user, vu=formulaire.version_vue(), **formulaire.champs()),
        retour=reverse(DETAIL, args=[pk]),
        succes=lambda ecrite: f"« {ecrite} » est à jour.",
        relire=lambda: jeton(histoire),
        gabarit="risques/campagne_saisie.html",
        campagne=campagne,
        grappe=campagne.grappe,
        titre=f"Modifier « {campagne} »",
        libelle="Enregistrer la campagne",
    )


def _formulaire(request: Requete, campagne: Campagne, vu: int) -> CampagneForm | EcheanceForm:
    if not campagne.est_preparee:
        return EcheanceForm(request.POST or None, initial={"vu": vu, "echeance": campagne.echeance})
    versions = services.versions_posables(campagne.grappe) | VersionQuestionnaire.objects.filter(
        pk=campagne.version_posee_id
    ).select_related("questionnaire", "grappe")
    return CampagneForm(
        request.POST or None,
        versions=versions.order_by("questionnaire__nom", "pk"),
        possibles=services.population_possible(campagne.grappe),
        campagne=campagne,
        initial={"vu": vu},
    )
