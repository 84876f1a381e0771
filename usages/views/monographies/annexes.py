"""Ce qui entoure la prose : les faits, les documents consultés, les sigles."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from programme.socle.nombres import accorde
from programme.views.refus import exiger, tenter
from programme.views.requete import Requete
from programme.views.saisies import saisir
from usages.enums import FAITS_DES_SECTIONS, CodeFait
from usages.forms.monographies import DocumentsForm, FaitForm, SiglesForm
from usages.models import Monographie
from usages.permissions import peut_ecrire_une_section, peut_lire_l_etude
from usages.services.monographies import annexes as services
from usages.services.monographies.faits import FaitLu, faits_de
from usages.views.monographies.commun import monographie_visible

FAITS, DOCUMENTS, SIGLES = "usages:monographie-faits", "usages:monographie-documents", "usages:monographie-sigles"


def _de_l_equipe(request: Requete, pk: int) -> tuple[Monographie, bool]:
    """La monographie, pour son équipe ; et si l'on peut y écrire (exigé pour un POST)."""
    monographie = monographie_visible(request, pk)
    exiger(peut_lire_l_etude(request.user, monographie))
    ecrit = peut_ecrire_une_section(request.user, monographie)
    if request.method == "POST":
        exiger(ecrit)
    return monographie, bool(ecrit)


def _cle(request: Requete) -> int:
    """Ce qu'on retire ; zéro si l'envoi ne le dit pas."""
    texte = request.POST.get("retirer", "")
    return int(texte) if texte.isdecimal() and len(texte) < 19 else 0


@require_http_methods(["GET", "POST"])
def faits(request: Requete, pk: int) -> HttpResponse:
    """Ce que l'outil sait, ce que l'équipe a écrit ; POST : écrire un fait (`code`), ou revenir (`oublier`)."""
    monographie, ecrit = _de_l_equipe(request, pk)
    fautif: FaitForm | None = None
    if (code := request.POST.get("oublier", "")) in CodeFait.values:
        services.oublier_fait(monographie=monographie, code=code, par=request.user)
        messages.success(request, f"« {CodeFait(code).label} » : on revient à ce que l'outil sait.")
        return redirect(f"{reverse(FAITS, args=[pk])}#fait-{code}")
    if (code := request.POST.get("code", "")) in CodeFait.values:
        fautif = FaitForm(request.POST, code=CodeFait(code))
        if _ecrire_fait(request, monographie, code, fautif):
            messages.success(request, f"« {CodeFait(code).label} » est écrit.")
            return redirect(f"{reverse(FAITS, args=[pk])}#fait-{code}")
    groupes = _groupes(faits_de(monographie), code, fautif)
    contexte = {"monographie": monographie, "ecrit": ecrit, "groupes": groupes}
    return render(request, "usages/monographie_faits.html", contexte, status=422 if fautif else 200)


def _ecrire_fait(request: Requete, monographie: Monographie, code: str, formulaire: FaitForm) -> bool:
    if not formulaire.is_valid():
        return False
    lu = formulaire.cleaned_data
    ecrit = tenter(formulaire, lambda: services.ecrire_fait(monographie=monographie, code=code, par=request.user, **lu))
    return ecrit is not None


def _groupes(connus: dict[CodeFait, FaitLu], code: str, fautif: FaitForm | None) -> list[dict[str, Any]]:
    """Les faits par section ; celui qu'on n'a pas pu écrire garde sa saisie."""
    return [
        {
            "titre": section.label,
            "faits": [
                {
                    "code": fait.value,
                    "libelle": fait.label,
                    "lu": connus.get(fait),
                    "formulaire": fautif if fautif and fait == code else FaitForm(code=fait, lu=connus.get(fait)),
                    "ouvert": bool(fautif) and fait == code,
                }
                for fait in attendus
            ],
        }
        for section, attendus in FAITS_DES_SECTIONS.items()
    ]


@require_http_methods(["GET", "POST"])
def documents(request: Requete, pk: int) -> HttpResponse:
    """Les documents que l'équipe a lus ; POST : en ajouter, un par ligne, ou en retirer un (`retirer`)."""
    monographie, ecrit = _de_l_equipe(request, pk)
    if cle := _cle(request):
        services.retirer_document(monographie=monographie, document=cle, par=request.user)
        messages.success(request, "Le document est retiré de la liste.")
        return redirect(DOCUMENTS, pk=pk)
    formulaire = DocumentsForm(request.POST or None)
    return saisir(
        request,
        formulaire,
        lambda: services.ajouter_documents(monographie=monographie, par=request.user, **formulaire.cleaned_data),
        retour=reverse(DOCUMENTS, args=[pk]),
        succes=lambda ajoutes: f"{accorde(len(ajoutes), 'document ajouté,documents ajoutés')}.",
        gabarit="usages/monographie_documents.html",
        monographie=monographie,
        documents=monographie.documents.all(),
        ecrit=ecrit,
    )


@require_http_methods(["GET", "POST"])
def sigles(request: Requete, pk: int) -> HttpResponse:
    """Les sigles du texte, ceux que personne n'explique d'abord ; POST : en dire le sens, ou en retirer un."""
    monographie, ecrit = _de_l_equipe(request, pk)
    if cle := _cle(request):
        services.retirer_sigle(monographie=monographie, sigle=cle, par=request.user)
        messages.success(request, "Le sens de ce sigle est retiré.")
        return redirect(SIGLES, pk=pk)
    lus = services.sigles_de(monographie)
    formulaire = SiglesForm(request.POST or None, inconnus=[s.sigle for s in lus.inconnus])
    return saisir(
        request,
        formulaire,
        lambda: services.dire_sigles(monographie=monographie, sens=formulaire.dits(), par=request.user),
        retour=reverse(SIGLES, args=[pk]),
        succes=lambda nombre: f"{accorde(nombre, 'sigle expliqué,sigles expliqués')}.",
        gabarit="usages/monographie_sigles.html",
        monographie=monographie,
        lus=lus,
        ecrit=ecrit,
    )
