# Treille : deux commandes suffisent, « make demo » pour voir, « make test » pour vérifier.
# Chaque cible installe d'abord ce qui lui manque.

SHELL := bash
.DEFAULT_GOAL := aide
.NOTPARALLEL:
MAKEFLAGS += --no-print-directory

PORT ?= 8000
export PORT PYTHON

BIN := .venv/bin
PY := $(BIN)/python
GERER := $(PY) manage.py
PYTEST := $(PY) -m pytest -q
# Les tables des essais viennent des modèles : les migrations se prouvent à part (tests/programme/test_travailleur.py).
SANS_NAVIGATEUR := -m "not navigateur and not banc" -n 2 --nomigrations

.PHONY: aide help base dev chromium demo demo-neuve serve travailler test test-rapide tests-sqlite tests-postgresql \
	tests-navigateur bench format lint etats verrou nettoyer

aide: ## cette liste
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

help: aide

base:
	@config/outils/environnement.sh base

dev:
	@config/outils/environnement.sh dev

chromium: dev
	@$(PY) -m config.outils.navigateur

demo: base ## la démonstration sur http://127.0.0.1:PORT (PORT=8000) ; garde les données d'une fois sur l'autre
	@exec $(PY) -m config.outils.demo

demo-neuve: base ## la démonstration, après avoir effacé var/
	@exec $(PY) -m config.outils.demo --neuve

serve: base ## le serveur de développement, qui se recharge à chaque changement
	@$(GERER) migrate --verbosity 0
	@TREILLE_DEBUG=oui exec $(GERER) runserver 127.0.0.1:$(PORT)

travailler: base ## les tâches de fond, à côté de « make serve »
	@exec $(GERER) travailler

test: chromium lint tests-sqlite tests-postgresql tests-navigateur ## tout : qualité, essais sur les deux bases, navigateur

test-rapide: dev tests-sqlite ## les essais sur SQLite seulement, sans navigateur

tests-sqlite: dev
	@echo "== Essais sur SQLite"
	@$(PYTEST) $(SANS_NAVIGATEUR)

tests-postgresql: dev
	@echo "== Essais sur PostgreSQL"
	@$(PY) -m config.outils.postgres -- $(PYTEST) $(SANS_NAVIGATEUR) --avec-base

tests-navigateur: dev
	@echo "== Essais dans un navigateur"
	@$(PYTEST) -m navigateur -n 2 --nomigrations

bench: dev ## les mesures, sur PostgreSQL (affichées, jamais bloquantes)
	@$(PY) -m config.outils.postgres --durable -- $(PYTEST) -m banc -s

format: dev ## met le code en forme et corrige ce qui se corrige seul
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

lint: dev ## style, gabarits, sens des imports, types, migrations à jour
	@echo "== Style"
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@echo "== Gabarits"
	@$(BIN)/djlint --lint --quiet templates
	@echo "== Sens des imports"
	@$(BIN)/lint-imports --no-logo
	@echo "== Types"
	@$(BIN)/mypy .
	@echo "== Migrations"
	@$(GERER) makemigrations --check --dry-run

etats: base ## redessine les machines à états dans docs/etats
	@$(GERER) dessiner_etats

verrou: ## recalcule requirements/*.txt et leurs empreintes (demande uv)
	@command -v uv >/dev/null || { echo "Le verrou se calcule avec uv, introuvable : « pip install uv »." >&2; exit 1; }
	@for nom in base dev; do uv pip compile --quiet --generate-hashes --no-header --python-version 3.11 \
		requirements/$$nom.in -o requirements/$$nom.txt || exit 1; done

nettoyer: ## efface .venv et les caches ; ne touche pas aux données de var/
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis test-results
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
