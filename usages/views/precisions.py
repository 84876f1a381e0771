"""La précision demandée sur un chiffre : la question, la réponse."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from programme.services.journal import passages_en_journal
from programme.views.refus import exiger
from programme.views.requete import Requete
from programme.views.saisies import saisir
from usages.forms.precisions import RepondreForm
from usages.models import Precision, Valeur
from usages.permissions import peut_repondre_a_la_precision
from usages.services.chiffres import precisions as service
from usages.services.chiffres.valeurs import jeton
from usages.services.releves.page import lire_page
from usages.views.chiffres import depart_de, reporter_au_champ


def _precision(request: Requete, pk: int) -> Precision:
    return get_object_or_404(Precision.objects.visibles_par(request.user).pour_lecture(), pk=pk)


@require_safe
def detail(request: Requete, pk: int) -> HttpResponse:
    """La question, la réponse, le chiffre dont il s'agit."""
    precision = _precision(request, pk)
    attend = precision.attend_l_esms and peut_repondre_a_la_precision(request.user, precision)
    contexte = {
        "precision": precision,
        "releve": precision.valeur.releve,
        "chiffre": lire_page(precision.valeur.releve, request.user).par_code[precision.valeur.indicateur.code],
        "repond": bool(attend),
        "histoire": passages_en_journal(precision),
    }
    return render(request, "usages/precision_detail.html", contexte)


@require_http_methods(["GET", "POST"])
def repondre(request: Requete, pk: int) -> HttpResponse:
    """Répondre, et corriger le chiffre s'il était faux."""
    precision = _precision(request, pk)
    exiger(peut_repondre_a_la_precision(request.user, precision))
    valeur = precision.valeur
    chiffre = lire_page(valeur.releve, request.user).par_code[valeur.indicateur.code]
    formulaire = RepondreForm(
        request.POST or None,
        valeur=valeur,
        partage=chiffre.partage,
        initial=depart_de(valeur) | {"raison": "", "version": precision.version},
    )

    def geste() -> object:
        lus = formulaire.cleaned_data
        return service.repondre(
            precision=precision,
            reponse=lus["reponse"],
            par=request.user,
            correction=formulaire.correction,
            version=lus["version"],
        )

    return saisir(
        request,
        formulaire,
        lambda: reporter_au_champ(valeur, geste, motif="reponse"),
        retour=reverse("usages:precision-detail", args=[pk]),
        succes="Votre réponse est donnée.",
        relire=lambda: jeton(Valeur.objects.get(pk=valeur.pk)),
        gabarit="usages/precision_repondre.html",
        precision=precision,
        chiffre=chiffre,
        releve=valeur.releve,
    )
