"""Mise à jour par lot : comparer champ à champ, n'écrire que ce qui change, compter."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models

TAILLE_DE_PAQUET = 2_000


@dataclass(slots=True)
class Effets:
    """Ce qu'un lot a fait : nombres de lignes créées, modifiées, inchangées."""

    crees: int = 0
    modifies: int = 0
    inchanges: int = 0


def existants(modele: type[models.Model], cle: str, cles: Sequence[Any], champs: Sequence[str]) -> dict[Any, tuple]:
    """Valeurs en base (`champs`, dans l'ordre) des lignes dont `cle` est dans `cles`, par clé."""
    lignes = modele._default_manager.filter(**{f"{cle}__in": cles}).order_by()
    return {ligne[0]: ligne[1:] for ligne in lignes.values_list(cle, *champs)}


def ecrire(objets: Iterable[models.Model], cle: str, champs: Sequence[str]) -> None:
    """Crée ou met à jour `champs` des objets, reconnus par `cle` (unique), en un ordre par paquet."""
    liste = list(objets)
    if not liste:
        return
    type(liste[0])._default_manager.bulk_create(
        liste, update_conflicts=True, unique_fields=[cle], update_fields=list(champs), batch_size=TAILLE_DE_PAQUET
    )


def mettre_a_jour(modele: type[models.Model], cle: str, lignes: Iterable[dict[str, Any]]) -> Effets:
    """Aligne la table sur `lignes` (mêmes colonnes, noms en base) ; ce qui n'y est pas reste tel quel."""
    voulues = {ligne[cle]: ligne for ligne in lignes}
    if not voulues:
        return Effets()
    champs = [nom for nom in next(iter(voulues.values())) if nom != cle]
    en_base = existants(modele, cle, list(voulues), champs)
    changees = [
        modele(**ligne) for valeur, ligne in voulues.items() if en_base.get(valeur) != tuple(ligne[c] for c in champs)
    ]
    ecrire(changees, cle, champs)
    crees = sum(1 for valeur in voulues if valeur not in en_base)
    return Effets(crees, len(changees) - crees, len(voulues) - len(changees))
