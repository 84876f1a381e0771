"""L'éditeur d'une section : écrire, voir l'aperçu, réunir deux écritures ; son histoire."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from programme.socle.erreurs import Refus
from programme.socle.nombres import accorde
from programme.views.refus import exiger, reporter
from programme.views.requete import Requete
from programme.views.saisies import avertir
from usages.calculs.differences import Morceau, Sorte, comparer
from usages.calculs.ecritures_croisees import Croisement
from usages.calculs.prose import Bloc, en_texte
from usages.enums import FAITS_DES_SECTIONS, CodeSection
from usages.forms.monographies import ReunionForm, SectionForm
from usages.models import SectionMonographie, Verbatim
from usages.permissions import peut_ecrire_une_section, peut_lire_l_etude
from usages.services.monographies import sections as services
from usages.services.monographies.avis import avis_sur
from usages.services.monographies.histoire import histoire_de
from usages.services.monographies.relecture import propos_de, rendre
from usages.services.monographies.sections import Ecriture
from usages.views.monographies.commun import contexte_de, section_visible

ECRIRE, HISTOIRE = "usages:section-ecrire", "usages:section-histoire"
CONFLITS_AU_PLUS = 2000
"""Passages d'un conflit : davantage n'a pas été rendu par une page."""


def _adresse(section: SectionMonographie, nom: str = ECRIRE) -> str:
    return reverse(nom, args=[section.monographie_id, section.code])


@require_http_methods(["GET", "POST"])
def ecrire(request: Requete, pk: int, code: str) -> HttpResponse:
    """L'éditeur. POST : `geste` vaut « apercu » (rien n'est écrit), « reunir » (les choix d'un conflit), ou rien."""
    section = section_visible(request, pk, code)
    exiger(peut_ecrire_une_section(request.user, section.monographie))
    if request.method == "POST" and request.POST.get("geste") == "reunir":
        return _reunir(request, section)
    depart = {"texte": section.texte, "vu": services.jeton_de(section)}
    formulaire = SectionForm(request.POST or None, initial=depart)
    if request.method == "GET" or not formulaire.is_valid():
        return _editeur(request, section, formulaire)
    if request.POST.get("geste") == "apercu":
        return _editeur(request, section, formulaire, apercu=formulaire.cleaned_data["texte"])
    vu, texte = formulaire.version_vue(), formulaire.cleaned_data["texte"]
    try:
        ecriture = services.ecrire_section(section=section, texte=texte, vu=vu, par=request.user)
    except Refus as refus:
        return _refuser(request, section, formulaire, refus)
    if ecriture.attend_un_choix:
        return _conflit(request, section, ecriture, texte, vu)
    avertir(request, formulaire)
    return _fait(request, ecriture)


def _refuser(request: Requete, section: SectionMonographie, formulaire: SectionForm, refus: Refus) -> HttpResponse:
    """Sans droit : 403. Une version inconnue : la saisie reste, sur la version d'aujourd'hui."""
    if refus.code == "droit":
        raise PermissionDenied(refus.motif)
    if refus.code == "concurrence":
        formulaire.reprendre(services.jeton_de(section))
        return _editeur(request, section, formulaire, refus=refus, status=409)
    reporter(refus, formulaire)
    return _editeur(request, section, formulaire)


def _editeur(
    request: Requete,
    section: SectionMonographie,
    formulaire: SectionForm,
    *,
    apercu: str | None = None,
    refus: Refus | None = None,
    status: int = 200,
) -> HttpResponse:
    monographie = section.monographie
    propos = propos_de(monographie.visite_id)
    texte = section.texte if apercu is None else apercu
    contexte = contexte_de(request, section) | {
        "formulaire": formulaire,
        "refus": refus,
        "verbatims": Verbatim.objects.filter(visite=monographie.visite_id).citables().order_by("theme", "pk"),
        "apercu": None if apercu is None else rendre(apercu, propos, decalage=2),
        "avis": avis_sur(monographie, texte, propos),
        "a_des_faits": CodeSection(section.code) in FAITS_DES_SECTIONS,
        "brouillon": f"{request.user.pk}-{section.pk}",
        "au_repos": request.method == "GET",
    }
    status = 422 if formulaire.is_bound and formulaire.errors else status
    return render(request, "usages/section_ecrire.html", contexte, status=status)


def _fait(request: Requete, ecriture: Ecriture) -> HttpResponse:
    """Retour à l'éditeur, dit ce qui s'est passé ; l'ancre dit à l'appareil d'oublier son brouillon."""
    if ecriture.avec:
        messages.success(
            request, f"Enregistré, et réuni à ce que {ecriture.avec} a écrit entre-temps. Relisez ci-dessous."
        )
    elif ecriture.change:
        messages.success(request, f"« {ecriture.section} » est enregistrée.")
    else:
        messages.info(request, "Rien n'a changé : ce texte était déjà enregistré.")
    return redirect(f"{_adresse(ecriture.section)}#enregistre")


# --- deux auteurs au même endroit ----------------------------------------------------------------------------------


def _reunir(request: Requete, section: SectionMonographie) -> HttpResponse:
    nombre = min(_entier(request.POST.get("nombre", "")) or 1, CONFLITS_AU_PLUS)
    formulaire = ReunionForm(request.POST, nombre=nombre)
    if not formulaire.is_valid():
        return _rejouer(request, section, formulaire)
    lu = formulaire.cleaned_data
    try:
        ecriture = services.reunir(
            section=section,
            texte=lu["texte"],
            vu=lu["vu"],
            sienne=lu["sienne"],
            ecartee=lu["ecartee"],
            choix=formulaire.choix(),
            par=request.user,
        )
    except Refus as refus:
        saisie = SectionForm({"texte": lu["texte"], "vu": str(lu["vu"])})
        return _refuser(request, section, saisie, refus)
    if ecriture.croisement is None:
        return _fait(request, ecriture)
    # Un troisième a écrit pendant qu'on choisissait : ce qu'on vient de réunir devient le sien, et l'on choisit encore.
    return _conflit(request, section, ecriture, ecriture.mien, lu["sienne"])


def _rejouer(request: Requete, section: SectionMonographie, formulaire: ReunionForm) -> HttpResponse:
    """Un choix manque : la même page, les autres gardés ; illisible, l'éditeur et le texte."""
    saisie = SectionForm({nom: request.POST.get(nom, "") for nom in ("texte", "vu")})
    if not saisie.is_valid():
        return _editeur(request, section, saisie)
    texte, vu = saisie.cleaned_data["texte"], saisie.version_vue()
    try:
        ecriture = services.relire_le_conflit(section=section, texte=texte, vu=vu, par=request.user)
    except Refus as refus:
        return _refuser(request, section, saisie, refus)
    if not ecriture.attend_un_choix:
        return _editeur(request, section, saisie)
    return _conflit(request, section, ecriture, texte, vu, formulaire)


def _conflit(
    request: Requete,
    section: SectionMonographie,
    ecriture: Ecriture,
    texte: str,
    vu: int,
    formulaire: ReunionForm | None = None,
) -> HttpResponse:
    """Les passages que les deux ont changés, côte à côte ; rien n'est encore écrit."""
    croisement: Any = ecriture.croisement
    nombre = len(croisement.conflits)
    ecartee = ecriture.ecartee or request.POST.get("ecartee", "")
    depart = {"texte": texte, "vu": vu, "sienne": ecriture.jeton, "ecartee": ecartee}
    if formulaire is None or formulaire.data.get("sienne") != str(ecriture.jeton):
        formulaire = ReunionForm(initial=depart, nombre=nombre)
    contexte = contexte_de(request, section) | {
        "formulaire": formulaire,
        "nombre": nombre,
        "combien": accorde(nombre, "passage"),
        "avec": ecriture.avec,
        "conflits": _en_regard(croisement, formulaire),
    }
    return render(request, "usages/section_reunir.html", contexte, status=409)


def _en_regard(croisement: Croisement[Bloc], formulaire: ReunionForm) -> list[dict[str, Any]]:
    """Chaque conflit : ce qu'il y avait, le mien, le sien, tels qu'on les tape, ce qui diffère à part."""
    return [
        {
            "champ": formulaire[f"choix-{rang}"],
            "avant": [en_texte([bloc]) for bloc in conflit.base],
            **_cotes([tuple(en_texte([b]) if b else "" for b in ligne) for ligne in conflit.en_regard()]),
        }
        for rang, conflit in enumerate(croisement.conflits)
    ]


def _cotes(lignes: list[tuple[str, ...]]) -> dict[str, list[list[Morceau]]]:
    """Les blocs de l'un et de l'autre, en morceaux ; un bloc que l'autre n'a pas est tout entier à part."""
    cotes: dict[str, list[list[Morceau]]] = {"mien": [], "sien": []}
    for mien, sien in lignes:
        morceaux = [m for c in comparer([mien] if mien else [], [sien] if sien else []) for m in c.morceaux]
        morceaux = morceaux or [Morceau(Sorte.PAREIL, mien)]
        if mien:
            cotes["mien"].append([m for m in morceaux if m.sorte != Sorte.AJOUTE])
        if sien:
            cotes["sien"].append([m for m in morceaux if m.sorte != Sorte.OTE])
    return cotes


# --- l'histoire ----------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def histoire(request: Requete, pk: int, code: str) -> HttpResponse:
    """Qui a écrit, quand, ce qui a changé ; POST : revenir à une version."""
    section = section_visible(request, pk, code)
    exiger(peut_lire_l_etude(request.user, section.monographie))
    if request.method == "POST":
        return _revenir(request, section)
    lue = histoire_de(section, _entier(request.GET.get("version", "")))
    ecrit = bool(peut_ecrire_une_section(request.user, section.monographie))
    contexte = contexte_de(request, section) | {"histoire": lue, "ecrit": ecrit}
    return render(request, "usages/section_histoire.html", contexte)


def _revenir(request: Requete, section: SectionMonographie) -> HttpResponse:
    version, vu = (_entier(request.POST.get(nom, "")) or 0 for nom in ("version", "vu"))
    try:
        ecriture = services.revenir(section=section, version=version, vu=vu, par=request.user)
    except Refus as refus:
        if refus.code == "droit":
            raise PermissionDenied(refus.motif) from refus
        messages.error(request, refus.motif)
    else:
        phrase = "Le texte de cette version est de nouveau celui de la section."
        messages.success(request, phrase if ecriture.change else "Ce texte est déjà celui de la section.")
    return redirect(_adresse(section, HISTOIRE))


def _entier(texte: str) -> int | None:
    return int(texte) if texte.isdecimal() and len(texte) < 19 else None
