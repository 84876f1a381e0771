"""Ce que tous les partages avec le financeur ont en commun : les ouvrir, les fermer, les ranger, dire qui lira.

Un partage ne s'efface pas : ouvert, fini ou fermé, il garde qui et quand (metier §1). Chaque app dit ce qu'elle ouvre.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from programme.enums import EtatGrappe, Portee, Role
from programme.models import Affectation, Grappe, Parcours, Utilisateur
from programme.models.partages import PartageFinanceur
from programme.services.actions import Cible
from programme.services.controles import exiger, valider
from programme.socle.dates import date_courte
from programme.socle.droits import Droit
from programme.socle.erreurs import Refus

P = TypeVar("P", bound=PartageFinanceur)

SE_TERMINE = 14
"""Jours avant la fin où l'on rappelle qu'un partage se termine."""
DEJA = "Ce partage est déjà ouvert, jusqu'au {} : fermez-le d'abord pour en changer la fin."
DEJA_SANS_FIN = "Ce partage est déjà ouvert, sans fin : fermez-le d'abord pour lui en donner une."
FINI = "Ce partage ne court plus : le financeur ne lit plus rien par lui."
PASSEE = "Un partage finit aujourd'hui au plus tôt : donnez une date à venir, ou aucune."


@dataclass(frozen=True, slots=True)
class Tenus(Generic[P]):
    """Des partages : ceux qui courent, et ceux qui ont couru."""

    ouverts: tuple[P, ...]
    passes: tuple[P, ...]


def _refus(champ: str, phrase: str) -> Refus:
    return Refus("champ", phrase, champs={champ: [phrase]})


# --- écrire, dans la transaction de qui appelle --------------------------------------------------------------------


def poser(partage: P, *, ouvre: Model, deja: QuerySet[Any], champ: str) -> P:
    """Écrit un partage neuf. `ouvre` : ce qui est verrouillé ; `deja` : les partages en vigueur de la même chose.

    Lève `Refus` (champ) : fin passée, ou déjà ouvert, ce qui se dit alors au champ `champ`.
    """
    if partage.au is not None and partage.au < timezone.localdate():
        raise _refus("au", PASSEE)
    # Sous le verrou de ce qu'on ouvre : deux personnes n'ouvrent pas deux fois la même chose.
    type(ouvre)._base_manager.select_for_update(of=("self",)).get(pk=ouvre.pk)
    if (autre := deja.first()) is not None:
        raise _refus(champ, DEJA.format(date_courte(autre.au)) if autre.au else DEJA_SANS_FIN)
    valider(partage)
    partage.save()
    return partage


def clore(partage: P, *, droit: Droit, par: Utilisateur) -> P:
    """Le ferme à l'instant : le financeur ne lit plus rien par lui. Lève `Refus` (droit, etat)."""
    exiger(droit)
    relu: P = (
        type(partage)._base_manager.select_for_update(of=("self",)).select_related("revoque_par").get(pk=partage.pk)
    )
    if relu.revoque_le is not None:
        le = date_courte(timezone.localdate(relu.revoque_le))
        raise Refus("etat", f"Ce partage est déjà fermé, par {relu.revoque_par}, le {le}.")
    if not relu.est_en_vigueur:
        raise Refus("etat", FINI)
    relu.revoque_le, relu.revoque_par = timezone.now(), par
    relu.save(update_fields=["revoque_le", "revoque_par"])
    return relu


# --- lire ----------------------------------------------------------------------------------------------------------


def ranger(partages: Iterable[P]) -> Tenus[P]:
    """Range des partages : ceux qui courent ce jour, les autres."""
    lus = list(partages)
    return Tenus(
        tuple(p for p in lus if p.est_en_vigueur),
        tuple(p for p in lus if not p.est_en_vigueur),
    )


def financeurs_de(cible: Cible, au: date) -> list[str]:
    """Qui lit par un partage de cette cible : les financeurs qui la voient, nommés avec leur étendue."""
    grappe = cible.grappe if isinstance(cible, Parcours) else cible
    if _se_prepare(grappe):
        return []
    regions = _regions_de(cible)
    etendues = Q(portee=Portee.NATIONAL) | Q(grappe=grappe) | Q(region__in=regions)
    tenues = Affectation.objects.en_cours(au).filter(etendues, role=Role.ARS).select_related("utilisateur", "region")
    noms = {f"{a.utilisateur.nom} ({a.cible or 'national'})": None for a in tenues.order_by("utilisateur__nom", "pk")}
    return list(noms)


def _regions_de(cible: Cible) -> set[str]:
    """La région d'un ESMS ; celles d'une grappe, et de chacun de ses ESMS."""
    if isinstance(cible, Parcours):
        departement = cible.esms.departement
        return {departement.region_id} if departement and departement.region_id else set()
    siennes = Parcours.objects.filter(grappe=cible).order_by().values_list("esms__departement__region", flat=True)
    return {region for region in [*siennes.distinct(), cible.region_id] if region}


def _se_prepare(grappe: Grappe) -> bool:
    """Vrai si le dossier n'est pas déposé : un financeur n'en voit encore rien."""
    suspendue = grappe.etat == EtatGrappe.SUSPENDUE and grappe.etat_suspendu == EtatGrappe.MONTAGE
    return grappe.etat == EtatGrappe.MONTAGE or suspendue
