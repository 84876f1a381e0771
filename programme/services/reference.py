"""Données de référence : territoires, catégories, métiers, modules, checklist, et celles des autres apps.

Rien n'y est supprimé.
"""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models, transaction

from programme.models import Categorie, Departement, Metier, Module, Region
from programme.services.checklist.modele import charger_modele
from programme.socle.lots import Effets, mettre_a_jour
from programme.socle.references import references

DOSSIER = settings.RACINE / "fixtures" / "reference"


def _oui(texte: str) -> bool:
    return texte == "oui"


# Colonne du fichier → champ en base et lecture ; une colonne absente d'ici n'est pas chargée.
_TABLES: tuple[tuple[type[models.Model], str, dict[str, tuple[str, Callable[[str], Any]]]], ...] = (
    (Region, "regions", {"code": ("code", str), "nom": ("nom", str)}),
    (
        Departement,
        "departements",
        {
            "code": ("code", str),
            "nom": ("nom", str),
            "code_finess_historique": ("code_finess", str),
            "region": ("region_id", str),
        },
    ),
    (
        Categorie,
        "categories",
        {"code": ("code", str), "libelle": ("libelle", str), "sigle": ("sigle", str), "secteur": ("secteur", str)},
    ),
    (Metier, "metiers", {"code": ("code", str), "nom": ("nom", str), "ordre": ("ordre", int)}),
    (
        Module,
        "modules",
        {"code": ("code", str), "nom": ("nom", str), "ordre": ("ordre", int), "est_medical": ("est_medical", _oui)},
    ),
)


@transaction.atomic
def charger_reference(*, dossier: Path = DOSSIER) -> dict[str, Effets]:
    """Aligne les référentiels sur les fichiers de `dossier` ; rend les effets par fichier."""
    effets = {
        nom: mettre_a_jour(modele, "code", _lire(dossier / f"{nom}.csv", colonnes)) for modele, nom, colonnes in _TABLES
    }
    if (chemin := dossier / "checklist.csv").exists():
        effets["checklist"] = charger_modele(chemin)
    return effets | {code: references[code](dossier) for code in references.codes()}


def _lire(chemin: Path, colonnes: dict[str, tuple[str, Callable[[str], Any]]]) -> list[dict[str, Any]]:
    with chemin.open(encoding="utf-8", newline="") as fichier:
        lignes = csv.DictReader(fichier, delimiter=";")
        return [{champ: lire(ligne[nom]) for nom, (champ, lire) in colonnes.items()} for ligne in lignes]
