"""Le PostgreSQL jetable, le port de la démonstration et la recherche de Chromium."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from django.db.migrations.recorder import MigrationRecorder

from config.outils import demo, navigateur

RACINE = Path(__file__).parents[2]
POSTGRES = [sys.executable, "-m", "config.outils.postgres", "--"]
REPONDRE = """
import os, psycopg
print(os.environ["TREILLE_BASE"], flush=True)
psycopg.connect(os.environ["TREILLE_BASE"]).execute("select 1")
"""


def _prise(adresse: str) -> Path:
    from config.base_de_donnees import lire_base

    return Path(lire_base(adresse, Path())["HOST"])


def test_le_postgresql_jetable_repond_rend_le_code_et_disparait() -> None:
    fini = subprocess.run(
        [*POSTGRES, sys.executable, "-c", REPONDRE + "raise SystemExit(3)"],
        cwd=RACINE,
        capture_output=True,
        text=True,
        check=False,
    )

    assert fini.returncode == 3, fini.stderr
    assert not _prise(fini.stdout.strip()).parent.exists()


def test_le_postgresql_jetable_ne_survit_pas_a_un_sigterm() -> None:
    commande = [*POSTGRES, sys.executable, "-c", REPONDRE + "import time; print('pret', flush=True); time.sleep(60)"]
    with subprocess.Popen(commande, cwd=RACINE, stdout=subprocess.PIPE, text=True) as processus:
        assert processus.stdout is not None
        adresse = processus.stdout.readline().strip()
        assert processus.stdout.readline().strip() == "pret"
        processus.send_signal(signal.SIGTERM)
        assert processus.wait(30) == 128 + signal.SIGTERM

    assert not _prise(adresse).parent.exists()


def test_un_port_occupe_se_dit_en_une_phrase() -> None:
    with socket.create_server(("127.0.0.1", 0)) as occupant:
        port = occupant.getsockname()[1]
        with pytest.raises(demo.ErreurDeDemonstration, match=f"Le port {port} est déjà pris"):
            demo.lire_port(str(port))
    assert demo.lire_port(str(port)) == port


@pytest.mark.parametrize("texte", ["huit-mille", "0", "70000", "-1"])
def test_un_port_qui_n_en_est_pas_un_est_refuse(texte: str) -> None:
    with pytest.raises(demo.ErreurDeDemonstration, match="n'est pas un port"):
        demo.lire_port(texte)


@pytest.mark.django_db
def test_une_base_d_avant_se_dit_en_une_phrase(monkeypatch: pytest.MonkeyPatch) -> None:
    demo.exiger_une_base_d_aujourd_hui()
    appliquees = MigrationRecorder.applied_migrations
    monkeypatch.setattr(
        MigrationRecorder, "applied_migrations", lambda soi: appliquees(soi) | {("programme", "0012_calendrier"): None}
    )
    with pytest.raises(demo.ErreurDeDemonstration, match="make demo-neuve"):
        demo.exiger_une_base_d_aujourd_hui()


def test_la_demonstration_oublie_une_base_de_production(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "environ", {"TREILLE_BASE": "postgres://prod/treille", "TREILLE_PRODUCTION": "oui"})

    demo._isoler()

    assert os.environ == {"TREILLE_DEMONSTRATION": "oui"}


def test_chromium_se_cherche_d_abord_dans_l_environnement(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TREILLE_CHROMIUM", "/ailleurs/chromium")
    assert navigateur.trouver() == "/ailleurs/chromium"

    monkeypatch.delenv("TREILLE_CHROMIUM")
    monkeypatch.setenv("PATH", "")
    assert navigateur.trouver() is None
