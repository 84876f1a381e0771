"""Lit l'adresse d'une base dans l'environnement : embarquée par défaut, PostgreSQL en production."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


def lire_base(adresse: str, dossier: Path) -> dict[str, Any]:
    """Rend l'entrée `DATABASES["default"]` pour une adresse `sqlite:///chemin` ou `postgres://…`.

    Adresse vide : SQLite sous `dossier`. Lève `ValueError` si le moteur n'est pas reconnu.
    """
    if not adresse or adresse.startswith("sqlite:"):
        chemin = adresse.removeprefix("sqlite:///") or str(dossier / "treille.sqlite3")
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": chemin,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                # recursive_triggers : sans lui, INSERT OR REPLACE contourne la protection du journal.
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA recursive_triggers=ON;"
                    "PRAGMA foreign_keys=ON; PRAGMA cache_size=-65536;"
                ),
            },
        }
    parties = urlsplit(adresse)
    if parties.scheme not in {"postgres", "postgresql"}:
        raise ValueError(f"TREILLE_BASE : moteur « {parties.scheme} » inconnu ; écrire sqlite:///… ou postgres://…")
    parametres = dict(parse_qsl(parties.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parties.path.lstrip("/")) or "treille",
        "USER": unquote(parties.username or parametres.pop("user", "")),
        "PASSWORD": unquote(parties.password or parametres.pop("password", "")),
        "HOST": parties.hostname or parametres.pop("host", ""),
        "PORT": str(parties.port or parametres.pop("port", "")),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": parametres,
    }
