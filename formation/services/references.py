"""Les références des droits d'accès : les règles en base, les profils et la matrice types lus quand on en part.

Valeurs du produit, dites telles dans `fixtures/reference/README.md`.
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

from formation.calculs.matrice import Case
from formation.models import RegleCoherence
from programme.socle.lots import Effets

DOSSIER = settings.RACINE / "fixtures" / "reference"


@dataclass(frozen=True, slots=True)
class ProfilType:
    """Un profil proposé par le produit."""

    code: str
    nom: str
    nature: str
    metiers: tuple[str, ...]
    ordre: int


def _lire(chemin: Path) -> list[dict[str, str]]:
    with chemin.open(encoding="utf-8", newline="") as fichier:
        return list(csv.DictReader(fichier, delimiter=";"))


def charger_regles(dossier: Path) -> Effets:
    """Aligne les règles de cohérence sur le fichier ; une règle ajoutée ailleurs reste, comme toute référence."""
    chemin, effets = dossier / "regles_coherence.csv", Effets()
    if not chemin.exists():
        return effets
    en_base = {r.code: r for r in RegleCoherence.objects.all()}
    for ligne in _lire(chemin):
        valeurs = {
            "libelle": ligne["libelle"],
            "nature": ligne["nature"],
            "natures": ligne["natures"].split(),
            "modules": ligne["modules"].split(),
            "droit": ligne["droit"],
            "ordre": int(ligne["ordre"]),
        }
        regle = en_base.get(ligne["code"])
        if regle is None:
            RegleCoherence.objects.create(code=ligne["code"], **valeurs)
            effets.crees += 1
        elif any(getattr(regle, nom) != valeur for nom, valeur in valeurs.items()):
            RegleCoherence.objects.filter(pk=regle.pk).update(**valeurs)
            effets.modifies += 1
        else:
            effets.inchanges += 1
    return effets


@cache
def profils_types(dossier: Path = DOSSIER) -> tuple[ProfilType, ...]:
    """Les profils types, dans l'ordre."""
    return tuple(
        ProfilType(ligne["code"], ligne["nom"], ligne["nature"], tuple(ligne["metiers"].split()), int(ligne["ordre"]))
        for ligne in _lire(dossier / "profils.csv")
    )


@cache
def matrice_type(dossier: Path = DOSSIER) -> dict[tuple[str, str], Case]:
    """(code de profil, code de module) → (droit, portée)."""
    return {
        (ligne["profil"], ligne["module"]): (ligne["droit"], ligne["portee"])
        for ligne in _lire(dossier / "matrice.csv")
    }
