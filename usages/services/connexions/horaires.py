"""Allumer et éteindre les connexions par heure et par lieu : éteintes avant la consultation du CSE (metier §8)."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from formation.models import Poste
from programme.models import Parcours, Utilisateur
from programme.services.controles import exiger, signer, valider
from programme.socle.erreurs import Refus
from usages.calculs.horaires import SEUIL
from usages.models import HorairesAllumes, TrancheUsage
from usages.permissions import peut_allumer_les_horaires

A_VENIR = "Le CSE n'a pas encore été consulté à cette date : revenez une fois la consultation faite."
TROP_PETIT = (
    f"Moins de {SEUIL} personnes sont en poste dans cet ESMS : une heure y désignerait quelqu'un. Rien ne s'allume."
)
DEJA_ETEINT = "Les heures et les lieux sont déjà éteints ici."


@dataclass(frozen=True, slots=True)
class Reglage:
    """Où en est l'ESMS. `suffisant` : assez de personnes en poste pour que des heures ne désignent personne."""

    allume: HorairesAllumes | None
    suffisant: bool


def lire_reglage(parcours: Parcours) -> Reglage:
    """Deux requêtes."""
    allume = HorairesAllumes.objects.filter(parcours=parcours).select_related("allume_par").first()
    return Reglage(allume, _en_poste(parcours) >= SEUIL)


def _en_poste(parcours: Parcours) -> int:
    postes = Poste.objects.filter(parcours=parcours).prevus(timezone.localdate())
    return postes.order_by().values("professionnel").distinct().count()


@transaction.atomic
def allumer(*, parcours: Parcours, cse_le: date, reference: str, par: Utilisateur) -> HorairesAllumes:
    """Compte désormais par tranche et par lieu, à partir du premier mois entier d'après le CSE.

    Lève `Refus` : droit ; champ (date à venir) ; etat (moins de dix personnes en poste).
    """
    exiger(peut_allumer_les_horaires(par, parcours))
    if cse_le > timezone.localdate():
        raise Refus("champ", A_VENIR, champs={"cse_le": [A_VENIR]})
    if _en_poste(parcours) < SEUIL:
        raise Refus("etat", TROP_PETIT)
    reglage = HorairesAllumes.objects.filter(parcours=parcours).first() or HorairesAllumes(parcours=parcours)
    reglage.cse_le, reglage.reference = cse_le, reference
    reglage.allume_par, reglage.allume_le = par, timezone.now()
    valider(reglage)
    signer(reglage, par)
    reglage.save()
    _oublier_avant(parcours, cse_le)
    return reglage


def _oublier_avant(parcours: Parcours, cse_le: date) -> None:
    """Une consultation redatée plus tard emporte ce qui avait été compté avant elle."""
    TrancheUsage.objects.filter(usage__parcours=parcours, usage__mois__lt=cse_le).delete()


@transaction.atomic
def eteindre(*, parcours: Parcours, par: Utilisateur) -> int:
    """Cesse de compter par heure et par lieu, et oublie ce qui l'a été ; rend combien de lignes. Lève `Refus`."""
    exiger(peut_allumer_les_horaires(par, parcours))
    reglage = HorairesAllumes.objects.filter(parcours=parcours).first()
    if reglage is None:
        raise Refus("etat", DEJA_ETEINT)
    signer(reglage, par)
    reglage.delete()
    return TrancheUsage.objects.filter(usage__parcours=parcours).delete()[0]
