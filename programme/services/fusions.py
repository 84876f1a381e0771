"""Fusion de deux ESMS, déclarée à la main : aucun fichier ne la dit."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from programme.enums import NatureEvenement
from programme.models import Esms, EvenementEsms
from programme.permissions import peut_administrer
from programme.services.controles import exiger
from programme.socle.erreurs import Refus


@transaction.atomic
def declarer_fusion(*, absorbe: Esms, absorbant: Esms, le: date, par: Any) -> Esms:
    """Note à la main que `absorbe` est remplacé par `absorbant` : il ferme, garde son numéro comme ancien FINESS.

    Rien d'autre n'est fusionné d'office (parcours, affectations). Lève `Refus` (champ) si la déclaration ne tient pas.
    """
    exiger(peut_administrer(par))
    if absorbe.pk == absorbant.pk:
        raise _refuser_fusion("Un ESMS ne peut pas être remplacé par lui-même.")
    if absorbe.remplace_par_id:
        raise _refuser_fusion(f"« {absorbe} » est déjà remplacé par « {absorbe.remplace_par} ».")
    if le > timezone.localdate():
        raise _refuser_fusion("La date de la fusion ne peut pas être à venir.")
    if not absorbant.est_actif:
        raise _refuser_fusion(f"« {absorbant} » n'est pas en activité : choisissez l'ESMS qui continue.")
    absorbe.remplace_par, absorbe.est_actif, absorbe.ferme_le = absorbant, False, absorbe.ferme_le or le
    absorbe.save()
    # Un ESMS absorbé plus tôt suit : l'ancien numéro mène toujours à celui qui continue.
    Esms.objects.filter(remplace_par=absorbe).update(remplace_par=absorbant)
    EvenementEsms.objects.create(
        esms=absorbe,
        nature=NatureEvenement.FUSION,
        date_effet=le,
        avant=absorbe.finess,
        apres=absorbant.finess,
        par=par,
    )
    return absorbe


def _refuser_fusion(phrase: str) -> Refus:
    return Refus("champ", "fusion", champs={"absorbant": [phrase]})
