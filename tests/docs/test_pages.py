"""Ce que la documentation cite existe : liens, fichiers, cibles make, commandes, variables, décisions."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands, load_command_class

from config.api import formation, gouvernance, programme, risques, usages

RACINE: Path = settings.RACINE
PAGES = sorted([*RACINE.glob("*.md"), *(RACINE / "docs").rglob("*.md"), *(RACINE / "fixtures").rglob("*.md")])
DECISIONS = sorted((RACINE / "docs" / "decisions").glob("*.md"))

LIEN = re.compile(r"\]\(([^)\s]+)\)")
TITRE = re.compile(r"^#+ (.+)$", re.MULTILINE)
FICHIER = re.compile(r"`([\w.-]+(?:/[\w.-]+)+\.(?:py|md|html|css|js|csv|toml|sh|svg|txt|in|gz))`")
CIBLE = re.compile(r"(?:^|[`«]\s?)make ([a-z][a-z-]+)", re.MULTILINE)
COMMANDE = re.compile(r"manage\.py ([a-z_]+)([^`\n]*)")
OPTION = re.compile(r"(?<!\S)(--[a-z-]+)")
ROUTE = re.compile(r"`(?:GET|POST|PATCH) (/api/v1/[^`]*)`")
VARIABLE = re.compile(r"\bTREILLE_[A-Z_]+\b")
# Ce que Treille lit dans l'environnement ; TREILLE_TAILLE_IMPORT est aussi le nom d'un réglage.
LUE = re.compile(r"(?:environ\.get\(|_oui\(|environ\[)\s*\"(TREILLE_[A-Z_]+)\"")


def _texte(fichier: Path) -> str:
    return fichier.read_text(encoding="utf-8")


def _ancre(titre: str) -> str:
    return re.sub(r"[^\w -]", "", titre.lower()).replace(" ", "-")


def _nom(fichier: Path) -> str:
    return str(fichier.relative_to(RACINE))


@pytest.mark.parametrize("document", PAGES, ids=_nom)
def test_chaque_lien_interne_mene_quelque_part(document: Path) -> None:
    for lien in LIEN.findall(_texte(document)):
        if "://" in lien or lien.startswith("mailto:"):
            continue
        chemin, _, ancre = lien.partition("#")
        cible = (document.parent / chemin).resolve() if chemin else document
        assert cible.exists(), f"{lien} ne mène à rien"
        if ancre:
            assert ancre in {_ancre(titre) for titre in TITRE.findall(_texte(cible))}, f"{lien} : titre introuvable"


@pytest.mark.parametrize("document", PAGES, ids=_nom)
def test_chaque_fichier_cite_existe(document: Path) -> None:
    absents = [
        f for f in FICHIER.findall(_texte(document)) if not any((d / f).exists() for d in (RACINE, document.parent))
    ]
    assert not absents


@pytest.mark.parametrize("document", PAGES, ids=_nom)
def test_chaque_cible_make_citee_existe(document: Path) -> None:
    connues = set(re.findall(r"^([a-z-]+):", _texte(RACINE / "Makefile"), re.MULTILINE))
    assert set(CIBLE.findall(_texte(document))) <= connues


@pytest.mark.parametrize("document", PAGES, ids=_nom)
def test_chaque_commande_citee_existe_avec_ses_options(document: Path) -> None:
    connues = get_commands()
    for nom, suite in COMMANDE.findall(_texte(document)):
        assert nom in connues, f"manage.py {nom} n'existe pas"
        app = connues[nom]
        commande = load_command_class(app, nom) if isinstance(app, str) else app
        permises = commande.create_parser("manage.py", nom)._option_string_actions
        assert {option for option in OPTION.findall(suite)} <= permises.keys(), f"manage.py {nom}{suite}"


def _variables_lues() -> set[str]:
    fichiers = [
        f
        for app in ("config", "programme", "gouvernance", "risques", "formation", "usages")
        for f in (RACINE / app).rglob("*.py")
    ]
    return {nom for fichier in fichiers for nom in LUE.findall(_texte(fichier))}


@pytest.mark.parametrize("document", PAGES, ids=_nom)
def test_chaque_variable_citee_est_lue(document: Path) -> None:
    assert set(VARIABLE.findall(_texte(document))) <= _variables_lues()


def test_l_exploitation_dit_chaque_variable() -> None:
    manquent = _variables_lues() - set(VARIABLE.findall(_texte(RACINE / "docs" / "exploitation.md")))
    assert not manquent, f"À décrire dans docs/exploitation.md : {sorted(manquent)}"


def test_l_api_dit_chaque_route() -> None:
    citees = set(ROUTE.findall(_texte(RACINE / "docs" / "api.md")))
    servies = {
        f"/api/v1/{route.pattern}".replace("<int:pk>", "{id}")
        .replace("<str:code>", "{code}")
        .replace("<slug:code>", "{code}")
        for route in [
            *programme.routes,
            *gouvernance.routes,
            *risques.routes,
            *formation.routes,
            *usages.routes,
        ]
    }
    assert citees == servies


def test_les_decisions_se_suivent_sans_trou() -> None:
    numeros = [int(page.name[:4]) for page in DECISIONS]
    assert numeros[0] == 1 and all(b == a + 1 for a, b in pairwise(numeros))


@pytest.mark.parametrize("document", DECISIONS, ids=_nom)
def test_une_decision_dit_contexte_decision_consequences(document: Path) -> None:
    titres = TITRE.findall(_texte(document))
    assert titres[0].startswith(f"{document.name[:4]}. ")
    assert titres[1:] == ["Contexte", "Décision", "Conséquences"]


def test_le_sommaire_des_decisions_est_complet() -> None:
    liens = LIEN.findall(_texte(RACINE / "ARCHITECTURE.md"))
    assert {f"docs/decisions/{page.name}" for page in DECISIONS} <= set(liens)
