"""L'équipement d'un ESMS : une seule ligne, qu'on complète quand on sait."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from programme.models import Equipement, Parcours, Utilisateur
from programme.permissions import peut_saisir
from programme.services.controles import exiger, signer, valider
from programme.socle.versions import exiger_inchange

CHAMPS = ("postes", "simultanes", "tablettes", "reseau", "wifi", "remarque")


@transaction.atomic
def decrire_equipement(
    *, parcours: Parcours, valeurs: Mapping[str, Any], par: Utilisateur, vu: int | None = None
) -> Equipement:
    """Écrit l'équipement d'un ESMS (`CHAMPS`). Lève `Refus` (droit, champ, concurrence)."""
    exiger(peut_saisir(par, parcours))
    Parcours.objects.select_for_update(of=("self",)).get(pk=parcours.pk)
    equipement = Equipement.objects.filter(parcours=parcours).first() or Equipement(parcours=parcours)
    exiger_inchange(Equipement.history.filter(parcours=parcours), vu, CHAMPS)
    for nom in CHAMPS:
        setattr(equipement, nom, valeurs[nom])
    valider(equipement)
    signer(equipement, par)
    equipement.save()
    return equipement
