"""Un chiffre d'un relevé : ses douze dernières valeurs, d'où il vient, le corriger, en demander la précision."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from programme.socle.erreurs import Refus
from programme.views.refus import exiger
from programme.views.requete import Requete
from programme.views.saisies import saisir
from usages.calculs.controles import RAISON_DUE, faute_d_etat
from usages.calculs.dire import a_taper
from usages.forms.precisions import DemanderForm
from usages.forms.releves import CorrigerForm
from usages.models import Valeur
from usages.permissions import peut_demander_une_precision, peut_saisir_chiffres
from usages.services.chiffres import precisions
from usages.services.chiffres.valeurs import ecrire, jeton
from usages.services.releves.page import Chiffre, lire_page


def _valeur(request: Requete, pk: int) -> Valeur:
    """Le chiffre, ou 404 pour qui ne le lit pas ; une part se lit avec son total."""
    lues = Valeur.objects.visibles_par(request.user).totaux().pour_lecture()
    return get_object_or_404(lues, pk=pk)


def _chiffre(request: Requete, valeur: Valeur) -> Chiffre:
    page = lire_page(valeur.releve, request.user)
    return next(c for c in page.chiffres if c.valeur.pk == valeur.pk)


@require_safe
def detail(request: Requete, pk: int) -> HttpResponse:
    """Ce que dit ce chiffre, ce qu'il disait, ce qu'on en a demandé."""
    valeur = _valeur(request, pk)
    chiffre = _chiffre(request, valeur)
    saisit = bool(peut_saisir_chiffres(request.user, valeur))
    contexte = {
        "chiffre": chiffre,
        "valeur": chiffre.valeur,
        "releve": valeur.releve,
        "precisions": valeur.precisions.select_related("demandee_par").order_by("-demandee_le"),
        "demande": not chiffre.precision and bool(peut_demander_une_precision(request.user, valeur)),
        "saisit": saisit,
        "corrige": saisit and not faute_d_etat(valeur.releve.etat),
    }
    return render(request, "usages/valeur_detail.html", contexte)


@require_http_methods(["GET", "POST"])
def corriger(request: Requete, pk: int) -> HttpResponse:
    """Retenir un autre nombre que celui qui a été extrait ou transmis, et dire pourquoi."""
    valeur = _valeur(request, pk)
    exiger(peut_saisir_chiffres(request.user, valeur))
    chiffre = _chiffre(request, valeur)
    formulaire = CorrigerForm(request.POST or None, valeur=valeur, partage=chiffre.partage, initial=depart_de(valeur))

    def geste() -> object:
        return ecrire(releve=valeur.releve, saisies=[formulaire.saisie()], par=request.user)

    return saisir(
        request,
        formulaire,
        lambda: reporter_au_champ(valeur, geste),
        retour=reverse("usages:valeur-detail", args=[pk]),
        succes=f"{valeur.indicateur} : corrigé, l'ancienne valeur reste à côté.",
        relire=lambda: jeton(Valeur.objects.get(pk=pk)),
        gabarit="usages/valeur_corriger.html",
        chiffre=chiffre,
        releve=valeur.releve,
    )


@require_http_methods(["GET", "POST"])
def demander(request: Requete, pk: int) -> HttpResponse:
    """Poser une question sur ce chiffre."""
    valeur = _valeur(request, pk)
    exiger(peut_demander_une_precision(request.user, valeur))
    formulaire = DemanderForm(request.POST or None)
    return saisir(
        request,
        formulaire,
        lambda: precisions.demander(valeur=valeur, question=formulaire.cleaned_data["question"], par=request.user),
        retour=reverse("usages:valeur-detail", args=[pk]),
        succes="Votre question est posée : l'ESMS la verra à son accueil.",
        gabarit="usages/precision_demander.html",
        chiffre=_chiffre(request, valeur),
        releve=valeur.releve,
    )


def depart_de(valeur: Valeur) -> dict[str, str]:
    """Le chiffre, comme on le taperait, et ce qu'on en a vu."""
    return {
        "numerateur": a_taper(valeur.numerateur),
        "denominateur": a_taper(valeur.denominateur),
        "raison": valeur.raison,
        "vu": jeton(valeur),
    }


def reporter_au_champ(valeur: Valeur, geste: Callable[[], Any], *, motif: str = "raison") -> Any:
    """Le geste ; un refus rangé par indicateur revient au champ qui le porte."""
    try:
        return geste()
    except Refus as refus:
        if refus.code == "champ":
            raison = refus.champs.get(valeur.indicateur.code) == [RAISON_DUE]
            vers = {valeur.indicateur.code: "raison" if raison else "numerateur", "motif": motif}
            refus.champs = {vers.get(nom, nom): phrases for nom, phrases in refus.champs.items()}
        raise
