"""Huit clients à la fois sur deux processus : un vrai serveur, une vraie base."""

import pytest
from django.db import connection

from tests.banc.conftest import LePays
from tests.banc.mesures import noter
from tests.banc.serveur import serveur

PAGES = (
    ("annuaire", "/annuaire/esms/", "/nue/"),
    ("projet", "/parcours/", "/nue-projet/"),
    ("projet, trié par date", "/parcours/?tri=prochaine_date", "/nue-projet/"),
    ("grappes", "/grappes/", "/nue-grappes/"),
)


@pytest.mark.django_db
def test_huit_clients(pays: LePays) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("le serveur du banc demande PostgreSQL")
    for nom, url, nue in PAGES:
        with serveur(pays.sessions["admin"]) as web:
            for adresse in (url, nue) * 3:
                web.lire(adresse)
            repere, valeur = web.debit(nue, secondes=4), web.debit(url, secondes=6)
        noter("Débit, huit clients", nom, valeur, unite="req/s", repere=repere, repere_nom="page nue", minimum=40)
    with serveur(pays.sessions["chef"]) as web:
        web.lire("/")
        noter("Débit, huit clients", "accueil d'un chef de projet", web.debit("/"), unite="req/s")
