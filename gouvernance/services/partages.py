"""Ouvrir au financeur le compte rendu d'une séance, le refermer : sans cela, il n'en lit aucun (metier §1)."""

from collections.abc import Collection
from datetime import date, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from gouvernance.enums import EtatSeance
from gouvernance.models import PartageSeance, Seance
from gouvernance.permissions import peut_partager_seance
from programme.models import Utilisateur
from programme.services import partages as communs
from programme.services.controles import exiger
from programme.socle.erreurs import Refus

Tenus = communs.Tenus[PartageSeance]

PAS_DIFFUSE = "Le compte rendu n'est pas diffusé : diffusez-le, il s'ouvrira ensuite au financeur tel qu'il est parti."
LIRA = ("le compte rendu diffusé, tel que les membres l'ont reçu : ordre du jour, présences, issues",)
NE_LIRA_PAS = (
    "les notes et l'ordre du jour des autres séances, ni aucun autre compte rendu",
    "le dossier de séance, les décisions qui s'instruisent, les alertes",
    "qui siège, hors ce que dit ce compte rendu",
)


@transaction.atomic
def ouvrir(*, seance: Seance, pourquoi: str, par: Utilisateur, au: date | None = None) -> PartageSeance:
    """Ouvre ce compte rendu au financeur, d'aujourd'hui à `au` (None : sans fin dite).

    Lève `Refus` (droit, etat, champ).
    """
    exiger(peut_partager_seance(par, seance))
    if not se_partage(seance):
        raise Refus("etat", PAS_DIFFUSE)
    partage = PartageSeance(seance=seance, du=timezone.localdate(), au=au, pourquoi=pourquoi, ouvert_par=par)
    return communs.poser(
        partage, ouvre=seance, deja=PartageSeance.objects.en_vigueur().filter(seance=seance), champ="au"
    )


@transaction.atomic
def fermer(*, partage: PartageSeance, par: Utilisateur) -> PartageSeance:
    """Le ferme à l'instant. Lève `Refus` (droit, etat)."""
    return communs.clore(partage, droit=peut_partager_seance(par, partage), par=par)


def se_partage(seance: Seance) -> bool:
    """Vrai si le compte rendu est parti : rien d'autre ne s'ouvre. Une requête au plus."""
    return seance.etat == EtatSeance.DIFFUSEE and hasattr(seance, "compte_rendu")


def tenus(seance: Seance) -> Tenus:
    """Ce qui a été ouvert pour cette séance, du plus récent au plus ancien. Une requête."""
    return communs.ranger(PartageSeance.objects.filter(seance=seance).select_related("ouvert_par", "revoque_par"))


def ouverts_a(utilisateur: Utilisateur) -> list[PartageSeance]:
    """Ce qu'une grappe ouvre en ce moment à ce lecteur, qu'il ne lirait pas sinon ; qui finit d'abord. Une requête."""
    siennes = Seance.objects.suivies_par(utilisateur).order_by().values("pk")
    vus = PartageSeance.objects.visibles_par(utilisateur).en_vigueur().exclude(seance__in=siennes)
    return list(vus.select_related("seance__comite__grappe").order_by(F("au").asc(nulls_last=True), "pk"))


def qui_finissent(grappes: Collection[int], au: date) -> list[PartageSeance]:
    """Dans ces grappes (clés), ce qui court et finit sous deux semaines, le plus proche d'abord. Une requête."""
    proches = PartageSeance.objects.filter(
        seance__comite__grappe__in=grappes, revoque_le=None, au__range=(au, au + timedelta(days=communs.SE_TERMINE))
    )
    return list(proches.select_related("seance__comite__grappe").order_by("au", "pk"))


def financeurs_de(seance: Seance, au: date) -> list[str]:
    """Qui lira : les financeurs qui voient la grappe."""
    return communs.financeurs_de(seance.comite.grappe, au)
