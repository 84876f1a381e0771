"""Une étude : sa page, la créer, la modifier, prendre sa base."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from programme.models import Grappe
from programme.services.journal import passages_en_journal
from programme.socle.nombres import accorde
from programme.views.refus import exiger
from programme.views.requete import Requete
from programme.views.saisies import saisir
from usages.enums import EtatEtude
from usages.forms.etudes import BaseForm, EtudeForm
from usages.models import Etude, Monographie
from usages.permissions import peut_commencer_une_etude, peut_conduire_l_etude
from usages.services.etudes import etudes as services
from usages.services.etudes.entonnoir import derouler_etude
from usages.services.etudes.lecture import en_une_ligne, geste_suivant
from usages.services.etudes.remplacants import empeches_de
from usages.services.etudes.sources import prendre_la_base
from usages.services.retours.croisements import empreinte_vue
from usages.views.etudes.liste import LISTE

DETAIL, BASE, ENTONNOIR = "usages:etude-detail", "usages:etude-base", "usages:etude-entonnoir"
SAISIE = "usages/etude_saisie.html"


def etude_visible(request: Requete, pk: int) -> Etude:
    """L'étude, ou 404 pour qui n'est pas de l'équipe."""
    return get_object_or_404(Etude.objects.visibles_par(request.user).pour_lecture(), pk=pk)


def conduit(request: Requete, etude: Etude) -> bool:
    """Vrai s'il peut écrire dans l'entonnoir et l'équipe : il la pilote, elle n'est pas close."""
    return etude.etat != EtatEtude.CLOSE and bool(peut_conduire_l_etude(request.user, etude))


def exiger_conduite(request: Requete, etude: Etude) -> None:
    """403 avec le motif, pour qui ne pilote pas ; une étude close se refuse en service, avec sa phrase."""
    exiger(peut_conduire_l_etude(request.user, etude))


@require_safe
def detail(request: Requete, pk: int) -> HttpResponse:
    """Sa question, où elle en est, le geste suivant, son équipe, son entonnoir en une ligne, ses visites."""
    etude = etude_visible(request, pk)
    deroule = derouler_etude(etude)
    visites = etude.visites.pour_lecture().select_related("monographie").order_by("etat", "pk")
    contexte = {
        "etude": etude,
        "conduit": conduit(request, etude),
        "equipe": etude.equipe.select_related("compte").order_by("pk"),
        "deroule": deroule,
        "en_une_ligne": en_une_ligne(deroule),
        "nb_figees": sum(e.est_figee for e in deroule.etapes),
        "geste": geste_suivant(etude, deroule),
        "empeches": empeches_de(etude, deroule),
        "visites": visites,
        "nb_monographies": Monographie.objects.filter(visite__etude=etude).count(),
        "campagnes": etude.campagnes.order_by("tri", "pk"),
        "histoire": passages_en_journal(etude),
    }
    return render(request, "usages/etude_detail.html", contexte)


@require_http_methods(["GET", "POST"])
def creer(request: Requete) -> HttpResponse:
    """Commencer une étude : qui la crée la pilote."""
    exiger(peut_commencer_une_etude(request.user))
    formulaire = EtudeForm(request.POST or None, par=request.user)
    return saisir(
        request,
        formulaire,
        lambda: services.creer_etude(par=request.user, **formulaire.valeurs()),
        retour=reverse(LISTE),
        vers=lambda etude: reverse(DETAIL, args=[etude.pk]),
        succes=lambda etude: f"« {etude} » est commencée. Vous la pilotez : prenez sa base, puis écrivez l'entonnoir.",
        gabarit=SAISIE,
        titre="Commencer une étude",
        libelle="Commencer l’étude",
    )


@require_http_methods(["GET", "POST"])
def modifier(request: Requete, pk: int) -> HttpResponse:
    """Corriger le titre, la question, la méthode, les campagnes."""
    etude = etude_visible(request, pk)
    exiger_conduite(request, etude)
    vu = {"vu": empreinte_vue(etude, services.CHAMPS)}
    formulaire = EtudeForm(request.POST or None, par=request.user, etude=etude, initial=vu)
    return saisir(
        request,
        formulaire,
        lambda: services.modifier_etude(
            etude=etude, par=request.user, vu=formulaire.cleaned_data["vu"], **formulaire.valeurs()
        ),
        retour=reverse(DETAIL, args=[pk]),
        succes=lambda ecrite: f"« {ecrite} » est à jour.",
        relire=lambda: empreinte_vue(Etude.objects.get(pk=pk), services.CHAMPS),
        gabarit=SAISIE,
        etude=etude,
        titre="Modifier l’étude",
        libelle="Enregistrer",
    )


@require_http_methods(["GET", "POST"])
def base(request: Requete, pk: int) -> HttpResponse:
    """D'où part l'entonnoir ; POST : prendre les grappes que ces filtres gardent."""
    etude = etude_visible(request, pk)
    if request.method == "POST":
        exiger_conduite(request, etude)
    vues, deroule = Grappe.objects.visibles_par(request.user), derouler_etude(etude)
    envoye = request.POST if request.method == "POST" else None
    formulaire = BaseForm(envoye, par=request.user, vues=vues, initial=etude.filtres)
    return saisir(
        request,
        formulaire,
        lambda: prendre_la_base(etude=etude, filtres=formulaire.filtres(), par=request.user),
        retour=reverse(ENTONNOIR, args=[pk]),
        succes=lambda n: f"La base est prise : {accorde(n, 'grappe')}.",
        gabarit="usages/etude_base.html",
        etude=etude,
        conduit=conduit(request, etude),
        unites=deroule.entonnoir.base,
        faute="" if deroule.entonnoir.base or not etude.base else deroule.faute,
        figees=etude.etapes.filter(figee_le__isnull=False).exists(),
    )
