"""Les enseignements du pilote : la liste d'une grappe, un enseignement, l'écrire ; ce qu'un ESMS lit avant d'ouvrir."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from programme.models import Grappe, Parcours
from programme.services.journal import passages_en_journal
from programme.socle.listes import VueListe
from programme.socle.nombres import accorde
from programme.views.grappes import grappe_visible
from programme.views.refus import exiger
from programme.views.requete import Requete
from programme.views.saisies import saisir
from usages.filters.retours_partages import EnseignementFilter
from usages.forms.retours_enseignements import EnseignementForm
from usages.models import Enseignement
from usages.permissions import peut_dire_lu, peut_lire_les_enseignements, peut_tenir_les_enseignements
from usages.services.retours import enseignements as services
from usages.services.retours import lecture_enseignements as lecture
from usages.services.retours.croisements import empreinte_vue
from usages.tables.retours_partages import EnseignementTable

LISTE, DETAIL, A_LIRE = "usages:grappe-enseignements", "usages:enseignement-detail", "usages:parcours-enseignements"
CREER, SAISIE = "usages:enseignement-creer", "usages/retour_enseignement_saisie.html"


# --- au nom de qui l'on écrit --------------------------------------------------------------------------------------


def _pilotes_tenus(request: Requete, grappe: Grappe) -> list[int]:
    """Clés des pilotes au nom de qui l'on écrit : tous pour qui conduit la grappe, les siens pour une direction."""
    vus = Parcours.objects.visibles_par(request.user).filter(grappe=grappe, est_pilote=True)
    lus = vus.select_related("esms__og", "esms__departement", "grappe")
    return [p.pk for p in lus if peut_tenir_les_enseignements(request.user, p)]


def _ecrit(request: Requete, grappe: Grappe) -> bool:
    return bool(peut_tenir_les_enseignements(request.user, grappe)) or bool(_pilotes_tenus(request, grappe))


def _formulaire(request: Requete, grappe: Grappe, enseignement: Enseignement | None = None) -> EnseignementForm:
    tenus = [*_pilotes_tenus(request, grappe), *([enseignement.pilote_id] if enseignement else [])]
    pilotes = Parcours.objects.filter(pk__in=[cle for cle in tenus if cle]).select_related("esms__departement")
    vise = request.GET.get("pilote", "")
    depart = {"vu": empreinte_vue(enseignement, services.CHAMPS)} if enseignement else {"pilote": vise}
    return EnseignementForm(
        request.POST or None,
        grappe=grappe,
        pilotes=pilotes.order_by("esms__tri", "pk"),
        pour_la_grappe=bool(peut_tenir_les_enseignements(request.user, grappe)),
        enseignement=enseignement,
        initial=depart,
    )


# --- la liste d'une grappe -----------------------------------------------------------------------------------------


class EnseignementListe(VueListe):
    """Les enseignements d'une grappe : ceux qui sont à régler d'abord, les clos repliés dessous."""

    request: Requete
    modele = Enseignement
    table = EnseignementTable
    filtre = EnseignementFilter
    gabarit = "usages/retour_enseignements.html"
    chapeau = "Ce que les sites pilotes ont appris, pour que les suivants n’aient pas à le redécouvrir."
    unite = "enseignement"
    recherche = "Mots de l’enseignement"
    tri = "-a_regler"
    nom_fichier = "enseignements-du-pilote"
    http_method_names = ["get", "head", "options"]

    @cached_property
    def grappe(self) -> Grappe:
        """La grappe dont c'est la page."""
        return grappe_visible(self.request, self.kwargs["pk"])

    def autoriser(self) -> None:
        """À qui est de la grappe."""
        exiger(peut_lire_les_enseignements(self.request.user, self.grappe))

    def requete(self) -> QuerySet:
        """Ceux de la grappe."""
        vus = Enseignement.objects.visibles_par(self.request.user).filter(grappe=self.grappe)
        return vus.pour_lecture().avec_rang_etat()

    def enrichir(self, objets: list[Any], colonnes: list[str]) -> None:
        """Le pilote selon qui lit ; combien l'ont lu."""
        lecture.nommer_les_pilotes(objets, self.request.user)
        lecture.compter_les_lectures(objets, self.request.user)

    def nommer(self) -> str:
        """La grappe est dans le fil : le titre dit le sujet."""
        return "Enseignements du pilote"

    def detailler(self) -> str:
        """Ce qui barre encore les ouvertures."""
        ensemble: Any = self.ensemble
        nombre = ensemble.order_by().ouverts().a_regler_avant().count()
        return f"dont {nombre} à régler avant d’ouvrir" if nombre else ""

    def contexte(self) -> dict[str, Any]:
        """La grappe, où écrire, et ce qui est clos."""
        ecrit, clos_montres = _ecrit(self.request, self.grappe), self.parametres.get("etat")
        return {
            "grappe": self.grappe,
            "url_creer": reverse(CREER, args=[self.grappe.pk]) if ecrit else "",
            "clos": [] if clos_montres else lecture.clos_de(self.grappe, self.request.user),
        }

    def vide(self) -> dict[str, str]:
        """Rien d'écrit encore : à qui cela revient, et le premier geste."""
        rendu = {"titre": "Aucun enseignement écrit", "icone": "inbox"}
        if _ecrit(self.request, self.grappe):
            texte = "Une ligne sur ce que le pilote a appris, un conseil : les suivants le liront avant d’ouvrir."
            url = reverse(CREER, args=[self.grappe.pk])
            return rendu | {"texte": texte, "url": url, "libelle": "Écrire le premier"}
        texte = "Le chef de projet, l’équipe d’appui ou la direction d’un site pilote les écriront ici."
        return rendu | {"texte": texte}


# --- un enseignement -----------------------------------------------------------------------------------------------


def _enseignement(request: Requete, pk: int) -> Enseignement:
    """L'enseignement, ou 404 pour qui ne le voit pas."""
    vus = Enseignement.objects.visibles_par(request.user).pour_lecture()
    return get_object_or_404(vus.select_related("grappe__region", "pilote__esms__og"), pk=pk)


@require_safe
def detail(request: Requete, pk: int) -> HttpResponse:
    """L'enseignement, ses gestes, son histoire, et quels ESMS l'ont lu."""
    enseignement = _enseignement(request, pk)
    lecture.nommer_les_pilotes([enseignement], request.user)
    lecture.donner_la_raison([enseignement])
    contexte = {
        "enseignement": enseignement,
        "tient": bool(peut_tenir_les_enseignements(request.user, enseignement)),
        "lecteurs": lecture.lecteurs_de(enseignement, request.user),
        "histoire": passages_en_journal(enseignement) if enseignement.se_nomme else [],
    }
    return render(request, "usages/retour_enseignement.html", contexte)


@require_http_methods(["GET", "POST"])
def creer(request: Requete, pk: int) -> HttpResponse:
    """Écrire un enseignement ; `?pilote=` : le site pilote déjà choisi."""
    grappe = grappe_visible(request, pk)
    if not _ecrit(request, grappe):
        exiger(peut_tenir_les_enseignements(request.user, grappe))
    formulaire = _formulaire(request, grappe)
    return saisir(
        request,
        formulaire,
        lambda: services.ecrire_enseignement(grappe=grappe, par=request.user, **formulaire.valeurs()),
        retour=reverse(LISTE, args=[pk]),
        vers=lambda ecrit: reverse(DETAIL, args=[ecrit.pk]),
        succes=lambda ecrit: f"« {ecrit} » est écrit : les ESMS suivants le liront avant d'ouvrir.",
        gabarit=SAISIE,
        grappe=grappe,
        titre="Écrire un enseignement",
        libelle="Écrire l’enseignement",
    )


@require_http_methods(["GET", "POST"])
def modifier(request: Requete, pk: int) -> HttpResponse:
    """Corriger un enseignement ouvert."""
    enseignement = _enseignement(request, pk)
    exiger(peut_tenir_les_enseignements(request.user, enseignement))
    if not enseignement.est_ouvert:
        messages.warning(request, services.CLOS)
        return redirect(DETAIL, pk=pk)
    formulaire = _formulaire(request, enseignement.grappe, enseignement)
    return saisir(
        request,
        formulaire,
        lambda: services.corriger_enseignement(
            enseignement=enseignement, par=request.user, vu=formulaire.cleaned_data["vu"], **formulaire.valeurs()
        ),
        retour=reverse(DETAIL, args=[pk]),
        succes=lambda ecrit: f"« {ecrit} » est à jour.",
        relire=lambda: empreinte_vue(Enseignement.objects.get(pk=pk), services.CHAMPS),
        gabarit=SAISIE,
        grappe=enseignement.grappe,
        enseignement=enseignement,
        titre="Modifier l’enseignement",
        libelle="Enregistrer",
    )


# --- ce qu'un ESMS lit avant d'ouvrir ------------------------------------------------------------------------------


def _parcours(request: Requete, pk: int) -> Parcours:
    vus = Parcours.objects.visibles_par(request.user)
    return get_object_or_404(vus.select_related("esms__departement", "esms__og", "grappe"), pk=pk)


@require_http_methods(["GET", "POST"])
def a_lire(request: Requete, pk: int) -> HttpResponse:
    """Ce que cet ESMS lit avant d'ouvrir ; POST : dire lus les enseignements nommés."""
    parcours = _parcours(request, pk)
    exiger(peut_lire_les_enseignements(request.user, parcours))
    if request.method == "POST":
        exiger(peut_dire_lu(request.user, parcours))
        return _dire_lus(request, parcours)
    page = lecture.page_a_lire(parcours, request.user, timezone.localdate())
    contexte = {
        "parcours": parcours,
        "page": page,
        "dit_lu": not parcours.est_pilote and bool(peut_dire_lu(request.user, parcours)),
        "ecrit": parcours.est_pilote and bool(peut_tenir_les_enseignements(request.user, parcours)),
    }
    return render(request, "usages/retour_a_lire.html", contexte)


def _dire_lus(request: Requete, parcours: Parcours) -> HttpResponse:
    """Les seuls que la page montrait : un enseignement écrit entre-temps reste à lire."""
    nommes = [int(cle) for cle in request.POST.getlist("enseignement") if cle.isdecimal() and len(cle) < 19]
    vus = Enseignement.objects.visibles_par(request.user).filter(grappe=parcours.grappe_id, pk__in=nommes)
    nombre = services.dire_lu(parcours=parcours, enseignements=vus, par=request.user)
    if nombre:
        messages.success(request, f"{accorde(nombre, 'enseignement')} : c'est lu pour {parcours}.")
    else:
        messages.info(request, "Rien de plus à dire lu : c'était déjà fait, ou l'enseignement vient d'être clos.")
    return redirect(A_LIRE, pk=parcours.pk)
