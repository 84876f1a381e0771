"""Relire une section : la lire, commenter un passage, répondre à une remarque."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from programme.views.refus import exiger
from programme.views.requete import Requete
from programme.views.saisies import saisir
from usages.enums import FAITS_DES_SECTIONS, CodeFait, CodeSection
from usages.forms.monographies import RemarqueForm, ReponseForm
from usages.models import SectionMonographie
from usages.permissions import (
    peut_commenter,
    peut_ecrire_une_section,
    peut_lire_l_etude,
    peut_repondre_a_la_remarque,
)
from usages.services.monographies import relecture as services
from usages.services.monographies.atelier import voisines
from usages.services.monographies.faits import faits_de
from usages.views.monographies.commun import contexte_de, remarque_visible, section_visible

RELIRE = "usages:section-relire"


def _adresse(section: SectionMonographie) -> str:
    return reverse(RELIRE, args=[section.monographie_id, section.code])


@require_http_methods(["GET", "POST"])
def relire(request: Requete, pk: int, code: str) -> HttpResponse:
    """Le texte, bloc à bloc, et ses remarques ; POST : en écrire une. `?bloc=3` : le bloc déjà choisi."""
    section = section_visible(request, pk, code)
    commente = peut_commenter(request.user, section.monographie)
    if request.method == "POST":
        exiger(commente)
    de_l_equipe = bool(peut_lire_l_etude(request.user, section.monographie))
    relecture = services.relecture_de(section, request.user, de_l_equipe=de_l_equipe)
    formulaire = RemarqueForm(
        request.POST or None,
        blocs=[(bloc.rang, bloc.apercu) for bloc in relecture.blocs if bloc.se_commente],
        initial={"bloc": request.GET.get("bloc", "")},
    )
    return saisir(
        request,
        formulaire,
        lambda: services.commenter(section=section, par=request.user, **formulaire.champs()),
        retour=_adresse(section),
        vers=lambda ecrite: f"{_adresse(section)}#remarque-{ecrite.pk}",
        succes="Votre remarque est notée : l'équipe la lira.",
        gabarit="usages/section_relire.html",
        relecture=relecture,
        commente=commente,
        **_autour(request, section, de_l_equipe=de_l_equipe),
    )


def _autour(request: Requete, section: SectionMonographie, *, de_l_equipe: bool) -> dict[str, Any]:
    """Les faits de la section, ses voisines, et si l'on peut l'écrire."""
    avant, apres = voisines(section, de_l_equipe=de_l_equipe)
    return contexte_de(request, section) | {
        "ecrit": bool(peut_ecrire_une_section(request.user, section.monographie)),
        "faits": _faits(section, de_l_equipe=de_l_equipe),
        "avant": avant,
        "apres": apres,
    }


def _faits(section: SectionMonographie, *, de_l_equipe: bool) -> list[tuple[str, str]]:
    """Les faits que la section montre en tableau : (ce que c'est, la valeur) ; à l'ESMS, ceux qui sortiront."""
    attendus = FAITS_DES_SECTIONS.get(CodeSection(section.code), ())
    connus = faits_de(section.monographie) if attendus else {}
    dits = [(str(CodeFait(code).label), connus[code].valeur) for code in attendus if code in connus]
    if de_l_equipe or not dits:
        return dits
    propos = services.propos_de(section.monographie.visite_id)
    return [(nom, valeur) for nom, valeur in dits if not services.se_tait(valeur, propos)]


@require_http_methods(["GET", "POST"])
def repondre(request: Requete, pk: int) -> HttpResponse:
    """Répondre à une remarque, la dire réglée, la rouvrir."""
    remarque = remarque_visible(request, pk)
    exiger(peut_repondre_a_la_remarque(request.user, remarque))
    depart: dict[str, Any] = {"reponse": remarque.reponse, "regle": remarque.resolu_le is not None}
    formulaire = ReponseForm(request.POST or None, initial=depart)
    section = remarque.section
    contexte = contexte_de(request, section)
    propos = services.propos_de(section.monographie.visite_id)
    dehors = not contexte["de_l_equipe"]
    tait, tait_texte, tait_reponse = (
        dehors and services.se_tait(mots, propos) for mots in (remarque.extrait, remarque.texte, remarque.reponse)
    )
    if tait_reponse:
        formulaire.initial["reponse"] = ""
    return saisir(
        request,
        formulaire,
        lambda: services.repondre(commentaire=remarque, par=request.user, **formulaire.cleaned_data),
        retour=f"{_adresse(section)}#remarque-{pk}",
        succes=lambda ecrite: "La remarque est réglée." if ecrite.resolu_le else "Votre réponse est notée.",
        gabarit="usages/commentaire_repondre.html",
        remarque=remarque,
        tait=tait,
        tait_texte=tait_texte,
        **contexte,
    )
