"""Écrire ce qu'un fichier de l'éditeur change : chaque ESMS et chaque mois, remplacés en entier, d'un seul bloc."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone

from programme.models import Parcours, Utilisateur
from programme.services.controles import exiger
from programme.socle.erreurs import Refus
from programme.socle.imports import APERCU_PERIME
from usages.models import TrancheUsage, UsageMensuel
from usages.permissions import peut_importer_connexions
from usages.services.connexions.comparaison import CHAMPS, Plan, Voulu

LOT = 500


@transaction.atomic
def ecrire(*, plan: Plan, par: Utilisateur, empreinte: str = "", continuer: Callable[..., Any] = lambda: None) -> int:
    """Écrit le plan ; rend combien de mois ont changé. Lève `Refus` : droit, concurrence (un autre vient de passer)."""
    changes = [v for v in plan.voulus if v.change]
    parcours = {v.parcours.pk: v.parcours for v in changes}
    for p in parcours.values():
        exiger(peut_importer_connexions(par, p))
    # Sous le verrou des ESMS, pris dans l'ordre : deux fichiers au même instant se suivent.
    list(Parcours.objects.select_for_update(of=("self",)).filter(pk__in=parcours).order_by("pk").values_list("pk"))
    _exiger_inchanges(plan.demande.source, changes)
    TrancheUsage.objects.filter(usage__in=[v.avant.pk for v in changes if v.avant]).delete()
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
    usages = []
    for v in lot:
        usage = v.avant or UsageMensuel(parcours=v.parcours, mois=v.mois, source=source)
        for champ, valeur in v.valeurs.items():
            setattr(usage, champ, valeur)
        usage.empreinte, usage.importe_le = empreinte, maintenant
        usages.append(usage)
    UsageMensuel.objects.bulk_create([u for u in usages if u.pk is None])
    UsageMensuel.objects.bulk_update([u for u in usages if u.pk], [*CHAMPS, "empreinte", "importe_le"])
    TrancheUsage.objects.bulk_create(
        TrancheUsage(usage=usage, tranche=tranche, lieu=lieu, connexions=connexions, comptes=comptes)
        for usage, v in zip(usages, lot, strict=True)
        for (tranche, lieu), (connexions, comptes) in v.cases.items()
    )
