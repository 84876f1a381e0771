"""`manage.py importer_connexions` : à blanc par défaut, des phrases quand cela ne va pas."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.fabriques import UtilisateurFactory
from tests.usages.connexions.aides import Decor, decor, journal, mois_entier
from usages.models import UsageMensuel

pytestmark = pytest.mark.django_db


@pytest.fixture
def d() -> Decor:
    return decor()


def _lancer(chemin: Path, **options: Any) -> str:
    sortie = StringIO()
    call_command("importer_connexions", str(chemin), stdout=sortie, **({"correspondance": "journal"} | options))
    return sortie.getvalue()


@pytest.fixture
def chemin(d: Decor, tmp_path: Path) -> Path:
    fichier = tmp_path / "journal.csv"
    fichier.write_bytes(journal(*mois_entier(d.chai.esms.finess), "agent1;hier;x"))
    return fichier


def test_a_blanc_puis_ecrite_puis_sans_rien_a_ecrire(chemin: Path) -> None:
    dit = _lancer(chemin)
    assert "1 ligne mise de côté" in dit and "ligne 4" in dit and "À blanc" in dit
    assert not UsageMensuel.objects.exists()
    assert "Écrit : 1 mois" in _lancer(chemin, ecrire=True)
    assert UsageMensuel.objects.get().actifs == 1
    assert "Rien à écrire." in _lancer(chemin, ecrire=True)


@pytest.mark.parametrize(
    ("options", "mot"),
    [
        ({"correspondance": "autre"}, "Aucune correspondance"),
        ({"og": "1"}, "vérifiez --og"),
        ({"par": "personne"}, "Aucun compte ouvert"),
        ({"au": "31/10/2026"}, "AAAA-MM-JJ"),
        ({"esms": "339900128"}, "vérifiez --esms"),
    ],
)
def test_ce_qui_ne_va_pas_est_une_phrase(chemin: Path, options: dict[str, str], mot: str) -> None:
    with pytest.raises(CommandError, match=mot):
        _lancer(chemin, **options)


def test_qui_ne_gere_rien_n_importe_pas(chemin: Path) -> None:
    UtilisateurFactory(identifiant="passant")
    with pytest.raises(CommandError, match="ne gère aucun ESMS"):
        _lancer(chemin, par="passant", ecrire=True)


def test_un_fichier_absent_ou_illisible(chemin: Path, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="vérifiez le chemin"):
        _lancer(tmp_path / "rien.csv")
    chemin.write_bytes(b"PK\x03\x04")
    with pytest.raises(CommandError, match="classeur"):
        _lancer(chemin)


def test_une_liste_se_date(d: Decor, chemin: Path) -> None:
    d.correspondance.options["source"] = "liste"
    d.correspondance.save()
    with pytest.raises(CommandError, match="quel jour"):
        _lancer(chemin)
    assert "1 mois incomplet" in _lancer(chemin, au="2026-10-20")
