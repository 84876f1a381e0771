"""Transmettre d'un geste les relevés qui se donnent ensemble : ce qui part, ce qui s'y oppose, puis la décision."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from programme.contexte import oublier_le_compte
from programme.socle.erreurs import Refus
from programme.socle.nombres import liste
from programme.socle.porte import lire_ensemble
from programme.views.refus import exiger
from programme.views.requete import Requete
from usages.models import Releve
from usages.permissions import peut_transmettre
from usages.services.releves.reunis import encore_en_saisie
from usages.services.releves.reunis import transmettre as transmettre_ensemble
from usages.views.releves import releve_visible
from usages.views.saisie_releve import releves_vises


@require_http_methods(["GET", "POST"])
def transmettre(request: Requete, pk: int) -> HttpResponse:
    """Les périodes que la page réunissait, et elles seules ; toutes, ou aucune."""
    releve = releve_visible(request, pk)
    exiger(peut_transmettre(request.user, releve))
    releves = releves_vises(request, releve, request.GET.get("avec", ""))
    refus: Refus | None = None
    try:
        encore_en_saisie(releves)
        if request.method == "POST":
            transmettre_ensemble(releves=releves, par=request.user)
            messages.success(request, f"Vos chiffres {liste([r.periode.complement for r in releves])} sont transmis.")
            return oublier_le_compte(redirect("usages:parcours-releves", releve.parcours_id))
    except Refus as leve:
        if leve.code == "droit":
            raise PermissionDenied(leve.motif) from leve
        refus = leve
    return _montrer(request, releves, refus)


def _montrer(request: Requete, releves: list[Releve], refus: Refus | None) -> HttpResponse:
    lectures = lire_ensemble(releves, "transmettre", par=request.user)
    comptes = {r.pk: r for r in Releve.objects.filter(pk__in=lectures).avec_completude()}
    lignes = [(releve, comptes[releve.pk], lectures[releve.pk].obstacles) for releve in releves]
    contexte = {
        "releve": releves[0],
        "lignes": lignes,
        "noms": liste([r.periode.nom for r in releves]),
        "complement": liste([r.periode.complement for r in releves]),
        "avec": ",".join(str(r.pk) for r in releves),
        "possible": refus is None and not any(obstacles for *_, obstacles in lignes),
        "seuls": [r for r, _, obstacles in lignes if len(lignes) > 1 and r.est_en_saisie and not obstacles],
        "refus": refus,
    }
    return render(request, "usages/releve_transmettre.html", contexte, status=409 if refus else 200)
