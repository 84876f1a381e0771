"""Solutions et groupes : les lire, en ajouter, les corriger."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from programme.forms.referentiel import GroupeForm, NouveauGroupeForm, SolutionForm
from programme.models import Grappe, Groupe, Solution
from programme.permissions import peut_administrer, peut_ajouter_solution, peut_creer_groupe, peut_grouper
from programme.services import referentiel as services
from programme.socle.listes import VueListe
from programme.socle.recherche import compte_par
from programme.tables.referentiel import GroupeTable, SolutionTable
from programme.views.annuaire import VUES
from programme.views.refus import exiger, tenter
from programme.views.requete import Requete
from programme.views.saisies import saisir


class SolutionListe(VueListe):
    """Les solutions, ouvertes à tout connecté."""

    request: Requete
    modele = Solution
    table = SolutionTable
    gabarit = "programme/solution_liste.html"
    titre = "Solutions"
    chapeau = "Les logiciels de DUI que l’on peut choisir pour une grappe."
    unite = "solution"
    recherche = "Nom ou éditeur"
    vues = VUES

    def requete(self) -> QuerySet:
        """Toutes, avec le nombre de grappes que voit le lecteur."""
        vues = Grappe.objects.visibles_par(self.request.user)
        return Solution.objects.select_related("editeur").annotate(nb_grappes=compte_par("solution", vues))

    def enrichir(self, objets: list[Any], colonnes: list[str]) -> None:
        """Qui peut la corriger."""
        modifiable = bool(peut_administrer(self.request.user))
        for solution in objets:
            solution.modifiable = modifiable

    def contexte(self) -> dict[str, Any]:
        """Qui peut en ajouter."""
        return {"peut_creer": bool(peut_ajouter_solution(self.request.user))}

    def vide(self) -> dict[str, str]:
        """Aucune encore."""
        rendu = {"titre": "Aucune solution pour l’instant", "icone": "book-open"}
        if peut_ajouter_solution(self.request.user):
            geste = {"url": reverse("programme:solution-creer"), "libelle": "Ajouter une solution"}
            return rendu | geste | {"texte": "Ajoutez le logiciel que votre grappe déploie."}
        return rendu | {"texte": "L’administrateur ou un chef de projet les ajoute."}


@require_http_methods(["GET", "POST"])
def solution_creer(request: Requete) -> HttpResponse:
    """Ajouter une solution ; `?pour=grappe` revient à la grappe que l'on montait."""
    exiger(peut_ajouter_solution(request.user))
    pour_grappe = request.GET.get("pour") == "grappe"
    route = "grappe-creer" if pour_grappe else "solution-liste"
    formulaire = SolutionForm(request.POST if request.method == "POST" else None)
    return saisir(
        request,
        formulaire,
        lambda: services.enregistrer_solution(par=request.user, **formulaire.cleaned_data),
        retour=reverse(f"programme:{route}"),
        succes=lambda ecrite: f"« {ecrite} » ({ecrite.editeur}) est ajoutée : elle se choisit pour une grappe.",
        gabarit="programme/solution_modifier.html",
    )


@require_http_methods(["GET", "POST"])
def solution_modifier(request: Requete, pk: int) -> HttpResponse:
    """Corriger une solution."""
    solution = get_object_or_404(Solution.objects.select_related("editeur"), pk=pk)
    exiger(peut_administrer(request.user))
    formulaire = SolutionForm(request.POST if request.method == "POST" else None, solution=solution)
    return saisir(
        request,
        formulaire,
        lambda: services.enregistrer_solution(
            par=request.user, solution=Solution.objects.get(pk=pk), **formulaire.cleaned_data
        ),
        retour=reverse("programme:solution-liste"),
        succes=lambda ecrite: f"« {ecrite} » ({ecrite.editeur}) est à jour.",
        gabarit="programme/solution_modifier.html",
        solution=solution,
    )


class GroupeListe(VueListe):
    """Les groupes d'ESMS que voit le lecteur."""

    request: Requete
    modele = Groupe
    table = GroupeTable
    gabarit = "programme/groupe_liste.html"
    titre = "Groupes"
    chapeau = "Pôles et dispositifs : plusieurs ESMS d’un organisme, une équipe ; on y répond une fois."
    unite = "groupe"
    recherche = "Nom ou organisme"
    vues = VUES

    def requete(self) -> QuerySet:
        """Avec le nombre de leurs ESMS."""
        rangs = Groupe.esms.through._default_manager.all()
        return super().requete().select_related("og").annotate(nb_esms=compte_par("groupe", rangs))

    def enrichir(self, objets: list[Any], colonnes: list[str]) -> None:
        """Ceux que le lecteur peut modifier."""
        for groupe in objets:
            groupe.modifiable = bool(peut_grouper(self.request.user, groupe))

    def contexte(self) -> dict[str, Any]:
        """Qui peut en créer."""
        return {"peut_creer": bool(peut_creer_groupe(self.request.user))}

    def vide(self) -> dict[str, str]:
        """Aucun encore."""
        texte = "Un groupe réunit des ESMS d’un même organisme ; son siège ou l’administrateur le crée."
        rendu = {"titre": "Aucun groupe à montrer", "texte": texte, "icone": "users"}
        if peut_creer_groupe(self.request.user):
            rendu |= {"url": reverse("programme:groupe-creer"), "libelle": "Créer un groupe"}
        return rendu


@require_http_methods(["GET", "POST"])
def groupe_creer(request: Requete) -> HttpResponse:
    """Nommer le groupe et son OG ; ses ESMS à la page d'après."""
    exiger(peut_creer_groupe(request.user))
    formulaire = NouveauGroupeForm(request.POST if request.method == "POST" else None, par=request.user)
    if formulaire.is_valid():
        groupe = tenter(formulaire, lambda: services.creer_groupe(par=request.user, **formulaire.cleaned_data))
        if groupe:
            messages.success(request, f"Le groupe « {groupe} » est créé. Cochez ses ESMS.")
            return redirect("programme:groupe-modifier", pk=groupe.pk)
    statut = 422 if formulaire.errors else 200
    return render(request, "programme/groupe_creer.html", {"formulaire": formulaire}, status=statut)


@require_http_methods(["GET", "POST"])
def groupe_modifier(request: Requete, pk: int) -> HttpResponse:
    """Le nom du groupe et ses ESMS ; chercher garde ce qui est coché."""
    groupe = get_object_or_404(Groupe.objects.visibles_par(request.user).select_related("og"), pk=pk)
    exiger(peut_grouper(request.user, groupe))
    if request.POST.get("geste") == "chercher":
        saisie = {nom: request.POST.get(nom, "") for nom in ("nom", "recherche")}
        formulaire = GroupeForm(groupe=groupe, initial=saisie | {"esms": request.POST.getlist("esms")})
        return render(request, "programme/groupe_modifier.html", {"formulaire": formulaire, "groupe": groupe})
    formulaire = GroupeForm(request.POST if request.method == "POST" else None, groupe=groupe)
    return saisir(
        request,
        formulaire,
        lambda: services.modifier_groupe(groupe=groupe, par=request.user, **formulaire.champs()),
        retour=reverse("programme:groupe-liste"),
        succes=lambda ecrit: f"Le groupe « {ecrit} » est à jour.",
        gabarit="programme/groupe_modifier.html",
        groupe=groupe,
    )
