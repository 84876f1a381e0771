"""Vingt mille lignes du fichier du personnel : lues, comparées, écrites, sur la base du lancement."""

import time

import pytest
from django.db import connection

from tests.formation.import_professionnels.aides import comparer_le_fichier, csv_de, decor, importer, ligne

pytestmark = pytest.mark.django_db


def test_vingt_mille_lignes(capsys: pytest.CaptureFixture[str]) -> None:
    d = decor()
    esms = (d.coteau.esms.finess, d.vergers.esms.finess)
    contenu = csv_de(*[ligne(d, n, matricule=f"P{n:05d}", esms=esms[n % 2]) for n in range(20_000)])
    temps = {}
    depart = time.monotonic()
    assert importer(d, contenu)["nombres"] == {"cree": 20_000}
    temps["créer"] = time.monotonic() - depart
    depart = time.monotonic()
    assert comparer_le_fichier(d, contenu)[1]["nombres"] == {"inchange": 20_000}
    temps["aperçu sans écart"] = time.monotonic() - depart
    corrige = contenu.replace(b"Aide-soignant", b"Infirmier")
    depart = time.monotonic()
    assert importer(d, corrige)["nombres"] == {"modifie": 20_000}
    temps["tout modifier"] = time.monotonic() - depart
    with capsys.disabled():
        print(connection.vendor, {nom: f"{duree:.1f} s" for nom, duree in temps.items()})
    assert max(temps.values()) < 60
