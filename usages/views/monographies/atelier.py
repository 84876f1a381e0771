"""Commencer une monographie, la renommer, et son atelier : où en est chaque section, ce qui reste à faire."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from programme.services.journal import passages_en_journal
from programme.views.refus import exiger
from programme.views.requete import Requete
from programme.views.saisies import saisir
from usages.forms.monographies import MonographieForm
from usages.models import Monographie, Visite
from usages.permissions import (
    peut_commenter,
    peut_ecrire_dans_l_etude,
    peut_ecrire_une_section,
    peut_lire_l_etude,
    peut_tenir_la_monographie,
)
from usages.services.monographies import atelier as lecture
from usages.services.monographies import commencer as services
from usages.views.monographies.commun import DETAIL, monographie_visible

SAISIE = "usages/monographie_saisie.html"


@require_http_methods(["GET", "POST"])
def commencer(request: Requete, pk: int) -> HttpResponse:
    """Commencer la monographie d'une visite ; déjà commencée, on y va."""
    visite = get_object_or_404(Visite.objects.visibles_par(request.user).pour_lecture(), pk=pk)
    exiger(peut_ecrire_dans_l_etude(request.user, visite))
    if deja := Monographie.objects.filter(visite=visite).first():
        messages.info(request, services.DEJA)
        return redirect(DETAIL, pk=deja.pk)
    formulaire = MonographieForm(request.POST or None, initial={"titre": services.titre_propose(visite)})
    return saisir(
        request,
        formulaire,
        lambda: services.commencer(visite=visite, par=request.user, **formulaire.cleaned_data),
        retour=reverse("usages:monographie-liste"),
        vers=lambda ecrite: reverse(DETAIL, args=[ecrite.pk]),
        succes=lambda ecrite: f"« {ecrite} » est commencée : ses sections vous attendent.",
        gabarit=SAISIE,
        visite=visite,
        titre="Commencer la monographie",
        libelle="Commencer",
    )


@require_http_methods(["GET", "POST"])
def modifier(request: Requete, pk: int) -> HttpResponse:
    """Changer le titre, le sous-titre."""
    monographie = monographie_visible(request, pk)
    exiger(peut_ecrire_une_section(request.user, monographie))
    depart = {"titre": monographie.titre, "sous_titre": monographie.sous_titre}
    formulaire = MonographieForm(request.POST or None, initial=depart)
    return saisir(
        request,
        formulaire,
        lambda: services.renommer(monographie=monographie, par=request.user, **formulaire.cleaned_data),
        retour=reverse(DETAIL, args=[pk]),
        succes=lambda ecrite: f"« {ecrite} » est à jour.",
        gabarit=SAISIE,
        visite=monographie.visite,
        monographie=monographie,
        titre="Changer le titre",
        libelle="Enregistrer",
    )


@require_safe
def detail(request: Requete, pk: int) -> HttpResponse:
    """L'atelier : les sections dans l'ordre, le geste suivant de qui lit, les éditions, l'histoire."""
    monographie = monographie_visible(request, pk)
    sections = lecture.sections_de(monographie)
    contexte = {
        "monographie": monographie,
        "sections": sections,
        "suite": lecture.suite_pour(monographie, request.user, sections),
        "ecrit": bool(peut_ecrire_une_section(request.user, monographie)),
        "tient": bool(peut_tenir_la_monographie(request.user, monographie)),
        "commente": bool(peut_commenter(request.user, monographie)),
        "de_l_equipe": bool(peut_lire_l_etude(request.user, monographie)),
        "a_venir": sum(not lue.se_lit for lue in sections),
        "ouvertes": sum(lue.ouvertes for lue in sections),
        "editions": monographie.editions.all(),
        "passages_lus": passages_en_journal(monographie),
    }
    return render(request, "usages/monographie_atelier.html", contexte)
