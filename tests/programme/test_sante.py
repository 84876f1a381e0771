"""Le témoin de santé : public, sans session, et franc quand la base ne répond pas."""

from typing import Any

import pytest
from django.db import OperationalError, connections
from django.test import Client

pytestmark = pytest.mark.django_db


def test_la_base_repond(client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        reponse = client.get("/sante/")
    assert (reponse.status_code, reponse.json()) == (200, {"etat": "ok"})
    assert not reponse.cookies and reponse["Cache-Control"].startswith("max-age=0")


def test_la_base_ne_repond_pas(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def en_panne(*_: Any, **__: Any) -> None:
        raise OperationalError("serveur injoignable sur 10.0.0.1")

    monkeypatch.setattr(connections["default"], "cursor", en_panne)
    reponse = client.get("/sante/")
    assert reponse.status_code == 503
    assert "10.0.0.1" not in reponse.content.decode()


def test_on_ne_fait_que_lire(client: Client) -> None:
    assert client.post("/sante/").status_code == 405
