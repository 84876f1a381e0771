"""Aucun test ne sort de la machine."""

import socket

import pytest

from tests.conftest import SortieInterdite, est_local


@pytest.mark.parametrize("hote", ["exterieur.invalid", "192.0.2.1", "2001:db8::1", b"exterieur.invalid"])
def test_une_connexion_au_dehors_est_refusee(hote: str | bytes) -> None:
    assert not est_local(hote)
    with pytest.raises(SortieInterdite):
        socket.create_connection((hote, 80), timeout=1)


def test_une_adresse_sans_nom_est_refusee_aussi() -> None:
    with socket.socket() as prise, pytest.raises(SortieInterdite):
        prise.connect(("192.0.2.1", 80))


def test_la_machine_elle_meme_reste_joignable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as serveur:
        socket.create_connection(serveur.getsockname(), timeout=1).close()
