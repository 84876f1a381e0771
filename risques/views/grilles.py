"""Répondre à une grille, section par section ; la lire une fois transmise ; l'emporter."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from programme.contexte import oublier_le_compte
from programme.socle import texte
from programme.socle.erreurs import Refus
from programme.socle.models import Passage
from programme.socle.nombres import accorde, largeur_svg
from programme.socle.porte import lire
from programme.socle.versions import jeton
from programme.views.passages import histoires_de
from programme.views.refus import exiger, tenter
from programme.views.requete import Requete
from risques.documents.grilles import document_de
from risques.enums import EtatGrille, NatureGrille
from risques.forms.grilles import ReunionForm
from risques.models import Grille
from risques.permissions import peut_lire_grille, peut_repondre_a
from risques.services import grilles as service
from risques.services import reponses
from risques.services.grilles import GrilleDetaillee, QuestionLue, SectionLue
from risques.views.grilles_lignes import (
    Affichee,
    Envoyee,
    dire_enregistre,
    en_entier,
    en_saisie,
    enregistrer_section,
    sens_de,
)

SUITE = "risques/fragments/suite_proposee.html"


def grille_lisible(request: Requete, pk: int) -> Grille:
    """La grille : 404 si l'on n'est pas de ce qu'elle évalue, 403 avec le motif si l'on n'en lit pas les réponses."""
    grille = get_object_or_404(Grille.objects.visibles_par(request.user).pour_lecture(), pk=pk)
    exiger(peut_lire_grille(request.user, grille))
    return grille


def page_de_section(grille: Grille, section: str) -> str:
    """L'adresse d'une section."""
    return f"{reverse('risques:grille-detail', args=[grille.pk])}?section={section}"


@require_http_methods(["GET", "POST"])
def grille_detail(request: Requete, pk: int) -> HttpResponse:
    """Répondre, une section à la fois ; la lire, quand elle ne se remplit plus ou qu'on n'y répond pas."""
    grille = grille_lisible(request, pk)
    droit = peut_repondre_a(request.user, grille)
    if request.method == "POST":
        exiger(droit)
        return _recevoir(request, grille)
    if not (droit and grille.est_a_remplir):
        return _lire(request, service.detailler(grille))
    if "relire" in request.GET:
        return _relire(request, service.detailler(grille))
    return _Page(request, service.detailler(grille)).rendre()


# --- répondre ------------------------------------------------------------------------------------------------------


@dataclass
class _Page:
    """La page où l'on répond : la section demandée, les autres, ce qui manque pour transmettre."""

    request: Requete
    detail: GrilleDetaillee
    reunion: ReunionForm | None = None
    fautives: dict[str, Envoyee] | None = None
    status: int = 200

    @property
    def section(self) -> SectionLue | None:
        """Celle de l'adresse, à défaut la première où il reste à répondre."""
        code = self.request.GET.get("section", "")
        return self.detail.section(code) or self.detail.a_ouvrir()

    def rendre(self) -> HttpResponse:
        """La page entière."""
        grille, section = self.detail.grille, self.section
        if section is None:
            raise Http404("grille sans question")
        fautives = self.fautives or {}
        contexte = {
            "detail": self.detail,
            "grille": grille,
            "section": section,
            "precedente": self._voisine(section, -1),
            "suivante": self._voisine(section, 1),
            "questions": [Affichee(q, fautives.get(q.question.code)) for q in section.questions],
            "nb_fautives": len(fautives),
            "sens": sens_de(section),
            "se_frappe": any(not q.question.choix for q in section.questions),
            "manques": lire(grille, "transmettre", par=self.request.user).obstacles,
            "precision": _precision(grille),
            "reunion": self.reunion or _formulaire_de_reunion(grille),
            "largeur": largeur_svg(self.detail.avancement.taux),
        }
        return render(self.request, "risques/grille_detail.html", contexte, status=self.status)

    def _voisine(self, section: SectionLue, pas: int) -> SectionLue | None:
        rang = section.rang - 1 + pas
        return self.detail.sections[rang] if 0 <= rang < len(self.detail.sections) else None


def _precision(grille: Grille) -> Passage | None:
    """La dernière demande de précision, si l'on y répond en ce moment."""
    if grille.etat != EtatGrille.PRECISION:
        return None
    return Passage.objects.de(grille).filter(transition="demander_precision").select_related("par").last()


def _formulaire_de_reunion(grille: Grille, donnees: Any = None) -> ReunionForm | None:
    if grille.nature == NatureGrille.INDIVIDUELLE:
        return None
    initial = {"participants": grille.participants, "tenue_le": grille.tenue_le}
    return ReunionForm(donnees, initial=initial | {"vu": jeton(Grille.history.filter(id=grille.pk))})


def _recevoir(request: Requete, grille: Grille) -> HttpResponse:
    """Ce qu'envoie la page : qui était à la réunion, ou toute une section sans script."""
    try:
        service.exiger_a_remplir(grille)
    except Refus as refus:
        messages.error(request, refus.motif)
        return redirect("risques:grille-detail", grille.pk)
    if request.POST.get("geste") == "reunion":
        return _dire_la_reunion(request, grille)
    return _enregistrer(request, service.detailler(grille))


def _dire_la_reunion(request: Requete, grille: Grille) -> HttpResponse:
    formulaire = _formulaire_de_reunion(grille, request.POST)
    if formulaire is None:
        raise Http404("réponse individuelle")

    if formulaire.is_valid() and tenter(formulaire, lambda: _ecrire_la_reunion(request, grille, formulaire)):
        messages.success(request, "Enregistré : qui était là, et quand.")
        return redirect(f"{request.path}?{request.GET.urlencode()}" if request.GET else request.path)
    formulaire.reprendre(jeton(Grille.history.filter(id=grille.pk)))
    return _Page(request, service.detailler(grille), reunion=formulaire, status=422).rendre()


def _ecrire_la_reunion(request: Requete, grille: Grille, formulaire: ReunionForm) -> bool:
    vu = formulaire.version_vue()
    service.dire_la_reunion(grille=grille, par=request.user, vu=vu, **formulaire.champs())
    return True


def _enregistrer(request: Requete, detail: GrilleDetaillee) -> HttpResponse:
    section = _Page(request, detail).section
    if section is None:
        raise Http404("grille sans question")
    ecrites, fautives = enregistrer_section(detail, section, request.POST, request.user)
    if ecrites:
        messages.success(request, f"{accorde(ecrites, 'réponse enregistrée,réponses enregistrées')}, pas transmises.")
    if fautives:
        return _Page(request, service.detailler(detail.grille), fautives=fautives, status=422).rendre()
    voulue = detail.section(request.POST.get("vers", "")) or section
    return oublier_le_compte(redirect(page_de_section(detail.grille, voulue.code)))


@require_POST
def grille_repondre(request: Requete, pk: int, code: str) -> JsonResponse:
    """Enregistre une réponse et l'accuse : avancement, questions posées, suite proposée. Un refus en JSON, motivé."""
    mot, vu = request.POST.get("mot", ""), en_entier(request.POST.get("vu", ""))
    try:
        grille = grille_lisible(request, pk)
        exiger(peut_repondre_a(request.user, grille))
        valeur, sans_objet = reponses.lire_valeur(request.POST.get("valeur", ""))
        reponses.repondre(
            grille=grille, code=code, valeur=valeur, sans_objet=sans_objet, mot=mot, vu=vu, par=request.user
        )
    except PermissionDenied as refus:
        return JsonResponse({"code": "droit", "motif": str(refus)}, status=403)
    except reponses.Croisement as croisement:
        return JsonResponse(_croisement(croisement, request.user), status=409)
    except Refus as refus:
        status = {"droit": 403, "champ": 400}.get(refus.code, 409)
        return JsonResponse({"code": refus.code, "motif": refus.motif, "champs": refus.champs}, status=status)
    detail = service.detailler(grille)
    accuse = _accuse(request, detail, detail.questions[code])
    accuse["avis"] = " ".join(texte.avertissements(mot))
    return oublier_le_compte(JsonResponse(accuse))  # type: ignore[return-value]


def _croisement(croisement: reponses.Croisement, par: Any) -> dict[str, Any]:
    actuelle = croisement.actuelle
    assert actuelle is not None
    note = "" if actuelle.valeur is None else str(actuelle.valeur)
    return {
        "code": "concurrence",
        "motif": croisement.motif,
        "actuelle": {
            "valeur": reponses.SANS_OBJET if actuelle.sans_objet else note,
            "mot": actuelle.mot,
            "version": actuelle.version,
            "de_moi": actuelle.par_id == par.pk,
            "etat": f"enregistré par {actuelle.par} à {reponses.instant_court(actuelle)}",
        },
    }


def _accuse(request: Requete, detail: GrilleDetaillee, lue: QuestionLue) -> dict[str, Any]:
    """Ce que la page met à jour une fois la réponse en base."""
    grille, a = detail.grille, detail.avancement
    suite = {"question": lue.question, "grille": grille, "reponse": lue.reponse}
    return {
        "version": lue.version,
        "valeur": en_saisie(lue),
        "etat": dire_enregistre(lue),
        "suite": render_to_string(SUITE, suite, request).strip(),
        "posees": [code for code, q in detail.questions.items() if q.posee],
        "resume": detail.resume,
        "possible": detail.possible,
        "temps": detail.temps,
        "reste": detail.reste_a_transmettre,
        "largeur": largeur_svg(a.taux),
        "sections": {s.code: {"mot": s.mot, "complete": s.avancement.complet} for s in detail.sections},
    }


def _relire(request: Requete, detail: GrilleDetaillee) -> HttpResponse:
    """Tout d'un regard avant de transmettre : ce qui reste sans réponse, nommé, puis chaque réponse."""
    contexte = {
        "detail": detail,
        "grille": detail.grille,
        "sans_reponse": [(s, sans) for s in detail.sections if (sans := [q for q in s.posees if not q.est_dite])],
        "manques": lire(detail.grille, "transmettre", par=request.user).obstacles,
    }
    return render(request, "risques/grille_relire.html", contexte)


# --- lire, emporter ------------------------------------------------------------------------------------------------


def _lire(request: Requete, detail: GrilleDetaillee) -> HttpResponse:
    grille = detail.grille
    instantanes: list[Any] = list(grille.instantanes.select_related("par").order_by("-rang"))
    for fige in instantanes:
        fige.dit = detail.total_dit(fige)
    demande = en_entier(request.GET.get("transmission", ""))
    contexte = {
        "detail": detail,
        "grille": grille,
        "instantanes": instantanes,
        "ancien": next((i for i in instantanes[1:] if i.rang == demande), None),
        "partielle": grille.est_partielle,
        "sienne": bool(peut_repondre_a(request.user, grille)),
        "histoire": histoires_de([grille])[grille.pk],
    }
    return render(request, "risques/grille_lecture.html", contexte)


@require_safe
def grille_pdf(request: Requete, pk: int) -> HttpResponse:
    """La grille remplie, en PDF balisé."""
    document = document_de(service.detailler(grille_lisible(request, pk)))
    return HttpResponse(
        document.en_pdf(),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{document.nom}"'},
    )
