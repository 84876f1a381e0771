"""Les pratiques partagées : la liste de sa région, une fiche, l'écrire, la reprendre."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from programme.services.journal import passages_en_journal
from programme.socle.droits import Droit
from programme.socle.listes import VueListe
from programme.views.refus import exiger
from programme.views.requete import Requete
from programme.views.saisies import saisir
from usages.filters.retours_partages import PratiqueFilter
from usages.forms.retours_pratiques import PratiqueForm, RepriseForm
from usages.models import Pratique
from usages.permissions import peut_tenir_les_pratiques
from usages.permissions.retours import PRATIQUES_RESERVEES
from usages.services.retours import pratiques as services
from usages.services.retours.croisements import empreinte_vue
from usages.tables.retours_partages import PratiqueTable

LISTE, DETAIL, CREER = "usages:pratique-liste", "usages:pratique-detail", "usages:pratique-creer"
SAISIE = "usages/retour_pratique_saisie.html"


class PratiqueListe(VueListe):
    """Celles de ses grappes, et celles que partagent les grappes de sa région."""

    request: Requete
    modele = Pratique
    table = PratiqueTable
    filtre = PratiqueFilter
    gabarit = "usages/retour_pratiques.html"
    titre = "Pratiques partagées"
    chapeau = "Ce qui a marché dans les grappes de votre région, en une page, écrit par ceux qui l’ont fait."
    unite = "pratique"
    recherche = "Mots de la fiche"
    tri = "-ecrite_le"
    nom_fichier = "pratiques-partagees"
    redites = {"region": ("region",), "theme": ("theme",), "module": ("module",)}

    def requete(self) -> QuerySet:
        """Avec ce que cite une ligne, et combien de grappes l'ont reprise."""
        vues = Pratique.objects.visibles_par(self.request.user).pour_lecture()
        return vues.avec_rang_etat().avec_reprises()

    def enrichir(self, objets: list[Any], colonnes: list[str]) -> None:
        """La grappe, pour qui la voit."""
        services.nommer_les_grappes(objets, self.request.user)

    def contexte(self) -> dict[str, Any]:
        """Où écrire, pour qui conduit une grappe."""
        return {"url_creer": reverse(CREER) if services.grappes_tenues(self.request.user) else ""}

    def vide(self) -> dict[str, str]:
        """Rien encore : d'où elles viennent."""
        rendu = {"titre": "Aucune pratique partagée dans votre région", "icone": "inbox"}
        if services.grappes_tenues(self.request.user):
            texte = (
                "Une fiche courte sur ce qui a marché chez vous : en brouillon d’abord, partagée quand vous le voulez."
            )
            return rendu | {"texte": texte, "url": reverse(CREER), "libelle": "Écrire la première"}
        texte = "Le chef de projet et l’équipe d’appui d’une grappe les écrivent, s’ils le veulent, pour leur région."
        return rendu | {"texte": texte}


def _pratique(request: Requete, pk: int) -> Pratique:
    """La pratique, ou 404 pour qui ne la voit pas."""
    return get_object_or_404(Pratique.objects.visibles_par(request.user).pour_lecture(), pk=pk)


@require_safe
def detail(request: Requete, pk: int) -> HttpResponse:
    """La fiche, d'une page ; ses gestes et son histoire, pour la grappe qui l'a écrite."""
    pratique = _pratique(request, pk)
    services.nommer_les_grappes([pratique], request.user)
    maison = services.est_de_la_maison(pratique, request.user)
    contexte = {
        "pratique": pratique,
        "tient": bool(peut_tenir_les_pratiques(request.user, pratique)),
        "maison": maison,
        "reprises": services.reprises_de(pratique, request.user),
        "histoire": passages_en_journal(pratique) if maison else [],
    }
    return render(request, "usages/retour_pratique.html", contexte)


@require_http_methods(["GET", "POST"])
def creer(request: Requete) -> HttpResponse:
    """Écrire une fiche, en brouillon."""
    grappes = services.grappes_tenues(request.user)
    exiger(Droit(bool(grappes), PRATIQUES_RESERVEES))
    formulaire = PratiqueForm(request.POST or None, grappes=grappes)
    return saisir(
        request,
        formulaire,
        lambda: services.ecrire_pratique(par=request.user, **formulaire.valeurs()),
        retour=reverse(LISTE),
        vers=lambda ecrite: reverse(DETAIL, args=[ecrite.pk]),
        succes=lambda ecrite: f"« {ecrite} » est en brouillon : relisez-la, puis partagez-la.",
        gabarit=SAISIE,
        titre="Écrire une pratique",
        libelle="Garder en brouillon",
    )


@require_http_methods(["GET", "POST"])
def modifier(request: Requete, pk: int) -> HttpResponse:
    """Corriger une fiche."""
    pratique = _pratique(request, pk)
    exiger(peut_tenir_les_pratiques(request.user, pratique))
    formulaire = PratiqueForm(
        request.POST or None, pratique=pratique, initial={"vu": empreinte_vue(pratique, services.CHAMPS)}
    )
    return saisir(
        request,
        formulaire,
        lambda: services.corriger_pratique(
            pratique=pratique, par=request.user, vu=formulaire.cleaned_data["vu"], **formulaire.valeurs()
        ),
        retour=reverse(DETAIL, args=[pk]),
        succes=lambda ecrite: f"« {ecrite} » est à jour.",
        relire=lambda: empreinte_vue(Pratique.objects.get(pk=pk), services.CHAMPS),
        gabarit=SAISIE,
        pratique=pratique,
        titre="Modifier la pratique",
        libelle="Enregistrer",
    )


@require_http_methods(["GET", "POST"])
def reprendre(request: Requete, pk: int) -> HttpResponse:
    """Dire que sa grappe la reprend."""
    pratique = _pratique(request, pk)
    exiger(Droit(bool(services.grappes_tenues(request.user)), PRATIQUES_RESERVEES))
    possibles = services.reprises_de(pratique, request.user).possibles
    if not possibles:
        messages.warning(request, "Vos grappes l'ont déjà reprise, ou c'est la leur : rien de plus à dire.")
        return redirect(DETAIL, pk=pk)
    formulaire = RepriseForm(request.POST or None, grappes=possibles)
    return saisir(
        request,
        formulaire,
        lambda: services.reprendre(pratique=pratique, par=request.user, **formulaire.cleaned_data),
        retour=reverse(DETAIL, args=[pk]),
        succes=lambda reprise: f"La grappe {reprise.grappe} reprend « {pratique} ».",
        gabarit="usages/retour_pratique_reprendre.html",
        pratique=pratique,
        titre="Reprendre cette pratique",
        libelle="Nous la reprenons",
    )
