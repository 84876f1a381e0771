"""Le registre des risques : la liste, un risque, en écrire un, le recoter, lui donner une action."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from programme.forms.actions import ActionForm
from programme.models import Grappe, Parcours
from programme.services.actions import Cible, cibles_ou_ecrire, comptes_proposes
from programme.socle.listes import VueListe
from programme.socle.nombres import accorde
from programme.socle.versions import jeton
from programme.views.cibles import demander_la_cible, lire_cible
from programme.views.refus import exiger
from programme.views.requete import Requete
from programme.views.saisies import saisir
from risques.enums import EtatRisque
from risques.filters.registre import RisqueFilter
from risques.forms.registre import RisqueForm
from risques.models import Risque
from risques.permissions import (
    n_est_que_financeur,
    peut_lire_de_pres,
    peut_tenir_risque,
    peut_tenir_un_risque_quelque_part,
)
from risques.services import registre as services
from risques.services.agregats import agreger
from risques.services.baremes import bareme_de
from risques.services.page_esms import montrer
from risques.tables.registre import RisqueTable
from risques.views.listes import VUES

LISTE, CREER = "risques:risque-liste", "risques:risque-creer"
RESERVEES = frozenset({"proprietaire", "precision"})
"""Colonnes que le financeur ne lit pas : un partage ouvre les risques, pas qui en répond."""


class RisqueListe(VueListe):
    """Les risques que voit le lecteur, ouverts et les plus critiques d'abord."""

    request: Requete
    gabarit = "risques/risque_liste.html"
    modele = Risque
    table = RisqueTable
    filtre = RisqueFilter
    titre = "Registre des risques"
    chapeau = "Ce qui peut arriver, à quel point c’est grave, qui le suit. Les risques clos se retrouvent par « État »."
    unite = "risque"
    recherche = "Mots du risque"
    tri = "-niveau"
    nom_fichier = "risques"
    vues = VUES
    redites = {"grappe": ("grappe",), "parcours": ("grappe", "pour")}

    def requete(self) -> QuerySet:
        """Avec ce que cite une ligne, son niveau selon le barème de sa grappe."""
        return Risque.objects.visibles_par(self.request.user).pour_lecture().avec_niveau().avec_rang(self.request.user)

    @cached_property
    def finance(self) -> bool:
        """Vrai pour qui ne lit qu'en financeur ; pour qui l'est en partie, `avec_rang` tait risque par risque."""
        return n_est_que_financeur(self.request.user)

    def colonnes_offertes(self) -> list[str]:
        """Ni propriétaire ni précision pour le financeur, à l'écran comme dans ce qu'il emporte."""
        noms = super().colonnes_offertes()
        return [nom for nom in noms if nom not in RESERVEES] if self.finance else noms

    def est_un_tri(self, demande: str) -> bool:
        """Ce qu'on ne lui montre pas ne range pas non plus ses lignes : l'ordre le dirait."""
        return demande.removeprefix("-") in self.colonnes_offertes() and super().est_un_tri(demande)

    def detailler(self) -> str:
        """Ce qui est inacceptable, parmi les lignes montrées."""
        ensemble: Any = self.ensemble
        graves = ensemble.order_by().inacceptables().count()
        return f"dont {accorde(graves, 'inacceptable')}" if graves else ""

    def contexte(self) -> dict[str, Any]:
        """L'ensemble en tête ; où écrire un risque : déjà pour la grappe ou l'ESMS que dit le filtre."""
        cle = self.parametres.get("grappe", "")
        vues = Grappe.objects.visibles_par(self.request.user)
        grappe = vues.filter(pk=cle).first() if cle.isdecimal() and len(cle) < 19 else None
        agregat = agreger(self.request.user, timezone.localdate(), grappe)
        return {"agregat": agregat, "agregee": grappe, "finance": self.finance} | self._ou_ecrire()

    def _ou_ecrire(self) -> dict[str, str]:
        if not peut_tenir_un_risque_quelque_part(self.request.user):
            return {}
        vise = next((f"?cible={nom}-{cle}" for nom in ("parcours", "grappe") if (cle := self.parametres.get(nom))), "")
        return {"url_creer": reverse(CREER) + vise}

    def vide(self) -> dict[str, str]:
        """Rien d'ouvert : d'où viennent les risques."""
        if peut_tenir_un_risque_quelque_part(self.request.user):
            texte = "Une réponse qui inquiète en propose ; un risque s’écrit aussi à la main, en une ligne."
            geste = {"url": reverse(CREER), "libelle": "Écrire un risque"}
        elif self.finance:
            texte = "Les risques restent à l’ESMS et à sa grappe, sauf par un partage daté qu’ils ouvrent."
            geste = {"url": reverse("programme:jalon-liste"), "libelle": "Voir les jalons"}
        else:
            texte = "La direction, le référent, le siège ou le chef de projet les écrivent pour leurs ESMS."
            geste = {"url": reverse("programme:accueil"), "libelle": "Revenir à l’accueil"}
        return {"titre": "Aucun risque ouvert", "texte": texte, "icone": "inbox"} | geste


def _risque(request: Requete, pk: int) -> Risque:
    vus = Risque.objects.visibles_par(request.user).select_related(
        "grappe__bareme_risques", "grappe__region", "parcours__esms__departement", "parcours__esms__og",
        "parcours__grappe", "proprietaire", "question", "grille__evaluation__campagne", "ligne", "cree_par",
    )  # fmt: skip
    return get_object_or_404(vus, pk=pk)


@require_safe
def detail(request: Requete, pk: int) -> HttpResponse:
    """Un risque : brut et résiduel, qui le suit, d'où il vient, ses actions, ce qui lui est arrivé."""
    risque, au = _risque(request, pk), timezone.localdate()
    entier = bool(peut_lire_de_pres(request.user, risque))
    contexte: dict[str, Any] = {
        "risque": risque,
        "montre": montrer(risque, bareme_de(risque.grappe)),
        "entier": entier,
        "tient": bool(peut_tenir_risque(request.user, risque)),
        "revue_passee": risque.est_ouvert and risque.revue_le is not None and risque.revue_le < au,
    }
    if entier:
        contexte["actions"] = [(a, a.est_en_retard(au)) for a in services.actions_de(risque, par=request.user)]
        contexte["a_lancer"] = contexte["tient"] and risque.etat == EtatRisque.IDENTIFIE and not contexte["actions"]
        contexte["histoire"] = services.histoire_de(risque)
    return render(request, "risques/risque_detail.html", contexte)


# --- écrire --------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def creer(request: Requete) -> HttpResponse:
    """Écrire un risque ; `?cible=` dit pour quoi, sinon on le demande d'abord, s'il y a de quoi choisir."""
    exiger(peut_tenir_un_risque_quelque_part(request.user))
    choix = [] if "cible" in request.GET else cibles_ou_ecrire(request.user)
    cles = [cle for _, options in choix for cle, _ in options]
    designee = request.GET.get("cible") or (cles[0] if len(cles) == 1 else "")
    if not designee:
        return demander_la_cible(request, choix, creer=CREER, liste=LISTE, gabarit="risques/risque_cible.html")
    cible = lire_cible(request, designee)
    exiger(peut_tenir_risque(request.user, cible))
    comptes = comptes_proposes([cible], timezone.localdate())
    # Un risque qui revient d'un ESMS à l'autre s'écrit pour la grappe, amorcé par ce qu'il dit déjà.
    depart = {nom: request.GET[nom] for nom in ("libelle", "categorie") if nom in request.GET}
    formulaire = RisqueForm(request.POST or None, risque=None, comptes=comptes, initial=depart)
    return saisir(
        request,
        formulaire,
        lambda: services.creer_risque(cible=cible, par=request.user, **formulaire.champs()),
        retour=_retour(cible),
        succes=lambda risque: f"Le risque « {risque} » est écrit, pour {cible}.",
        gabarit="risques/risque_saisie.html",
        cible=cible,
        envoi=f"?cible={designee}",
        titre="Écrire un risque",
        libelle="Écrire le risque",
    )


def _retour(cible: Cible) -> str:
    """La page d'où l'on suit ce que le risque menace."""
    if isinstance(cible, Parcours):
        return reverse("risques:parcours-risques", args=[cible.pk])
    return f"{reverse(LISTE)}?grappe={cible.pk}"


def _ouvert_a(request: Requete, pk: int) -> tuple[Risque, HttpResponse | None]:
    """Le risque, si l'on peut y écrire ; clos, il se dit sur sa page."""
    risque = _risque(request, pk)
    exiger(peut_tenir_risque(request.user, risque))
    if risque.est_ouvert:
        return risque, None
    messages.warning(request, services.CLOS)
    return risque, redirect("risques:risque-detail", pk=pk)


@require_http_methods(["GET", "POST"])
def modifier(request: Requete, pk: int) -> HttpResponse:
    """Corriger ou recoter un risque ouvert."""
    risque, ailleurs = _ouvert_a(request, pk)
    if ailleurs:
        return ailleurs
    histoire = Risque.history.filter(id=pk)
    comptes = comptes_proposes([risque.cible], timezone.localdate())
    formulaire = RisqueForm(request.POST or None, risque=risque, comptes=comptes, initial={"vu": jeton(histoire)})
    return saisir(
        request,
        formulaire,
        lambda: services.modifier_risque(
            risque=risque, par=request.user, vu=formulaire.version_vue(), **formulaire.champs()
        ),
        retour=reverse("risques:risque-detail", args=[pk]),
        succes=lambda ecrit: f"Le risque « {ecrit} » est à jour.",
        relire=lambda: jeton(histoire),
        gabarit="risques/risque_saisie.html",
        risque=risque,
        cible=risque.cible,
        titre=f"Modifier « {risque} »",
        libelle="Enregistrer le risque",
    )


@require_http_methods(["GET", "POST"])
def ajouter_action(request: Requete, pk: int) -> HttpResponse:
    """Une action née de ce risque."""
    risque, ailleurs = _ouvert_a(request, pk)
    if ailleurs:
        return ailleurs
    comptes = comptes_proposes([risque.cible], timezone.localdate())
    formulaire = ActionForm(request.POST or None, action=None, comptes=comptes)
    return saisir(
        request,
        formulaire,
        lambda: services.ajouter_une_action(risque=risque, par=request.user, **formulaire.champs()),
        retour=reverse("risques:risque-detail", args=[pk]),
        succes=lambda action: f"L’action « {action} » est écrite, pour {risque.cible}.",
        gabarit="risques/risque_saisie.html",
        risque=risque,
        cible=risque.cible,
        titre="Ajouter une action",
        libelle="Écrire l’action",
    )
