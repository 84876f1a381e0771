"""Écrire ce qu'un fichier de l'éditeur change : chaque ESMS et chaque mois, remplacés en entier, d'un seul bloc."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone

from formation.services.import_professionnels.portee import parcours_de
from programme.models import Parcours, Utilisateur
from programme.socle.erreurs import Refus
from programme.socle.imports import APERCU_PERIME
from usages.models import TrancheUsage, UsageMensuel
from usages.permissions import IMPORT_DES_CONNEXIONS
from usages.services.connexions.comparaison import Plan, Voulu

LOT = 500


@transaction.atomic
def ecrire(*, plan: Plan, par: Utilisateur, empreinte: str = "", continuer: Callable[..., Any] = lambda: None) -> int:
    """Écrit le plan ; rend combien de mois ont changé. Lève `Refus` : droit, concurrence (un autre vient de passer)."""
    changes = [v for v in plan.voulus if v.change]
    touches = {v.parcours.pk for v in changes}
    if not touches <= {p.pk for p in parcours_de(plan.demande.portee.og, par)}:
        raise Refus("droit", IMPORT_DES_CONNEXIONS)
    # Sous le verrou des ESMS, pris dans l'ordre : deux fichiers au même instant se suivent.
    list(Parcours.objects.select_for_update(of=("self",)).filter(pk__in=touches).order_by("pk").values_list("pk"))
    _exiger_inchanges(plan.demande.source, changes)
    UsageMensuel.objects.filter(pk__in=[v.avant.pk for v in changes if v.avant]).delete()
    for debut in range(0, len(changes), LOT):
        continuer()
        _ecrire_un_lot(changes[debut : debut + LOT], plan.demande.source, empreinte)
    return len(changes)


def _exiger_inchanges(source: str, changes: list[Voulu]) -> None:
    """La base est telle que l'aperçu l'a lue."""
    lus = UsageMensuel.objects.filter(source=source, parcours__in={v.parcours.pk for v in changes})
    connus = {(u.parcours_id, u.mois): u.importe_le for u in lus}
    for v in changes:
        if connus.get((v.parcours.pk, v.mois)) != (v.avant.importe_le if v.avant else None):
            raise Refus("concurrence", APERCU_PERIME)


def _ecrire_un_lot(lot: list[Voulu], source: str, empreinte: str) -> None:
    maintenant = timezone.now()
    usages = [
        UsageMensuel(
            parcours=v.parcours, mois=v.mois, source=source, empreinte=empreinte, importe_le=maintenant, **v.valeurs
        )
        for v in lot
    ]
    UsageMensuel.objects.bulk_create(usages)
    TrancheUsage.objects.bulk_create(
        TrancheUsage(usage=usage, tranche=tranche, lieu=lieu, connexions=connexions, comptes=comptes)
        for usage, v in zip(usages, lot, strict=True)
        for (tranche, lieu), (connexions, comptes) in v.cases.items()
    )
