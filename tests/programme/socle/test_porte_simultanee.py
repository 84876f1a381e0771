"""Deux personnes au même instant : le verrou de la porte n'en laisse passer qu'une."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from programme.models import Parcours
from programme.socle.erreurs import Refus
from programme.socle.models import Passage
from programme.socle.porte import changer_etat
from tests.fabriques import ParcoursFactory, affecter, directrice_de


@pytest.mark.django_db(transaction=True)
def test_une_seule_decision_passe() -> None:
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        # Une base en mémoire n'a qu'une connexion : le verrou se prouve sur PostgreSQL.
        assert connection.settings_dict["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
        return
    parcours = ParcoursFactory()
    gens = [directrice_de(parcours), affecter("directeur", parcours.esms)]
    depart = Barrier(2)

    def decider(qui: Any) -> str:
        try:
            depart.wait(5)
            changer_etat(Parcours.objects.get(pk=parcours.pk), "engager", par=qui, motif="au même instant")
            return "passe"
        except Refus as refus:
            return refus.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as fils:
        issues = sorted(fils.map(decider, gens))
    assert issues == ["etat", "passe"]
    assert Passage.objects.de(parcours).count() == 1
