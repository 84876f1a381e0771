"""Le catalogue des indicateurs : la liste, un indicateur ; l'administrateur l'emporte, le corrige, le rapporte."""

from typing import Any

from django.db.models import Case, Count, IntegerField, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from programme.socle import exports
from programme.socle.depots import envoi_trop_gros
from programme.socle.enums import EtatTravail
from programme.socle.imports import deposer
from programme.socle.listes import VueListe
from programme.views.refus import exiger
from programme.views.requete import Requete
from programme.views.saisies import saisir
from usages.enums import Famille
from usages.filters.indicateurs import TOUS, IndicateurFilter
from usages.forms.indicateurs import CibleForm, DepotCatalogueForm
from usages.models import Cible, Indicateur, Suivi
from usages.permissions import peut_fixer_les_cibles, peut_tenir_le_catalogue
from usages.services.indicateurs import catalogue as services
from usages.services.indicateurs import cibles, pages
from usages.tables.indicateurs import IndicateurTable

LISTE, DETAIL, RAPPORTER = "usages:indicateur-liste", "usages:indicateur-detail", "usages:indicateur-rapporter"
SAISIE = "usages/indicateur_saisie.html"


class IndicateurListe(VueListe):
    """Le catalogue, ouvert à tous : une définition n'est le secret de personne."""

    request: Requete
    gabarit = "usages/indicateur_liste.html"
    modele = Indicateur
    table = IndicateurTable
    filtre = IndicateurFilter
    titre = "Catalogue des indicateurs"
    chapeau = (
        "Ce qu’une grappe peut relever, et à qui cela sert. Les définitions sont du produit, sauf mention contraire."
    )
    unite = "indicateur"
    recherche = "Nom ou code"
    nom_fichier = "indicateurs"
    tri = "famille"

    def requete(self) -> QuerySet:
        """Tout le catalogue, et combien de grappes, parmi celles qu'il voit, le suivent."""
        rangs = [When(famille=f, then=Value(rang)) for rang, f in enumerate(Famille)]
        vus = Suivi.objects.visibles_par(self.request.user).a_la_date(timezone.localdate())
        nombres = vus.filter(indicateur=OuterRef("pk")).order_by().values("indicateur").annotate(n=Count("pk"))
        return Indicateur.objects.visibles_par(self.request.user).annotate(
            rang_famille=Case(*rangs, output_field=IntegerField()),
            nb_grappes=Coalesce(Subquery(nombres.values("n")), 0),
        )

    def contexte(self) -> dict[str, Any]:
        """De quoi l'emporter et le rapporter, pour l'administrateur."""
        return {"tient": bool(peut_tenir_le_catalogue(self.request.user))}

    def vide(self) -> dict[str, str]:
        """Rien en vigueur, ou rien du tout."""
        if Indicateur.objects.exists():
            texte = "Tous les indicateurs sont retirés."
            geste = {"url": f"?vigueur={TOUS}", "libelle": "Voir tous les indicateurs"}
            return {"titre": "Rien en vigueur", "texte": texte, "icone": "list-checks"} | geste
        texte = "Il se charge avec les données de référence : manage.py charger_reference."
        return {"titre": "Le catalogue est vide", "texte": texte, "icone": "list-checks"}


def indicateur_visible(request: Requete, code: str) -> Indicateur:
    """L'indicateur, ou 404."""
    vus = Indicateur.objects.visibles_par(request.user).select_related("denominateur_commun")
    return get_object_or_404(vus, code=code)


@require_safe
def detail(request: Requete, code: str) -> HttpResponse:
    """Un indicateur : ce qu'il compte, à qui il sert, ce qu'on en vise, qui le suit."""
    indicateur, au = indicateur_visible(request, code), timezone.localdate()
    suiveuses, nb_suiveuses = pages.suiveuses(indicateur, request.user, au)
    communes = Cible.objects.filter(indicateur=indicateur, grappe=None).select_related("instruction")
    contexte = {
        "indicateur": indicateur,
        "categories": indicateur.non_concernees.order_by("secteur", "sigle", "code"),
        "rapportes": indicateur.rapportes.order_by("rang"),
        "cibles": pages.en_lues(indicateur, communes.order_by("instruction", "-du"), None),
        "suiveuses": suiveuses,
        "nb_suiveuses": nb_suiveuses,
        "nb_autres": nb_suiveuses - len(suiveuses),
        "tient": bool(peut_tenir_le_catalogue(request.user)),
    }
    return render(request, "usages/indicateur_detail.html", contexte)


@require_http_methods(["GET", "POST"])
def cible_creer(request: Requete, code: str) -> HttpResponse:
    """Poser la cible d'une version d'instruction : elle vaut pour toutes les grappes qu'elle finance."""
    indicateur = indicateur_visible(request, code)
    exiger(peut_fixer_les_cibles(request.user, None))
    formulaire = CibleForm(
        request.POST or None, indicateur=indicateur, de_grappe=False, initial={"du": timezone.localdate()}
    )
    page = reverse(DETAIL, args=[code])
    return saisir(
        request,
        formulaire,
        lambda: cibles.poser(indicateur=indicateur, par=request.user, **formulaire.champs()),
        retour=page,
        succes=f"La cible de « {indicateur} » est posée : elle vaut là où la grappe n’en a pas d’autre.",
        gabarit=SAISIE,
        indicateur=indicateur,
        titre="Poser une cible d’instruction",
        chapeau=f"{indicateur}. Seulement si une version d’instruction la donne.",
        libelle="Poser la cible",
    )


# --- l'emporter, le rapporter --------------------------------------------------------------------------------------


@require_GET
def classeur(request: Requete) -> FileResponse:
    """Tout le catalogue, en XLSX, tel que l'import le relit."""
    exiger(peut_tenir_le_catalogue(request.user))
    entetes, lignes = services.exporter()
    contenu = exports.xlsx(services.FEUILLE, entetes, lignes, services.mise_en_forme())
    return FileResponse(contenu, as_attachment=True, filename=f"indicateurs-{timezone.localdate():%Y-%m-%d}.xlsx")


@require_http_methods(["GET", "POST"])
def rapporter(request: Requete) -> HttpResponse:
    """Rapporter le catalogue corrigé : l'aperçu est immédiat, un fichier illisible ne laisse rien."""
    exiger(peut_tenir_le_catalogue(request.user))
    envoi = (request.POST, request.FILES) if request.method == "POST" else ()
    formulaire = DepotCatalogueForm(*envoi, trop_gros=envoi_trop_gros(request))
    if formulaire.is_valid():
        travail = deposer("indicateurs", fichier=formulaire.cleaned_data["fichier"], par=request.user)
        if travail.etat != EtatTravail.ECHEC:
            return redirect("programme:travail-detail", pk=travail.pk)
        formulaire.add_error("fichier", travail.erreur)
        travail.fichier.delete(save=False)
        travail.delete()
    statut = 422 if formulaire.errors else 200
    return render(request, "usages/indicateur_rapporter.html", {"form": formulaire}, status=statut)
