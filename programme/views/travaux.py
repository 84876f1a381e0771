"""Travaux de fond : où ils en sont, ce qu'ils rendent, les relancer. Chacun les siens ; l'administrateur, tous."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_POST

from programme.permissions import peut_administrer
from programme.socle import emporter, imports
from programme.socle.listes import VueListe
from programme.socle.models import Travail
from programme.socle.texte import normaliser
from programme.socle.travaux import TravailRefuse, relancer
from programme.tables.travaux import TravailTable
from programme.views.requete import Requete


class TravailListe(VueListe):
    """Les travaux du lecteur, les plus récents d'abord."""

    request: Requete
    modele = Travail
    table = TravailTable
    gabarit = "programme/travail_liste.html"
    titre = "Travaux"
    chapeau = "Imports et calculs longs : vous pouvez quitter la page, ils continuent."
    unite = "travail,travaux"
    tri = "-cree_le"
    nom_fichier = "travaux"

    def requete(self) -> QuerySet:
        """Avec le nom de qui l'a lancé."""
        return super().requete().select_related("par")

    def contexte(self) -> dict[str, Any]:
        """L'administrateur part d'ici pour mettre l'annuaire à jour."""
        return {"peut_importer": bool(peut_administrer(self.request.user))}

    def vide(self) -> dict[str, str]:
        """Rien de lancé."""
        texte = "Un import ou un calcul long apparaîtra ici, avec son avancement et son rapport."
        return {"titre": "Aucun travail lancé", "texte": texte, "icone": "inbox"}


def travail_visible(request: Requete, pk: int) -> Travail:
    """Le travail, ou 404 pour qui ne le voit pas ; un import montre ses données : 403 pour qui n'y a plus droit.

    L'administrateur les lit tous.
    """
    travail = get_object_or_404(Travail.objects.visibles_par(request.user).select_related("par", "suite_de"), pk=pk)
    if travail.genre in imports.imports and not peut_administrer(request.user):
        _exiger_import(request, travail)
    return travail


@require_GET
def travail_detail(request: Requete, pk: int) -> HttpResponse:
    """Avancement, aperçu, rapport ; à htmx, l'avancement seul, puis la page entière quand c'est fini."""
    travail = travail_visible(request, pk)
    if request.htmx and not request.htmx.history_restore_request:
        reponse = render(request, "programme/fragments/travail_avancement.html", {"travail": travail})
        if not travail.tourne:
            reponse["HX-Refresh"] = "true"
        return reponse
    contexte = _contexte(travail, request.GET.get("onglet", ""))
    if _se_tait(request, travail):
        contexte |= {"onglets": [], "lignes": [], "gestes": [], "tait": True}
    return render(request, "programme/travail_detail.html", contexte)


def _contexte(travail: Travail, onglet: str) -> dict[str, Any]:
    resultat = travail.resultat or {}
    import_ = imports.imports.get(travail.genre)
    est_import = import_ is not None and "nombres" in resultat
    onglets = _onglets(resultat, onglet, import_) if import_ and est_import else []
    suite = travail.suites.exclude(etat="echec").filter(parametres__ecrire=True).last()
    return {
        "travail": travail,
        "resultat": resultat,
        "est_import": import_ is not None,
        "genre": import_,
        "retour": import_.retour(travail.parametres) if import_ else "",
        "gestes": import_.gestes(travail) if import_ and not resultat.get("ecrit") else [],
        "onglets": onglets,
        "courant": next((o for o in onglets if o["courant"]), None),
        "lignes": next((resultat["lignes"].get(o["code"], []) for o in onglets if o["courant"]), []),
        "suite": suite,
        "rejetes": resultat.get("nombres", {}).get(imports.REJETE, 0),
        "a_confirmer": bool(est_import and not resultat.get("ecrit") and resultat.get("a_ecrire") and not suite),
        "colonnes": import_.colonnes.items() if import_ and resultat.get("inconnues") else (),
    }


def _onglets(resultat: dict[str, Any], choisi: str, import_: imports.Import) -> list[dict[str, Any]]:
    """Un onglet par effet présent : les rejets avant d'écrire, ce qui a changé une fois que c'est écrit."""
    nombres = resultat["nombres"]
    ordre = [imports.REJETE, imports.MODIFIE, imports.FERME, imports.CREE]
    if resultat.get("ecrit"):
        ordre = [*ordre[1:], ordre[0]]
    codes = [c for c in ordre if nombres.get(c)]
    if not codes:
        return []
    courant = choisi if choisi in codes else codes[0]
    libelles = imports.LIBELLES | {imports.REJETE: import_.libelle_des_rejets}
    return [{"code": c, "libelle": libelles[c], "nombre": nombres[c], "courant": c == courant} for c in codes]


@require_POST
def travail_confirmer(request: Requete, pk: int) -> HttpResponse:
    """Écrit ce que l'aperçu montre, ou dit pourquoi non."""
    travail = _import_visible(request, pk)
    try:
        suite = imports.confirmer(travail, par=request.user)
    except TravailRefuse as refus:
        messages.error(request, str(refus))
        return redirect("programme:travail-detail", pk=pk)
    return redirect("programme:travail-detail", pk=suite.pk)


@require_POST
def travail_refaire(request: Requete, pk: int) -> HttpResponse:
    """Refait l'aperçu du même fichier, après avoir retenu les colonnes reliées s'il y en a."""
    travail = _import_visible(request, pk)
    reliees = {
        normaliser(intitule): request.POST.get(f"colonne-{rang}", "")
        for rang, intitule in enumerate((travail.resultat or {}).get("inconnues", []))
    }
    if any(reliees.values()):
        attendues = imports.imports[travail.genre].colonnes
        connues = {intitule: code for intitule, code in reliees.items() if code in attendues}
        imports.relier_colonnes(travail.genre, par=request.user, colonnes=connues)
    nouveau = imports.refaire(travail, par=request.user)
    return redirect("programme:travail-detail", pk=nouveau.pk)


@require_POST
def travail_relancer(request: Requete, pk: int) -> HttpResponse:
    """Remet en file un travail échoué ou interrompu."""
    travail = travail_visible(request, pk)
    if travail.genre in imports.imports:
        _exiger_import(request, travail)
    try:
        relancer(travail)
    except TravailRefuse as refus:
        messages.error(request, str(refus))
    else:
        messages.success(request, f"« {travail} » est relancé.")
    return redirect("programme:travail-detail", pk=pk)


def _import_visible(request: Requete, pk: int) -> Travail:
    travail = travail_visible(request, pk)
    if travail.genre not in imports.imports:
        raise Http404
    _exiger_import(request, travail)
    return travail


def _exiger_import(request: Requete, travail: Travail) -> None:
    """Le lecteur a encore le droit de mener cet import."""
    droit = imports.imports[travail.genre].peut(request.user, travail.parametres)
    if not droit:
        raise PermissionDenied(droit.motif)


def _se_tait(request: Requete, travail: Travail) -> bool:
    """Vrai si ce lecteur n'en lit que les nombres : l'administrateur, face à un import qui décrit chacun."""
    import_ = imports.imports.get(travail.genre)
    return bool(import_ and import_.reserve and not import_.peut(request.user, travail.parametres))


@require_GET
def travail_rapport(request: Requete, pk: int) -> HttpResponseBase:
    """Le rapport complet, ou le classeur préparé, en pièce jointe."""
    travail = travail_visible(request, pk)
    if travail.genre == emporter.GENRE:
        return emporter.telecharger(travail, request.user)
    if _se_tait(request, travail):
        _exiger_import(request, travail)
    if not travail.rapport.name or not travail.rapport.storage.exists(travail.rapport.name):
        raise Http404
    nom = f"rapport-{slugify(travail.objet)[:60]}-{travail.pk}.csv"
    return FileResponse(
        travail.rapport.open("rb"), as_attachment=True, filename=nom, content_type="text/csv; charset=utf-8"
    )
