"""Protection du journal en base : ni UPDATE, ni DELETE, ni remplacement. Reposée après chaque migration."""

from typing import Any

from django.db import connections

TABLE = "socle_passage"
MESSAGE = "Le journal des passages ne se réécrit pas."

_SQLITE = [
    f"CREATE TRIGGER IF NOT EXISTS {TABLE}_pas_de_{verbe.lower()} BEFORE {verbe} ON {TABLE} "
    f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    for verbe in ("UPDATE", "DELETE")
]
_POSTGRESQL = [
    f"CREATE OR REPLACE FUNCTION {TABLE}_intact() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{MESSAGE}'; END $$",
    f"CREATE OR REPLACE TRIGGER {TABLE}_lignes BEFORE UPDATE OR DELETE ON {TABLE} "
    f"FOR EACH ROW EXECUTE FUNCTION {TABLE}_intact()",
    f"CREATE OR REPLACE TRIGGER {TABLE}_table BEFORE TRUNCATE ON {TABLE} "
    f"FOR EACH STATEMENT EXECUTE FUNCTION {TABLE}_intact()",
]
NOMS = {
    "sqlite": {f"{TABLE}_pas_de_update", f"{TABLE}_pas_de_delete"},
    "postgresql": {f"{TABLE}_lignes", f"{TABLE}_table"},
}


def poser(using: str = "default", **_: Any) -> None:
    """Pose (ou repose) les déclencheurs ; sans effet si la table n'existe pas encore."""
    connexion = connections[using]
    if TABLE not in connexion.introspection.table_names():
        return
    with connexion.cursor() as curseur:
        for ordre in _SQLITE if connexion.vendor == "sqlite" else _POSTGRESQL:
            curseur.execute(ordre)


def presents(using: str = "default") -> set[str]:
    """Noms des déclencheurs en place."""
    connexion = connections[using]
    requete = (
        f"SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = '{TABLE}'"
        if connexion.vendor == "sqlite"
        else f"SELECT tgname FROM pg_trigger WHERE tgrelid = '{TABLE}'::regclass "
        "AND NOT tgisinternal AND tgenabled <> 'D'"
    )
    with connexion.cursor() as curseur:
        curseur.execute(requete)
        return {ligne[0] for ligne in curseur.fetchall()}
