"""Un compteur d'écritures par table, tenu par la base : de quoi garder un total exact sans le recompter à chaque page.

Compter 340 000 lignes coûte plus que toute la page. Un total se garde donc, avec le compteur de chaque table lue ; la
moindre écriture, d'où qu'elle vienne, change un compteur, et le total se recompte. Ni délai, ni à-peu-près.
Réservé aux tables qu'on lit beaucoup et qu'on écrit peu (l'annuaire) : `suivre()` les nomme. Décision 0027.
"""

from collections import OrderedDict
from collections.abc import Callable
from functools import partial
from threading import Lock
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import QuerySet

TABLE = "socle_ecriture"
GARDES = 500
_suivies: dict[str, None] = {}
_totaux: OrderedDict[tuple[Any, ...], tuple[Any, int]] = OrderedDict()
_gardees: dict[tuple[str, str], set[str]] = {}
_verrou = Lock()

# PostgreSQL ajoute une ligne par ordre : un compteur unique ferait s'attendre deux imports, voire se bloquer. SQLite
# n'a qu'un écrivain et des déclencheurs par ligne : un compteur unique y est plus sobre.
_POSTGRESQL = [
    f"CREATE TABLE IF NOT EXISTS {TABLE} (id bigserial PRIMARY KEY, nom text NOT NULL)",
    f"CREATE INDEX IF NOT EXISTS {TABLE}_nom ON {TABLE} (nom, id)",
    f"CREATE OR REPLACE FUNCTION {TABLE}_noter() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN INSERT INTO {TABLE} (nom) VALUES (TG_TABLE_NAME); RETURN NULL; END $$",
]
_POSTGRESQL_PAR_TABLE = (
    "CREATE OR REPLACE TRIGGER {table}_ecriture AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
    "FOR EACH STATEMENT EXECUTE FUNCTION " + TABLE + "_noter()"
)
_SQLITE = [f"CREATE TABLE IF NOT EXISTS {TABLE} (nom text PRIMARY KEY, nombre integer NOT NULL) WITHOUT ROWID"]
_SQLITE_PAR_TABLE = (
    "CREATE TRIGGER IF NOT EXISTS {table}_ecriture_{verbe} AFTER {verbe} ON {table} BEGIN "
    "INSERT INTO " + TABLE + " VALUES ('{table}', 1) ON CONFLICT (nom) DO UPDATE SET nombre = nombre + 1; END"
)


def suivre(*tables: str) -> None:
    """Nomme des tables dont les totaux se gardent ; les déclencheurs se posent à la prochaine migration."""
    _suivies.update(dict.fromkeys(tables))


def poser(using: str = "default", **_: Any) -> None:
    """Pose (ou repose) compteurs et déclencheurs, pour les tables suivies qui existent."""
    connexion = connections[using]
    sqlite = connexion.vendor == "sqlite"
    presentes = set(connexion.introspection.table_names())
    with connexion.cursor() as curseur:
        for ordre in _SQLITE if sqlite else _POSTGRESQL:
            curseur.execute(ordre)
        for table in sorted(presentes & _suivies.keys()):
            for verbe in ("INSERT", "UPDATE", "DELETE") if sqlite else ("",):
                modele = _SQLITE_PAR_TABLE if sqlite else _POSTGRESQL_PAR_TABLE
                curseur.execute(modele.format(table=table, verbe=verbe))


def _compteurs(connexion: Any, tables: list[str]) -> Any:
    """L'état des compteurs : il change dès qu'une écriture est validée sur l'une de ces tables."""
    places = ", ".join(["%s"] * len(tables))
    # Le nombre autant que le plus grand : deux écritures ne se valident pas toujours dans l'ordre de leur numéro.
    colonnes = "nombre" if connexion.vendor == "sqlite" else "count(*), max(id)"
    groupe = "" if connexion.vendor == "sqlite" else "GROUP BY nom"
    with connexion.cursor() as curseur:
        curseur.execute(f"SELECT nom, {colonnes} FROM {TABLE} WHERE nom IN ({places}) {groupe} ORDER BY nom", tables)
        return tuple(curseur.fetchall())


def compter(lignes: QuerySet) -> int:
    """`lignes.count()`, gardé tant qu'aucune des tables lues n'a été écrite. Toujours exact.

    Compte pour de bon dans une transaction (elle voit ce que les autres ne voient pas), et dès que la requête lit une
    table qui n'est pas suivie ou contient une sous-requête.
    """
    total, garder = total_garde(lignes)
    if total is None:
        total = lignes.count()
        garder(total)
    return total


def total_garde(lignes: QuerySet) -> tuple[int | None, Callable[[int], None]]:
    """Le total gardé s'il vaut encore, et de quoi garder celui qu'on va compter soi-même, d'une lecture à venir."""
    connexion = connections[lignes.db]
    if connexion.in_atomic_block or not (cle := _cle(lignes, connexion)):
        return None, _ne_rien_garder
    tables, demande = cle
    if not _sont_gardees(connexion, tables):
        return None, _ne_rien_garder
    # Les compteurs d'abord : une écriture entre les deux lectures ne peut que faire recompter.
    compteurs = _compteurs(connexion, tables)
    with _verrou:
        garde = _totaux.get(demande)
        if garde and garde[0] == compteurs:
            _totaux.move_to_end(demande)
            return garde[1], _ne_rien_garder
    return None, partial(_garder, demande, compteurs)


def _ne_rien_garder(total: int) -> None:
    """Ce total ne se garde pas, ou l'est déjà."""


def _garder(demande: tuple[Any, ...], compteurs: Any, total: int) -> None:
    with _verrou:
        _totaux[demande] = (compteurs, total)
        while len(_totaux) > GARDES:
            _totaux.popitem(last=False)


def _cle(lignes: QuerySet, connexion: Any) -> tuple[list[str], tuple[Any, ...]] | None:
    """Les tables lues, et ce qui distingue ce total des autres ; None si l'on ne sait pas tout ce qu'il lit."""
    try:
        requete = lignes.order_by().values("pk").query
        texte, parametres = requete.sql_with_params()
    except EmptyResultSet:
        return None
    tables = sorted({j.table_name for alias, j in requete.alias_map.items() if requete.alias_refcount[alias]})
    if texte.count("SELECT") != 1 or not tables or not _suivies.keys() >= set(tables):
        return None
    return tables, (connexion.alias, connexion.settings_dict["NAME"], texte, repr(parametres))


def _sont_gardees(connexion: Any, tables: list[str]) -> bool:
    """Vrai si les déclencheurs de ces tables sont en place ; vérifié une fois par processus et par base."""
    base = (connexion.alias, connexion.settings_dict["NAME"])
    connues = _gardees.setdefault(base, set())
    if connues >= set(tables):
        return True
    requete = (
        "SELECT tbl_name, count(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%%_ecriture_%%' "
        "GROUP BY tbl_name HAVING count(*) = 3"
        if connexion.vendor == "sqlite"
        else "SELECT tgrelid::regclass::text, 1 FROM pg_trigger WHERE tgname = tgrelid::regclass::text || '_ecriture' "
        "AND tgenabled <> 'D'"
    )
    with connexion.cursor() as curseur:
        curseur.execute(requete, [])
        connues.update(nom for nom, _ in curseur.fetchall())
    return connues >= set(tables)
