"""Deux décisions instruites au même instant ne prennent pas le même numéro."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from gouvernance.models import Decision, Instance
from gouvernance.services.decisions import instruire
from programme.models import Utilisateur
from tests.fabriques import cheffe_de
from tests.gouvernance.fabriques import InstanceFactory


@pytest.mark.django_db(transaction=True)
def test_deux_decisions_au_meme_instant_se_suivent() -> None:
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        # Une base en mémoire n'a qu'une connexion : le verrou se prouve sur PostgreSQL.
        assert connection.settings_dict["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
        return
    comop = InstanceFactory()
    gens, depart = [cheffe_de(comop.grappe) for _ in range(4)], Barrier(4)

    def ecrire(qui: Utilisateur) -> None:
        try:
            depart.wait(5)
            instruire(comite=Instance.objects.get(pk=comop.pk), par=qui, intitule="Au même instant")
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as fils:
        list(fils.map(ecrire, gens))
    assert sorted(Decision.objects.values_list("numero", flat=True)) == [1, 2, 3, 4]
