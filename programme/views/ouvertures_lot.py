"""Plusieurs ouvertures d'un coup : la grille à cocher, l'aperçu (GET, rien d'écrit), la confirmation (POST)."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from programme import permissions
from programme.contexte import oublier_le_compte
from programme.forms.ouvertures import OuverturesForm
from programme.models import Ouverture, Parcours
from programme.services import ouvertures as services
from programme.socle.erreurs import Manque, Refus
from programme.socle.nombres import accorde
from programme.views import fiche
from programme.views.refus import exiger, reporter
from programme.views.requete import Requete
from programme.views.saisies import avertir

CONFIRMER = {
    "preparer": ("Déclarer le module prêt", "Déclarer les {} modules prêts"),
    "ouvrir": ("Ouvrir le module", "Ouvrir les {} modules"),
    "stabiliser": ("Déclarer le module stabilisé", "Déclarer les {} modules stabilisés"),
    "exclure": ("Mettre le module hors périmètre", "Mettre les {} modules hors périmètre"),
}
FAIT = {
    "preparer": "module déclaré prêt,modules déclarés prêts",
    "ouvrir": "module ouvert,modules ouverts",
    "stabiliser": "module déclaré stabilisé,modules déclarés stabilisés",
    "exclure": "module mis hors périmètre,modules mis hors périmètre",
}


def _raison(refus: Refus) -> tuple[str, list[Manque]]:
    """Un refus en mots, et les liens qui le résolvent."""
    phrases = [phrase for fautes in refus.champs.values() for phrase in fautes]
    return " ".join(phrases) or refus.motif, [m for m in refus.manques if m.lien and m.severite in ("barre", "legale")]


def _par_raison(refusees: Iterable[tuple[Ouverture, Refus]]) -> list[dict[str, Any]]:
    """Les refusées, réunies quand c'est pour la même raison : les faits sont à l'ESMS, elle se dit une fois."""
    groupes: dict[str, dict[str, Any]] = {}
    for ouverture, refus in refusees:
        motif, manques = _raison(refus)
        groupes.setdefault(motif, {"motif": motif, "manques": manques, "ouvertures": []})["ouvertures"].append(
            ouverture
        )
    return list(groupes.values())


def _apercu(examinees: list[services.Examinee], transition: str) -> dict[str, Any]:
    passent = [e for e in examinees if e.refus is None]
    reserve = [e for e in passent if e.sous_reserve]
    un, plusieurs = CONFIRMER[transition]
    constats = {c.condition.code: c for e in reserve for c in e.lecture.manques}
    return {
        "passent": [e for e in passent if not e.sous_reserve],
        "reserve": reserve,
        "manques": fiche.reste_de(constats.values(), reserve[0].ouverture).manques if reserve else [],
        "refusees": _par_raison((e.ouverture, e.refus) for e in examinees if e.refus),
        "retenues": passent,
        "deux_passages": sum(len(e.chemin) > 1 for e in passent),
        "motif_exige": services.motif_du_lot(examinees),
        "libelle": plusieurs.format(len(passent)) if len(passent) > 1 else un,
        "vues": ",".join(f"{e.ouverture.pk}:{e.ouverture.version}" for e in examinees),
    }


def _annoncer(request: Requete, parcours: Parcours, transition: str, lot: services.Lot) -> None:
    faits = [p for _, passages in lot.passees for p in passages]
    if lot.passees:
        reserve = sum(p.nature == "sous_reserve" for p in faits)
        sous = f", dont {reserve} sous réserve" if reserve else ""
        fait = accorde(len(lot.passees), FAIT[transition])
        messages.success(request, f"{parcours} : {fait}{sous}. {accorde(len(faits), 'passage')} au journal.")
    if lot.refusees:
        reste = accorde(len(lot.refusees), "case reste cochée,cases restent cochées")
        messages.warning(request, f"{reste} : l'aperçu dit pourquoi.")


def _suite(parcours: Parcours, formulaire: OuverturesForm, lot: services.Lot) -> str:
    """Tout est passé : la fiche. Sinon la même page, les refusées cochées et expliquées."""
    if not lot.refusees:
        return reverse("programme:parcours-detail", args=[parcours.pk]) + "#ouvertures"
    choix = {
        "transition": formulaire.cleaned_data["transition"],
        "date_effet": formulaire.cleaned_data["date_effet"].isoformat(),
        "ouvertures": [o.pk for o, _ in lot.refusees],
    }
    return f"{reverse('programme:parcours-ouvertures', args=[parcours.pk])}?{urlencode(choix, doseq=True)}#apercu"


def _lancer(request: Requete, parcours: Parcours, formulaire: OuverturesForm) -> HttpResponse | None:
    donnees = formulaire.cleaned_data
    try:
        lot = services.franchir_en_lot(
            ouvertures=donnees["retenues"],
            transition=donnees["transition"],
            par=request.user,
            motif=donnees["motif"],
            date_effet=donnees["date_effet"],
            versions=formulaire.versions,
        )
    except Refus as refus:
        if refus.code == "droit":
            raise PermissionDenied(refus.motif) from refus
        reporter(refus, formulaire)
        return None
    avertir(request, formulaire)
    _annoncer(request, parcours, donnees["transition"], lot)
    return oublier_le_compte(redirect(_suite(parcours, formulaire, lot)))


def _examiner(request: Requete, formulaire: OuverturesForm) -> dict[str, Any] | None:
    donnees = formulaire.cleaned_data
    if not donnees.get("retenues") or not donnees.get("date_effet") or not donnees.get("transition"):
        return None
    try:
        examinees = services.examiner_lot(
            ouvertures=donnees["retenues"],
            transition=donnees["transition"],
            par=request.user,
            date_effet=donnees["date_effet"],
        )
    except Refus as refus:
        reporter(refus, formulaire)
        return None
    return _apercu(examinees, donnees["transition"])


@require_http_methods(["GET", "POST"])
def parcours_ouvertures(request: Requete, pk: int) -> HttpResponse:
    """La grille à cocher et un geste ; l'aperçu dit ce qui passera ; la confirmation franchit par la porte."""
    visibles = Parcours.objects.visibles_par(request.user).select_related("esms__departement", "grappe")
    parcours = get_object_or_404(visibles, pk=pk)
    exiger(permissions.peut_decider(request.user, parcours))
    grille = fiche.grille_de(parcours)
    lignes = [case.ouverture for _, cases in grille["lignes"] for case in cases if case]
    donnees = request.POST if request.method == "POST" else request.GET or None
    formulaire = OuverturesForm(donnees, lignes=lignes)
    if formulaire.is_valid() and request.method == "POST" and (suite := _lancer(request, parcours, formulaire)):
        return suite
    apercu = _examiner(request, formulaire) if formulaire.is_bound else None
    return render(
        request,
        "programme/parcours_ouvertures.html",
        grille | {"parcours": parcours, "formulaire": formulaire, "apercu": apercu},
        status=422 if formulaire.errors else 200,
    )
