"""Pages d'une grappe : la monter, la lire, y faire entrer des ESMS."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_http_methods

from programme.contexte import oublier_le_compte
from programme.donnees_partagees import faits_de_grappe
from programme.enums import EtatParcours
from programme.forms.champs import chercher_og, nommer_og
from programme.forms.grappes import AjoutEsmsForm, GrappeForm, NouvelleGrappeForm
from programme.models import Esms, Grappe, Parcours, Verification
from programme.models.parcours import ParcoursQuerySet
from programme.permissions import (
    peut_ajouter_solution,
    peut_conduire,
    peut_creer_grappe,
    peut_lire_grille,
    voit_toute_la_grappe,
)
from programme.services import grappes as services
from programme.services import lecture_grappe
from programme.services.cartes import par_etat
from programme.services.lecture_actions import encart_de
from programme.services.tableau import grilles, lire_parcours
from programme.socle.exports import csv_en_flux
from programme.socle.listes import VueListe
from programme.socle.models import Passage
from programme.socle.nombres import accorde
from programme.socle.recherche import compte_par
from programme.socle.versions import jeton
from programme.tables.grappes import GrappeTable
from programme.views.refus import exiger, tenter
from programme.views.requete import Requete
from programme.views.saisies import avertir, saisir

TROUVES = 30


def grappe_visible(request: Requete, pk: int) -> Grappe:
    """La grappe, ou 404 pour qui ne la voit pas."""
    visibles = Grappe.objects.visibles_par(request.user).select_related("porteur", "region", "solution__editeur")
    return get_object_or_404(visibles, pk=pk)


def parcours_visibles(request: Requete, grappe: Grappe) -> ParcoursQuerySet:
    """Les parcours de la grappe que le lecteur voit."""
    return Parcours.objects.visibles_par(request.user).filter(grappe=grappe)


def grappe_a_conduire(request: Requete, pk: int) -> Grappe:
    """La grappe, pour qui la conduit : 404 hors périmètre, 403 sans le droit."""
    grappe = grappe_visible(request, pk)
    exiger(peut_conduire(request.user, grappe))
    return grappe


class GrappeListe(VueListe):
    """Les grappes dont le lecteur voit au moins l'en-tête."""

    request: Requete
    modele = Grappe
    table = GrappeTable
    gabarit = "programme/grappe_liste.html"
    titre = "Grappes"
    chapeau = "Où en est chaque projet, et combien d’ESMS de votre périmètre y sont engagés."
    unite = "grappe"
    recherche = "Nom de la grappe"

    def requete(self) -> QuerySet:
        """Avec le nombre d'ESMS visibles encore dans le projet, et celui des sortis."""
        vus = Parcours.objects.visibles_par(self.request.user)
        grappes = Grappe.objects.visibles_par(self.request.user).select_related("porteur", "region", "solution")
        sortis = vus.filter(etat=EtatParcours.SORTI)
        return grappes.annotate(
            nb_esms=compte_par("grappe", vus.dans_le_projet()), nb_sortis=compte_par("grappe", sortis)
        )

    def vide(self) -> dict[str, str]:
        """Pas encore de grappe : en monter une, ou attendre d'y entrer."""
        if peut_creer_grappe(self.request.user):
            texte = "Donnez-lui un nom, un porteur, puis collez les numéros FINESS de ses ESMS."
            geste = {"url": reverse("programme:grappe-creer"), "libelle": "Monter une grappe"}
        else:
            texte = "Aucun ESMS de votre périmètre n’est dans une grappe. Le chef de projet les y ajoute."
            geste = {"url": reverse("programme:esms-liste"), "libelle": "Chercher dans l’annuaire"}
        return {"titre": "Aucune grappe pour l’instant", "texte": texte, "icone": "grape"} | geste

    def contexte(self) -> dict[str, Any]:
        """Qui peut en monter une."""
        return {"peut_creer": bool(peut_creer_grappe(self.request.user))}


@require_http_methods(["GET", "POST"])
def creer(request: Requete) -> HttpResponse:
    """Première étape : la grappe ; la seconde y ajoute ses ESMS."""
    exiger(peut_creer_grappe(request.user))
    formulaire = NouvelleGrappeForm(request.POST or None, par=request.user)
    if formulaire.is_valid():
        champs = formulaire.champs()
        grappe = tenter(formulaire, lambda: services.creer_grappe(par=request.user, **champs))
        if grappe:
            if chef := champs.get("chef"):
                messages.success(request, f"La grappe « {grappe} » est créée ; {chef.nom} y fera entrer ses ESMS.")
                return redirect("programme:grappe-detail", pk=grappe.pk)
            messages.success(request, f"La grappe « {grappe} » est créée. Ajoutez-y ses ESMS.")
            suite = {"type_projet": champs["type_projet"], "numeros": request.GET.get("numeros", "")}
            avertir(request, formulaire)
            return redirect(f"{reverse('programme:grappe-ajouter', args=[grappe.pk])}?{urlencode(suite)}")
    statut = 422 if formulaire.errors else 200
    contexte = {"form": formulaire, "ajoute_solution": bool(peut_ajouter_solution(request.user))}
    return render(request, "programme/grappe_creer.html", contexte, status=statut)


@require_http_methods(["GET", "POST"])
def modifier(request: Requete, pk: int) -> HttpResponse:
    """Changer le nom, le porteur, la solution, les modules…"""
    grappe = grappe_a_conduire(request, pk)
    histoire = Grappe.history.filter(id=pk)
    # Le formulaire écrit dans l'objet qu'il valide : une copie, pour que la page garde la grappe telle qu'elle est.
    formulaire = GrappeForm(request.POST or None, instance=Grappe.objects.get(pk=pk), initial={"vu": jeton(histoire)})
    return saisir(
        request,
        formulaire,
        lambda: services.modifier_grappe(
            grappe=grappe, par=request.user, vu=formulaire.version_vue(), **formulaire.champs()
        ),
        retour=reverse("programme:grappe-detail", args=[pk]),
        succes=lambda ecrite: f"La grappe « {ecrite} » est à jour.",
        relire=lambda: jeton(histoire),
        gabarit="programme/grappe_modifier.html",
        grappe=grappe,
    )


@require_GET
def porteurs(request: Requete) -> HttpResponse:
    """Propositions d'OG pendant la frappe."""
    trouves = [nommer_og(og) for og in chercher_og(request.GET.get("porteur", ""))]
    return render(request, "programme/grappe_porteurs.html", {"noms": trouves})


@require_GET
def detail(request: Requete, pk: int) -> HttpResponse:
    """La grappe telle que ce lecteur la voit."""
    grappe = grappe_visible(request, pk)
    entiere = voit_toute_la_grappe(request.user, grappe)
    conduit = bool(peut_conduire(request.user, grappe))
    lit_grille = bool(peut_lire_grille(request.user, grappe))
    regles = lecture_grappe.regles_de(grappe) if entiere else []
    passages = list(Passage.objects.de(grappe).select_related("par"))
    verifications = Verification.objects.visibles_par(request.user).filter(grappe=grappe)
    contexte = {
        "grappe": grappe,
        "entiere": entiere,
        "conduit": conduit,
        "lit_grille": lit_grille,
        "frise": lecture_grappe.frise(grappe, passages),
        "verifications": verifications.select_related("og", "parcours__esms"),
        "actions": encart_de(grappe, par=request.user, au=timezone.localdate()),
        "faits": faits_de_grappe(grappe),
        "regles": regles,
        "nb_regles": sum(regle.ok is False for regle in regles),
        "journal": lecture_grappe.en_journal(passages) if entiere else [],
    }
    return render(request, "programme/grappe_detail.html", contexte | _avancement(request, grappe))


def _avancement(request: Requete, grappe: Grappe) -> dict[str, Any]:
    """Tout ce qui se compte : sur les parcours visibles, et sur eux seuls."""
    lecture = lire_parcours(parcours_visibles(request, grappe), request.user)
    vagues = lecture_grappe.lire_vagues(grappe, lecture)
    colonnes, de_cote = par_etat(lecture)
    return {
        "resume": lecture_grappe.resumer(lecture),
        "en_attente": lecture_grappe.en_attente(lecture, vagues, request.user),
        "chiffres": lecture_grappe.chiffres(lecture),
        "colonnes": colonnes,
        "de_cote": de_cote,
        "vagues": vagues,
    }


@require_GET
def preparation(request: Requete, pk: int) -> HttpResponse | StreamingHttpResponse:
    """Grille parcours × conditions du passage qui attend chacun, et son export."""
    grappe = grappe_visible(request, pk)
    exiger(peut_lire_grille(request.user, grappe))
    rendues = grilles(lire_parcours(parcours_visibles(request, grappe), request.user))
    if request.GET.get("format") == "csv":
        contenu = csv_en_flux(*lecture_grappe.grilles_en_lignes(rendues))
        reponse = StreamingHttpResponse(contenu, content_type="text/csv; charset=utf-8")
        nom = f"preparation-{slugify(grappe.nom)}-{timezone.localdate():%Y-%m-%d}.csv"
        reponse["Content-Disposition"] = f'attachment; filename="{nom}"'
        return reponse
    return render(request, "programme/grappe_preparation.html", {"grappe": grappe, "grilles": rendues})


@require_http_methods(["GET", "POST"])
def ajouter(request: Requete, pk: int) -> HttpResponse:
    """Coller des numéros ou chercher, voir ce qui entre et pourquoi le reste n'entre pas, puis confirmer."""
    grappe = grappe_a_conduire(request, pk)
    formulaire = AjoutEsmsForm(_saisie_d_ajout(request) if request.method == "POST" else None)
    formulaire.initial = _depart_d_ajout(request, grappe)
    compris = formulaire.is_valid()
    solution = formulaire.cleaned_data["solution"] if compris else None
    type_projet = formulaire["type_projet"].value()
    texte = formulaire["numeros"].value() or ""
    examen = services.examiner_numeros(texte=texte, par=request.user, grappe=grappe, solution=solution)
    if compris and examen.retenus and request.POST.get("geste") == "confirmer":
        geste = {"grappe": grappe, "esms": examen.retenus, "type_projet": type_projet, "solution": solution}
        if entres := tenter(formulaire, lambda: services.ajouter_esms(par=request.user, **geste)):
            return _apres_ajout(request, grappe, len(entres), examen)
    q = request.POST.get("q", "")
    contexte = {"grappe": grappe, "form": formulaire, "examen": examen, "q": q}
    contexte["regles"] = lecture_grappe.regles_de(grappe, examen.retenus, type_projet)
    if request.htmx:
        return render(request, "programme/grappe_examen.html", contexte)
    contexte["trouves"] = _chercher(q) if q else []
    return render(request, "programme/grappe_ajouter.html", contexte, status=422 if formulaire.errors else 200)


def _saisie_d_ajout(request: Requete) -> Any:
    """La saisie, avec les ESMS cochés dans la recherche ajoutés à la liste collée."""
    saisie = request.POST.copy()
    if request.POST.get("geste") == "prendre":
        coches = Esms.objects.filter(finess__in=request.POST.getlist("choisis")).values_list("finess", flat=True)
        lignes = [ligne for ligne in saisie.get("numeros", "").splitlines() if ligne.strip()]
        saisie["numeros"] = "\n".join([*lignes, *coches])
    return saisie


def _depart_d_ajout(request: Requete, grappe: Grappe) -> dict[str, Any]:
    """Ce que dit l'adresse, sinon ce qui restait à corriger après le dernier ajout."""
    return {
        "numeros": request.GET.get("numeros") or request.session.get(f"a-corriger-{grappe.pk}", ""),
        "type_projet": request.GET.get("type_projet", "acquisition"),
    }


def _apres_ajout(request: Requete, grappe: Grappe, entres: int, examen: services.Examen) -> HttpResponse:
    messages.success(request, f"{accorde(entres, 'ESMS entré,ESMS entrés')} dans la grappe « {grappe} ».")
    request.session[f"a-corriger-{grappe.pk}"] = examen.a_corriger
    if not examen.defauts:
        return oublier_le_compte(redirect("programme:grappe-detail", pk=grappe.pk))
    restes = accorde(len(examen.defauts), "numéro reste,numéros restent")
    messages.warning(request, f"{restes} à corriger : la liste est gardée ci-dessous.")
    return oublier_le_compte(redirect("programme:grappe-ajouter", pk=grappe.pk))


def _chercher(texte: str) -> QuerySet[Esms]:
    lignes = Esms.objects.en_activite().chercher(texte).select_related("categorie", "og", "departement")
    return lignes[:TROUVES]
