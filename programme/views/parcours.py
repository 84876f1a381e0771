"""La page d'un parcours et ses saisies."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from programme import permissions
from programme.calculs.titres import libelle_de_date
from programme.enums import FAITS_A_DATER, EtatParcours, NatureFait, Role
from programme.forms import parcours as forms
from programme.models import Etape, Parcours
from programme.services import parcours as services
from programme.services.capacite import depassees
from programme.services.double_financement import Signal, signaux
from programme.services.propositions import dates_prevues
from programme.services.reports import reports_en_cours
from programme.socle import versions
from programme.socle.conditions import conditions
from programme.socle.erreurs import Refus
from programme.socle.porte import lire
from programme.socle.texte import en_phrase
from programme.views import fiche
from programme.views.histoire import histoire_de
from programme.views.prevision import prevision_de
from programme.views.refus import exiger
from programme.views.requete import Requete
from programme.views.saisies import saisir

LECTURE = ("esms__categorie", "esms__departement", "esms__og", "grappe", "solution", "vague")


def _parcours(request: Requete, pk: int) -> Parcours:
    visibles = Parcours.objects.visibles_par(request.user).select_related(*LECTURE)
    return get_object_or_404(visibles, pk=pk)


def _a_saisir(request: Requete, pk: int) -> Parcours:
    parcours = _parcours(request, pk)
    exiger(permissions.peut_saisir(request.user, parcours))
    return parcours


def _page(parcours: Parcours) -> str:
    return reverse("programme:parcours-detail", args=[parcours.pk])


def _droits(request: Requete, parcours: Parcours) -> dict[str, bool]:
    verbes = ("saisir", "decider", "conduire", "proposer", "choisir_vague")
    return {v: bool(getattr(permissions, f"peut_{v}")(request.user, parcours)) for v in verbes}


def _lectures(request: Requete, parcours: Parcours, confie: bool) -> dict[str, Any]:
    """Frise, dates, ouvertures, histoire, date de routine prévue."""
    au = timezone.localdate()
    passe = histoire_de(parcours, au, par=request.user, confie=confie)
    prevue = prevision_de(parcours, au)
    return fiche.frise_de(parcours, au) | fiche.grille_de(parcours) | passe | prevue


def _doubles(request: Requete, parcours: Parcours) -> list[Signal]:
    """Double financement, à qui conduit ou finance."""
    grappe = parcours.grappe
    finance = any(a.role == Role.ARS for a in permissions.affectes_sur(request.user, parcours))
    if not (finance or permissions.peut_conduire(request.user, grappe)):
        return []
    return signaux(Parcours.objects.filter(pk=parcours.pk), request.user)


@require_safe
def parcours_detail(request: Requete, pk: int) -> HttpResponse:
    """Où en est l'ESMS, ce qui reste à réunir, la décision, les ouvertures, les dates, l'histoire."""
    parcours, au = _parcours(request, pk), timezone.localdate()
    suivante = parcours.prochaine
    confie = bool(permissions.peut_lire_preparation(request.user, parcours))
    lecture = lire(parcours, suivante, par=request.user) if suivante and confie else None
    contexte: dict[str, Any] = {
        "parcours": parcours,
        "lecture": lecture,
        "reste": fiche.reste_de(lecture.constats, parcours) if lecture else None,
        "verbe": Parcours.transitions()[suivante].custom["verbe"] if suivante else "",
        "peut": _droits(request, parcours),
        "qui_decide": fiche.qui_decide(parcours, au) if confie else "La direction de l'ESMS choisit le moment.",
        "confie": confie,
        "moment": parcours.moments.en_cours().select_related("proposee", "demandee").first() if confie else None,
        "propositions": parcours.propositions.en_attente().select_related("proposee_par") if confie else [],
        "aujourdhui": au,
        "doubles": _doubles(request, parcours),
        "reserves": fiche.reserves_en_mots(parcours) if confie else [],
        "report": reports_en_cours([parcours.pk], au).get(parcours.pk) if confie else None,
        "peut_deleguer": bool(permissions.peut_deleguer(request.user, parcours.esms)),
        **fiche.entourage(parcours, au, par=request.user, confie=confie),
    }
    return render(
        request,
        "programme/parcours_detail.html",
        contexte | _lectures(request, parcours, confie),
    )


# --- faits ---------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def parcours_fait(request: Requete, pk: int, nature: str) -> HttpResponse:
    """Dater un fait : une date, une référence, une précision."""
    if nature not in FAITS_A_DATER:
        raise Http404("fait inconnu")
    parcours, libelle = _a_saisir(request, pk), str(NatureFait(nature).label)
    faits = parcours.faits.filter(nature=nature).select_related("saisi_par")
    fait = faits.first()
    saisie = forms.ConcertationForm if nature == NatureFait.CONCERTATION else forms.FaitForm
    formulaire = saisie(request.POST or None, fait=fait)
    formulaire.fields["date"].label = libelle_de_date(nature)
    return saisir(
        request,
        formulaire,
        lambda: services.dater_fait(parcours=[parcours], nature=nature, par=request.user, **formulaire.valeurs()),
        relire=lambda: services.version_de(faits.first()),
        retour=_d_ou_l_on_vient(request, parcours),
        succes=f"{parcours} : {en_phrase(libelle)}, c'est daté.",
        gabarit="programme/parcours_fait.html",
        parcours=parcours,
        titre=libelle,
        libelle="Enregistrer la date",
        nature=nature,
        fait=fait,
        condition=conditions.get(nature),
    )


def _d_ou_l_on_vient(request: Requete, parcours: Parcours) -> str:
    """La page « Préparer » si c'est elle qui a mené ici, sinon celle de l'ESMS."""
    if request.GET.get("de") == "preparation":
        return reverse("programme:parcours-preparation", args=[parcours.pk])
    return _page(parcours)


# --- fiche, dates --------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def parcours_modifier(request: Requete, pk: int) -> HttpResponse:
    """La fiche : chacun y trouve les champs qu'il peut écrire, et à qui reviennent les autres."""
    parcours = _parcours(request, pk)
    droits = services.droits_de_fiche(request.user, parcours)
    exiger(next((d for d in droits.values() if d), droits["premier_gain"]))
    formulaire = forms.FicheForm(request.POST or None, instance=parcours, droits=droits)
    return saisir(
        request,
        formulaire,
        lambda: _ecrire_la_fiche(request, parcours, formulaire.valeurs()),
        relire=lambda: versions.jeton(parcours.history),
        retour=_page(parcours),
        succes=lambda changes: f"{parcours} : fiche enregistrée." if changes else f"{parcours} : rien n'a changé.",
        gabarit="programme/parcours_modifier.html",
        parcours=parcours,
        sans_mention=True,
        titre="Compléter la fiche",
        libelle="Enregistrer la fiche",
    )


def _ecrire_la_fiche(request: Requete, parcours: Parcours, valeurs: dict[str, Any]) -> list[str]:
    changes = services.modifier_fiche(parcours=parcours, par=request.user, **valeurs)
    for phrase in depassees([parcours.vague], request.user) if "vague" in changes else ():
        messages.warning(request, phrase)
    return changes


@require_http_methods(["GET", "POST"])
def parcours_dates(request: Requete, pk: int) -> HttpResponse:
    """Réviser les dates à venir ; le chef de projet y fige la référence, une fois."""
    parcours = _a_saisir(request, pk)
    if request.POST.get("geste") == "figer":
        return _figer(request, parcours)
    frise, histoire = fiche.frise_de(parcours, timezone.localdate()), Etape.history.filter(parcours=parcours)
    formulaire = forms.DatesForm(request.POST or None, vu=versions.jeton(histoire), lignes=frise["dates"])
    return saisir(
        request,
        formulaire,
        lambda: services.reviser_dates(parcours=parcours, par=request.user, **formulaire.valeurs()),
        relire=lambda: versions.jeton(histoire),
        retour=_page(parcours) + "#dates",
        succes=f"{parcours} : dates révisées.",
        gabarit="programme/parcours_dates.html",
        parcours=parcours,
        sans_mention=True,
        titre="Réviser les dates",
        libelle="Enregistrer les dates",
        a_figer=frise["a_figer"],
        peut_figer=bool(permissions.peut_conduire(request.user, parcours)),
    )


def _figer(request: Requete, parcours: Parcours) -> HttpResponse:
    exiger(permissions.peut_conduire(request.user, parcours))
    try:
        etapes = services.figer_reference(parcours=[parcours], par=request.user)
    except Refus as refus:
        messages.error(request, refus.motif)
    else:
        noms = ", ".join(EtatParcours(e.etat).label.lower() for e in etapes)
        messages.success(request, f"{parcours} : dates de référence figées ({noms}).")
    return redirect(_page(parcours) + "#dates")


# --- proposer, reporter --------------------------------------------------------------------------------------------


def _verbe(parcours: Parcours, transition: str) -> str:
    if transition not in services.PASSAGES_DU_DIRECTEUR:
        raise Http404("passage inconnu")
    return str(Parcours.transitions()[transition].custom["verbe"])


@require_http_methods(["GET", "POST"])
def parcours_proposer(request: Requete, pk: int, transition: str) -> HttpResponse:
    """Proposer un passage au directeur, qui décidera en un clic."""
    parcours = _parcours(request, pk)
    verbe = _verbe(parcours, transition)
    exiger(permissions.peut_proposer(request.user, parcours))
    prevue = dates_prevues([parcours], transition).get(parcours.pk)
    formulaire = forms.ProposerForm(request.POST or None, initial={"date_visee": prevue})
    lecture = lire(parcours, transition, par=request.user)
    return saisir(
        request,
        formulaire,
        lambda: services.proposer(
            parcours=parcours, transition=transition, par=request.user, **formulaire.cleaned_data
        ),
        retour=_page(parcours),
        succes=f"{parcours} : passage proposé au directeur ({verbe.lower()}).",
        gabarit="programme/parcours_proposer.html",
        parcours=parcours,
        titre=f"Proposer : {verbe.lower()}",
        libelle="Proposer au directeur",
        report=reports_en_cours([parcours.pk], timezone.localdate()).get(parcours.pk),
        reste=fiche.reste_de(lecture.constats, parcours),
        qui_decide=fiche.qui_decide(parcours, timezone.localdate()),
    )


@require_http_methods(["GET", "POST"])
def parcours_reporter(request: Requete, pk: int, transition: str) -> HttpResponse:
    """Répondre « plus tard » à une proposition."""
    parcours = _parcours(request, pk)
    _verbe(parcours, transition)
    exiger(permissions.peut_decider(request.user, parcours))
    proposition = get_object_or_404(
        parcours.propositions.en_attente().select_related("proposee_par"), transition=transition
    )
    formulaire = forms.ReporterForm(request.POST or None)
    return saisir(
        request,
        formulaire,
        lambda: services.decider_proposition(
            proposition=proposition, par=request.user, accord=False, **formulaire.cleaned_data
        ),
        retour=_page(parcours),
        succes=f"{parcours} : report consigné, le chef de projet en lira la raison.",
        gabarit="programme/parcours_reporter.html",
        parcours=parcours,
        titre=f"Reporter {services.NOMS_DES_PASSAGES[transition]} : {parcours}",
        titre_complet=True,
        libelle="Reporter",
        proposition=proposition,
    )
