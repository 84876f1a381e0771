"""Les risques d'un ESMS : la page du directeur, ses six lignes."""

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from programme.models import Parcours
from programme.services.journal import passages_en_journal
from programme.views.refus import exiger
from programme.views.requete import Requete
from programme.views.saisies import saisir
from risques.calculs.criticite import matrice
from risques.forms.analyses import AnalyseForm
from risques.models import AnalyseLocale
from risques.permissions import peut_lire_les_risques, peut_partager, peut_saisir_analyse, peut_transmettre_analyse
from risques.services import analyses as services
from risques.services.amorces import amorces_de
from risques.services.baremes import bareme_de
from risques.services.page_esms import page_de, rang_de
from risques.services.partages import ouvert_de
from risques.services.questionnaires_esms import questionnaires_de

PAGE = "risques:parcours-risques"
LECTURE = ("esms__departement", "esms__og", "grappe__bareme_risques")


def _parcours(request: Requete, pk: int) -> Parcours:
    return get_object_or_404(Parcours.objects.visibles_par(request.user).select_related(*LECTURE), pk=pk)


@require_safe
def parcours_risques(request: Requete, pk: int) -> HttpResponse:
    """Ce qui attend, l'analyse, ce qui inquiète, le registre et les actions qui en sont nées."""
    parcours = _parcours(request, pk)
    exiger(peut_lire_les_risques(request.user, parcours))
    page = page_de(parcours, par=request.user)
    histoire = passages_en_journal(page.analyse) if page.de_pres and page.analyse else []
    contexte = {
        "page": page,
        "parcours": parcours,
        "histoire": histoire,
        "transmet": bool(peut_transmettre_analyse(request.user, parcours)),
        "partage_le_sien": bool(peut_partager(request.user, parcours)),
        "questionnaires": questionnaires_de(parcours, request.user),
    }
    return render(request, "risques/parcours_risques.html", contexte)


@require_safe
def analyselocale_detail(request: Requete, pk: int) -> HttpResponse:
    """Une analyse se lit sur la page de son ESMS."""
    analyse = get_object_or_404(AnalyseLocale.objects.visibles_par(request.user), pk=pk)
    return redirect(PAGE, pk=analyse.parcours_id)


@require_http_methods(["GET", "POST"])
def parcours_analyse(request: Requete, pk: int) -> HttpResponse:
    """Dire les six lignes, amorcées par la grappe ; les enregistrer, ou les transmettre d'un même geste."""
    parcours = _parcours(request, pk)
    exiger(peut_saisir_analyse(request.user, parcours))
    analyse = services.analyse_de(parcours)
    if analyse and not analyse.est_a_remplir:
        messages.warning(request, services.TRANSMISE)
        return redirect(PAGE, pk=pk)
    amorces, transmet = amorces_de(parcours.grappe, par=request.user), request.POST.get("geste") == "transmettre"
    lues, vu = services.lire_lignes(parcours, analyse, amorces, par=request.user), services.jeton_de(analyse)
    question, droit = services.precision_demandee(analyse), bool(peut_transmettre_analyse(request.user, parcours))
    repond = bool(question) and droit
    formulaire = AnalyseForm(request.POST or None, lues=lues, entiere=transmet, repond=repond, initial={"vu": vu})
    return saisir(
        request,
        formulaire,
        partial(_enregistrer, request, parcours, formulaire, transmet),
        retour=reverse(PAGE, args=[pk]),
        succes="Analyse transmise au chef de projet." if transmet else "Analyse enregistrée, pas encore transmise.",
        relire=lambda: services.jeton_de(services.analyse_de(parcours)),
        gabarit="risques/parcours_analyse.html",
        parcours=parcours,
        source=amorces.source,
        transmet=droit,
        niveaux=_niveaux(parcours),
        titre=services.geste_de(lues),
        question=question,
        partage=ouvert_de(parcours),
    )


def _enregistrer(request: Requete, parcours: Parcours, formulaire: AnalyseForm, transmet: bool) -> AnalyseLocale:
    return services.enregistrer_analyse(
        parcours=parcours,
        lignes=formulaire.dites(),
        par=request.user,
        vu=formulaire.version_vue(),
        transmettre=transmet,
        reponse=formulaire.cleaned_data.get("reponse", ""),
    )


def _niveaux(parcours: Parcours) -> list[tuple[int, int, str, int]]:
    """Les seize niveaux possibles : (probabilité, impact, mot, rang), que la page montre sans script."""
    cases = (case for rangee in matrice(bareme_de(parcours.grappe).bornes) for case in rangee)
    return [(c.probabilite, c.impact, str(c.niveau.label).lower(), rang_de(c.niveau)) for c in cases]
