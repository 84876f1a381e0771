"""Le glossaire et le code disent les mêmes mots."""

import re
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models import Choices, Model

LIGNE = re.compile(r"^\| ([^|]+?) \| `([^`|]+)` \|", re.MULTILINE)
CITE = re.compile(r"`([^`]+)`")
GLOSSAIRE = (settings.RACINE / "docs" / "glossaire.md").read_text(encoding="utf-8")


def _apps_de_la_maison() -> list[Any]:
    return [a for a in apps.get_app_configs() if _est_de_la_maison(Path(a.path))]


def _est_de_la_maison(chemin: Path) -> bool:
    return chemin.is_relative_to(settings.RACINE) and "site-packages" not in chemin.parts


def _modeles() -> dict[str, type[Model]]:
    modeles = [m for app in _apps_de_la_maison() for m in app.get_models()]
    return {m.__name__: m for m in modeles if not hasattr(m, "instance_type")}  # instance_type : historique d'un modèle


def _enums() -> dict[str, type[Choices]]:
    modules = [import_module(f"{a.name}.enums") for a in _apps_de_la_maison() if find_spec(f"{a.name}.enums")]
    classes = [v for m in modules for v in vars(m).values() if isinstance(v, type) and issubclass(v, Choices)]
    return {classe.__name__: classe for classe in classes if len(classe)}


def attendus() -> dict[str, str]:
    """Code → mot : chaque modèle, chaque valeur close."""
    mots = {nom: str(modele._meta.verbose_name) for nom, modele in _modeles().items()}
    return mots | {f"{nom}.{v.name}": str(v.label) for nom, classe in _enums().items() for v in classe}


def ecrits() -> dict[str, str]:
    """Code → mot, tels que le glossaire les écrit."""
    return {code: mot for mot, code in LIGNE.findall(GLOSSAIRE)}


def test_aucun_mot_du_code_ne_manque() -> None:
    lus = {code: mot.casefold() for code, mot in ecrits().items()}
    manquent = {c: m for c, m in attendus().items() if lus.get(c) != m.casefold()}
    assert not manquent, f"À écrire ou à corriger dans docs/glossaire.md : {manquent}"


def test_aucun_mot_disparu_ne_reste() -> None:
    assert not set(CITE.findall(GLOSSAIRE)) - attendus().keys()


def test_toute_valeur_affichee_vient_d_une_enumeration() -> None:
    connus = {str(label) for classe in _enums().values() for label in classe.labels}
    for modele in _modeles().values():
        for champ in modele._meta.concrete_fields:
            assert {str(label) for _, label in champ.flatchoices} <= connus, champ


@pytest.mark.parametrize("nom", ["Parcours", "Passage", "EtatGrappe.MODELE_COMMUN", "Severite.LEGALE"])
def test_la_comparaison_voit_les_deux_apps(nom: str) -> None:
    assert nom in attendus() and nom in ecrits()
