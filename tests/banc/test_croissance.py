"""De 34 000 à 340 000 ESMS : chaque page, comptes compris, sur deux bases servies de la même façon."""

from time import perf_counter

import psycopg
import pytest
from django.db import connection

from tests.banc.conftest import LePays
from tests.banc.mesures import NB_ESMS, noter
from tests.banc.serveur import Serveur, serveur

FOIS = 10
PAGES = {
    "annuaire": "/annuaire/esms/",
    "annuaire, page du milieu": "/annuaire/esms/?page=300",
    "annuaire, dernière page": "/annuaire/esms/?page=999999",
    "annuaire, trié par ville": "/annuaire/esms/?tri=ville",
    "annuaire, un département": "/annuaire/esms/?departement=33",
    "annuaire, une recherche": "/annuaire/esms/?recherche=tilleuls",
    "OG": "/annuaire/og/",
    "projet": "/parcours/",
    "grappes": "/grappes/",
    "accueil": "/",
}
_GRANDIR = """
    INSERT INTO programme_esms (finess, og_id, nom, nom_long, categorie_id, siret, departement_id, commune_cog,
        code_postal, ville, adresse, ouvert_le, est_actif, millesime, recherche, tri)
    SELECT 'Z' || lpad((e.id * 10 + n)::text, 8, '0'), og_id, nom || ' ' || n, nom_long, categorie_id, siret,
        departement_id, commune_cog, code_postal, ville, adresse, ouvert_le, est_actif, millesime,
        recherche || ' ' || n, left(tri || ' ' || n, 200)
    FROM programme_esms e CROSS JOIN generate_series(1, 9) AS n
"""


def _agrandir(nom: str) -> str:
    """Une copie de la base, à dix fois plus d'ESMS, en SQL."""
    reglages = connection.settings_dict
    acces = {"host": reglages["HOST"], "user": reglages["USER"], "password": reglages["PASSWORD"] or None}
    acces |= {"port": reglages["PORT"] or None, "autocommit": True}
    connection.close()
    with psycopg.connect(dbname="postgres", **acces) as maitre:
        maitre.execute(f'DROP DATABASE IF EXISTS "{nom}"')
        maitre.execute(f'CREATE DATABASE "{nom}" TEMPLATE "{reglages["NAME"]}"')
    with psycopg.connect(dbname=nom, **acces) as grande:
        grande.execute(_GRANDIR)
        grande.execute("VACUUM ANALYZE")
    return nom


def _mediane(web: Serveur, url: str) -> float:
    durees = []
    for _ in range(FOIS):
        debut = perf_counter()
        web.lire(url)
        durees.append(perf_counter() - debut)
    return 1000 * sorted(durees)[FOIS // 2]


def test_de_34_000_a_340_000(pays: LePays, django_db_blocker: pytest.FixtureRequest) -> None:
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        if connection.vendor != "postgresql":
            pytest.skip("la croissance se mesure sur PostgreSQL")
        grande = _agrandir(f"{connection.settings_dict['NAME']}_grande")
        session = pays.sessions["admin"]
        with serveur(session) as petit, serveur(session, grande) as grand:
            for url in PAGES.values():
                for _ in range(3):
                    petit.lire(url)
                    grand.lire(url)
            for nom, url in PAGES.items():
                repere, valeur = _mediane(petit, url), _mediane(grand, url)
                noter("Croissance", f"{nom}, à {10 * NB_ESMS} ESMS", valeur, repere=repere,
                      repere_nom=f"à {NB_ESMS}", rapport_max=1.3)  # fmt: skip
