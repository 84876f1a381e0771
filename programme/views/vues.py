"""Vues enregistrées d'une liste ou d'une page : les retrouver, les garder, renommer, partager, supprimer."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from programme.filters.vues import VueFilter, listes_connues
from programme.forms.referentiel import ConfirmationForm
from programme.forms.vues import VueForm
from programme.services import vues as services
from programme.socle.emporter import classe_de
from programme.socle.erreurs import Refus
from programme.socle.listes import VueListe
from programme.socle.models import Filtre
from programme.socle.nombres import accorde
from programme.socle.reglages import AUCUNE, VUE, Reglages, page_de
from programme.socle.vues import adresse_de, criteres_a_garder
from programme.tables.vues import VueTable
from programme.views.refus import exiger
from programme.views.requete import Requete
from programme.views.saisies import saisir


class VueEnregistreeListe(VueListe):
    """Les vues ouvertes au lecteur, toutes listes."""

    request: Requete
    modele = Filtre
    table = VueTable
    filtre = VueFilter
    titre = "Vues enregistrées"
    chapeau = (
        "Les vôtres, et celles que l’on partage avec vous. Une vue ne donne aucun droit : on n’y lit que ce qu’on voit."
    )
    unite = "vue"
    nom_fichier = "vues"

    def requete(self) -> QuerySet:
        """Celles de listes que le produit connaît encore."""
        connues = [route for route, _ in listes_connues()]
        return super().requete().filter(liste__in=connues).select_related("par", "grappe", "og")

    def enrichir(self, objets: list[Any], colonnes: list[str]) -> None:
        """La liste ou la page par son titre, et ce que le lecteur peut y faire."""
        titres = _titres(self.request.user, objets)
        for vue in objets:
            vue.titre_liste = titres[vue.liste, vue.objet]
            vue.modifiable = bool(services.peut_modifier(self.request.user, vue))
            vue.supprimable = bool(services.peut_supprimer(self.request.user, vue))

    def vide(self) -> dict[str, str]:
        """Aucune encore : d'où l'on en garde une."""
        texte = "Sur une liste, posez vos filtres, puis « Vues », « Enregistrer cette vue »."
        geste = {"url": reverse("programme:parcours-liste"), "libelle": "Aller à la liste des ESMS"}
        return {"titre": "Aucune vue enregistrée", "texte": texte, "icone": "bookmark"} | geste


def vue_visible(request: Requete, pk: int) -> Filtre:
    """La vue, ou 404 pour qui elle n'est pas ouverte."""
    return get_object_or_404(Filtre.objects.visibles_par(request.user).select_related("grappe", "og", "par"), pk=pk)


def _titres(lecteur: Any, vues: list[Any]) -> dict[tuple[str, str], str]:
    """De quoi parle chaque vue ; une page nomme son objet, si le lecteur le voit. Une requête par sorte de page."""
    titres: dict[tuple[str, str], str] = {}
    par_route: dict[str, set[str]] = {}
    for vue in vues:
        if classe := classe_de(vue.liste):
            titres[vue.liste, vue.objet] = classe.titre
        else:
            par_route.setdefault(vue.liste, set()).add(vue.objet)
    for route, objets in par_route.items():
        page = page_de(route, next(iter(objets)))
        noms = page.nommer(lecteur, objets) if page else {}
        titre = page.titre if page else "page disparue"
        for objet in objets:
            titres[route, objet] = f"{titre} : {noms[objet]}" if noms.get(objet) else titre
    return titres


def _selection(request: Requete, route: str, objet: str = "") -> Reglages:
    """La liste nommée, ou la page de cet objet, lue avec les critères de l'adresse. 404 si elle n'existe pas."""
    if page := page_de(route, objet):
        return page.regler(request, objet)
    classe = classe_de(route)
    if objet or classe is None or classe.modele is Filtre:
        raise Http404("liste inconnue")
    liste: Reglages = classe.pour(request, route)
    return liste


def _mots(selection: Any) -> list[tuple[str, str]]:
    """Ce que la vue gardera, en mots."""
    if not isinstance(selection, VueListe):
        return list(selection.mots())
    colonnes = [str(selection.table.base_columns[nom].verbose_name or nom) for nom in selection.colonnes]
    tri = selection.tri_pose.removeprefix("-")
    colonne = str(selection.table.base_columns[tri].verbose_name or tri)
    sens = "du dernier au premier" if selection.tri_pose.startswith("-") else "du premier au dernier"
    criteres = " · ".join(str(puce["libelle"]) for puce in selection.filtres_actifs())
    return [
        ("Critères", criteres or "aucun : toutes les lignes"),
        ("Aujourd’hui", accorde(selection.ensemble.count(), selection.unite)),
        ("Tri", f"{colonne}, {sens}"),
        ("Colonnes", ", ".join(colonnes)),
    ]


@require_http_methods(["GET", "POST"])
def enregistrer(request: Requete) -> HttpResponse:
    """Garder sous un nom ce que règle l'adresse d'une liste, ou de la page d'un objet."""
    route, objet = request.GET.get("liste", "programme:parcours-liste"), request.GET.get("objet", "")
    selection = _selection(request, route, objet)
    formulaire = VueForm(_poste(request), par=request.user, de_liste=isinstance(selection, VueListe))
    page = Filtre(liste=route, objet=objet).page
    retour = f"{page}?{adresse_de(selection.criteres_poses()) or f'{VUE}={AUCUNE}'}"
    ecrites: list[Filtre] = []

    def ecrire() -> Filtre:
        criteres = criteres_a_garder(selection)
        ecrites.append(
            services.enregistrer_vue(
                par=request.user, liste=route, objet=objet, criteres=criteres, **formulaire.valeurs()
            )
        )
        return ecrites[0]

    reponse = saisir(
        request,
        formulaire,
        ecrire,
        retour=retour,
        succes=lambda vue: f"La vue « {vue} » est enregistrée.",
        gabarit="programme/vue_modifier.html",
        titre=f"Enregistrer une vue : {selection.titre}",
        libelle="Enregistrer la vue",
        gardee=_mots(selection),
    )
    if ecrites:
        reponse["Location"] = ecrites[0].adresse
    return reponse


@require_http_methods(["GET", "POST"])
def modifier(request: Requete, pk: int) -> HttpResponse:
    """Renommer, partager, ouvrir ou non en arrivant ; `geste` : garder les critères de l'adresse, ne plus ouvrir."""
    vue = vue_visible(request, pk)
    exiger(services.peut_modifier(request.user, vue))
    ici = vue.adresse
    if request.method == "POST" and (geste := request.POST.get("geste")) in ("criteres", "sans-defaut"):
        return _geste(request, vue, geste, ici)
    formulaire = VueForm(_poste(request), par=request.user, vue=vue, de_liste=classe_de(vue.liste) is not None)
    return saisir(
        request,
        formulaire,
        lambda: services.enregistrer_vue(par=request.user, vue=vue, **formulaire.valeurs()),
        retour=ici,
        succes=lambda ecrite: f"La vue « {ecrite} » est à jour.",
        gabarit="programme/vue_modifier.html",
        titre=f"Modifier une vue : {Filtre.objects.get(pk=pk).nom}",
        libelle="Enregistrer",
        vue=vue,
    )


def _poste(request: Requete) -> Any:
    return request.POST if request.method == "POST" else None


def _geste(request: Requete, vue: Filtre, geste: str, ici: str) -> HttpResponse:
    try:
        if geste == "criteres":
            criteres = criteres_a_garder(_selection(request, vue.liste, vue.objet))
            services.changer_criteres(vue=vue, criteres=criteres, par=request.user)
            messages.success(request, f"La vue « {vue} » garde maintenant ces critères.")
        else:
            services.ne_plus_ouvrir(vue=vue, par=request.user)
            messages.success(request, f"La vue « {vue} » ne s’ouvre plus en arrivant.")
    except Refus as refus:
        if refus.code == "droit":
            raise PermissionDenied(refus.motif) from refus
        messages.error(request, refus.motif)
    return redirect(ici)


@require_http_methods(["GET", "POST"])
def supprimer(request: Requete, pk: int) -> HttpResponse:
    """Supprimer une vue, après avoir lu ce que cela change."""
    vue = vue_visible(request, pk)
    exiger(services.peut_supprimer(request.user, vue))
    consequences = ["La page et ses chiffres ne changent pas ; seul ce raccourci disparaît."]
    if vue.partage != "moi":
        consequences.append("Elle disparaît aussi pour ceux avec qui elle est partagée.")
    nom = vue.nom
    return saisir(
        request,
        ConfirmationForm(request.POST if request.method == "POST" else None),
        lambda: services.supprimer_vue(vue=vue, par=request.user),
        retour=reverse("programme:vue-liste"),
        succes=f"La vue « {nom} » est supprimée.",
        gabarit="composants/confirmation.html",
        titre=f"Supprimer une vue : {nom}",
        consequences=consequences,
        libelle="Supprimer cette vue",
        annuler_url=reverse("programme:vue-liste"),
    )
