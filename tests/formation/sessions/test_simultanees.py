"""Deux ESMS inscrivent au même instant à la dernière place : un seul l'a."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from formation.models import SessionFormation
from formation.services import inscriptions
from formation.services.inscriptions import inscrire
from formation.services.places import libres
from programme.socle.erreurs import Refus
from tests.fabriques import ParcoursFactory, directrice_de
from tests.formation.fabriques import PosteFactory
from tests.formation.sessions.aides import ouverte


@pytest.mark.django_db(transaction=True)
def test_la_derniere_place_ne_se_donne_qu_une_fois(monkeypatch: Any) -> None:
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        # Une base en mémoire n'a qu'une connexion : le verrou se prouve sur PostgreSQL.
        assert connection.settings_dict["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
        return
    session = ouverte(capacite=1)
    postes = [PosteFactory(parcours=ParcoursFactory(grappe=session.grappe)) for _ in range(2)]
    gens = [directrice_de(p.parcours) for p in postes]
    depart = Barrier(2)

    def compter_longuement(lue: SessionFormation) -> int:
        """Le temps que l'autre compte aussi, si rien ne l'en empêche."""
        places = libres(lue)
        time.sleep(0.4)
        return places

    monkeypatch.setattr(inscriptions, "libres", compter_longuement)

    def demander(rang: int) -> Any:
        try:
            depart.wait(5)
            relue = SessionFormation.objects.get(pk=session.pk)
            inscrire(session=relue, postes=[postes[rang].pk], par=gens[rang])
            return "place"
        except Refus as refus:
            return refus.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as fils:
        issues = sorted(fils.map(demander, range(2)))
    assert issues == ["conditions", "place"]
    assert session.inscriptions.inscrites().count() == 1
