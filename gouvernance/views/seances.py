"""Les séances : la liste, une séance selon son état, en prévoir une ou une série, la déplacer."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from gouvernance.enums import EtatSeance
from gouvernance.filters.seances import SeanceFilter
from gouvernance.forms.seances import SeanceForm
from gouvernance.models import CompteRendu, Decision, Instance, Seance
from gouvernance.permissions import (
    peut_partager_seance,
    peut_suivre_seance,
    peut_tenir_seance,
)
from gouvernance.services import comptes_rendus, tenue
from gouvernance.services import seances as services
from gouvernance.services.lecture_seances import NATURES_D_ISSUE, minutes_en_trop, points_lus
from gouvernance.tables.seances import SeanceTable
from gouvernance.views.instances import instance_visible
from gouvernance.views.listes import VUES
from gouvernance.views.notes import avec_les_liens, avec_les_notes, formulaire_des_presences, reste_a_traiter
from programme.services.journal import passages_en_journal
from programme.socle.listes import VueListe
from programme.socle.nombres import accorde
from programme.socle.versions import jeton
from programme.views.refus import exiger
from programme.views.requete import Requete
from programme.views.saisies import saisir

LISTE, DETAIL = "gouvernance:seance-liste", "gouvernance:seance-detail"


class SeanceListe(VueListe):
    """Les séances que voit le lecteur : les plus récentes d'abord."""

    request: Requete
    modele = Seance
    table = SeanceTable
    filtre = SeanceFilter
    titre = "Séances"
    chapeau = "Là où vous siégez, que vous conduisez, ou dont on vous a ouvert le compte rendu."
    vues = VUES
    unite = "séance"
    tri = "-seance"
    nom_fichier = "seances"
    redites = {"grappe": ("grappe",), "comite": ("instance", "grappe")}

    def requete(self) -> QuerySet:
        """Avec ce que cite une ligne, et le nombre de points."""
        vues = Seance.objects.visibles_par(self.request.user).pour_lecture().avec_rang_etat()
        return vues.annotate(nb_points=Count("points"))

    def vide(self) -> dict[str, str]:
        """Aucune séance : d'où elles viennent."""
        return {
            "titre": "Aucune séance à lire",
            "texte": "Une séance se prévoit depuis la page de son instance ; vous lisez celles où vous siégez.",
            "icone": "inbox",
            "url": reverse("programme:grappe-liste"),
            "libelle": "Voir les grappes",
        }


def seance_visible(request: Requete, pk: int) -> Seance:
    """La séance, ou 404 pour qui ne la voit pas."""
    return get_object_or_404(Seance.objects.visibles_par(request.user).pour_lecture(), pk=pk)


# --- une séance ----------------------------------------------------------------------------------------------------


@require_safe
def detail(request: Requete, pk: int) -> HttpResponse:
    """Une séance : son ordre du jour, sa tenue, ou son compte rendu, selon son état et ce que le lecteur y fait."""
    return rendre(request, seance_visible(request, pk))


def rendre(request: Requete, seance: Seance, *, status: int = 200, **surcharges: Any) -> HttpResponse:
    """La page d'une séance. `surcharges` : une saisie refusée, à remontrer telle quelle."""
    suit = bool(peut_suivre_seance(request.user, seance))
    tient = suit and bool(peut_tenir_seance(request.user, seance))
    contexte: dict[str, Any] = {
        "seance": seance,
        "suit": suit,
        "tient": tient,
        "compte_rendu": CompteRendu.objects.filter(seance=seance).select_related("diffuse_par").first(),
        "sans_quorum": comptes_rendus.est_sans_quorum(seance),
        "partage": seance.etat == EtatSeance.DIFFUSEE and bool(peut_partager_seance(request.user, seance)),
        "natures_d_issue": NATURES_D_ISSUE,
        "decisions": list(Decision.objects.visibles_par(request.user).filter(seance=seance).order_by("numero")),
    }
    if suit:
        contexte["histoire"] = passages_en_journal(seance)
        contexte |= _autour(request, seance)
    return render(
        request, "gouvernance/seance_detail.html", contexte | _corps(seance, suit, tient) | surcharges, status=status
    )


def _autour(request: Requete, seance: Seance) -> dict[str, Any]:
    """Ce qui dit le geste suivant : préparer ou ouvrir, le dossier s'il est fait, la séance d'après."""
    suivies = Seance.objects.suivies_par(request.user).filter(comite=seance.comite_id, debut__gt=seance.debut)
    return {
        "a_preparer": timezone.localdate(seance.debut) > timezone.localdate() or not seance.points.exists(),
        "dossier": seance.dossiers.defer("contenu").order_by("-pk").first(),
        "suivante": suivies.order_by("debut", "pk").first(),
    }


def _corps(seance: Seance, suit: bool, tient: bool) -> dict[str, Any]:
    """Ce que montre le milieu de la page : l'ordre du jour, la tenue, ou le compte rendu."""
    if suit and seance.se_prepare:
        lus = points_lus(seance)
        if tient:
            avec_les_liens(lus)
        return {
            "corps": "ordre",
            "points": lus,
            "en_trop": minutes_en_trop(seance, lus),
            "sieges": tenue.sieges_de(seance),
        }
    if tient and seance.s_ecrit:
        presences, lus = formulaire_des_presences(seance) if seance.se_tient else None, points_lus(seance)
        return {
            "corps": "tenue",
            "points": avec_les_notes(avec_les_liens(lus)),
            "reste": reste_a_traiter(lus) if seance.se_tient else None,
            "presences": presences,
            "quorum": comptes_rendus.dire_le_quorum(seance),
            "lu": comptes_rendus.composer(seance) if not seance.se_tient else None,
        }
    return {"corps": "compte_rendu", "lu": comptes_rendus.lire_compte_rendu(seance)}


# --- prévoir, déplacer ---------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def creer(request: Requete, pk: int) -> HttpResponse:
    """Prévoir une séance ; une série montre d'abord ses dates, à relire."""
    instance = instance_visible(request, pk)
    exiger(peut_tenir_seance(request.user, instance))
    formulaire = SeanceForm(request.POST or None, instance=instance)
    if request.method == "POST" and formulaire.is_valid() and formulaire.a_relire:
        return _relire_la_serie(request, formulaire, instance)
    return saisir(
        request,
        formulaire,
        lambda: services.creer_seances(instance=instance, par=request.user, **formulaire.champs()),
        retour=f"{reverse(LISTE)}?comite={pk}",
        vers=lambda prevues: reverse(DETAIL, args=[prevues[0].pk]),
        succes=_dire_les_prevues,
        gabarit="gouvernance/seance_saisie.html",
        instance=instance,
        titre="Prévoir une séance",
        libelle="Prévoir la séance",
    )


def _relire_la_serie(request: Requete, formulaire: SeanceForm, instance: Instance) -> HttpResponse:
    """Les dates de la série, avant d'écrire quoi que ce soit."""
    lu = formulaire.champs()
    debuts = services.debuts_de_serie(instance, lu["debut"], lu["nombre"])
    formulaire.montrer()
    contexte = {
        "formulaire": formulaire,
        "instance": instance,
        "dates": debuts,
        "retour": f"{reverse(LISTE)}?comite={instance.pk}",
        "titre": "Prévoir une série",
        "libelle": f"Prévoir {accorde(len(debuts), 'séance')}",
    }
    return render(request, "gouvernance/seance_saisie.html", contexte)


def _dire_les_prevues(prevues: list[Seance]) -> str:
    if len(prevues) == 1:
        return f"« {prevues[0]} » est prévue : composez son ordre du jour."
    return f"{len(prevues)} séances de « {prevues[0].comite} » sont prévues ; voici la première."


@require_http_methods(["GET", "POST"])
def modifier(request: Requete, pk: int) -> HttpResponse:
    """Déplacer une séance en préparation, ou en corriger le lieu, la durée, les invités."""
    seance = seance_visible(request, pk)
    exiger(peut_tenir_seance(request.user, seance))
    if not seance.se_prepare:
        messages.warning(request, services.PLUS_PREPAREE)
        return redirect(DETAIL, pk=pk)
    histoire = Seance.history.filter(id=pk)
    initial = {"vu": jeton(histoire)}
    formulaire = SeanceForm(request.POST or None, instance=seance.comite, seance=seance, initial=initial)
    return saisir(
        request,
        formulaire,
        lambda: services.modifier_seance(
            seance=seance, par=request.user, vu=formulaire.version_vue(), **formulaire.champs()
        ),
        retour=reverse(DETAIL, args=[pk]),
        succes=_dire_la_modification,
        relire=lambda: jeton(histoire),
        gabarit="gouvernance/seance_saisie.html",
        seance=seance,
        instance=seance.comite,
        titre=f"Modifier « {seance} »",
        libelle="Enregistrer la séance",
    )


def _dire_la_modification(ecrite: services.Modifiee) -> str:
    if not ecrite.deplacee:
        return f"« {ecrite} » est à jour."
    quand = f"{timezone.localtime(ecrite.seance.debut):%d/%m/%Y à %H h %M}"
    suite = f" ; {accorde(ecrite.prevenus, 'membre est prévenu,membres sont prévenus')}" if ecrite.prevenus else ""
    return f"La séance est déplacée au {quand}{suite}."
