"""`manage.py importer_professionnels` : à blanc par défaut, une phrase quand le code ne suffit pas."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from formation.models import Poste, Professionnel
from programme.enums import Role
from tests.fabriques import affecter
from tests.formation.import_professionnels.aides import Decor, csv_de, decor, ligne

pytestmark = pytest.mark.django_db


@pytest.fixture
def d() -> Decor:
    return decor()


def mener(tmp_path: Path, contenu: bytes, *options: str, code: str = "paie") -> str:
    chemin, sortie = tmp_path / "paie.csv", StringIO()
    chemin.write_bytes(contenu)
    call_command("importer_professionnels", str(chemin), "--correspondance", code, *options, stdout=sortie)
    return sortie.getvalue()


def test_a_blanc_puis_ecrit_sans_nommer_personne(tmp_path: Path, d: Decor) -> None:
    contenu = csv_de(ligne(d, 1), ligne(d, 2, entree="31/02/2020"))
    dit = mener(tmp_path, contenu)
    assert "Créé, ligne 2, Aide-soignant, IME Le Coteau" in dit and "À blanc" in dit
    assert "Rejeté, ligne 3 : Entrée (F3)" in dit and "1 créé, 1 rejeté" in dit
    assert not Poste.objects.exists()
    dit = mener(tmp_path, contenu, "--ecrire")
    assert "Écrit : 1 poste." in dit and "1 ligne rejetée est restée dehors" in dit and "Personne" not in dit
    assert Poste.objects.get().saisi_par == d.siege
    assert "Rien à écrire" in mener(tmp_path, contenu, "--ecrire")


def test_un_fichier_complet_fait_sortir(tmp_path: Path, d: Decor) -> None:
    mener(tmp_path, csv_de(ligne(d, 1), ligne(d, 2)), "--ecrire")
    dit = mener(tmp_path, csv_de(ligne(d, 1)), "--complet-au", "2026-01-31", "--ecrire")
    sortie = Professionnel.objects.get(matricule="M0002")
    assert (
        f"Fermé, {sortie.numero}," in dit and "M000" not in dit and Poste.objects.filter(fin="2026-01-31").count() == 1
    )


@pytest.mark.parametrize(
    ("options", "phrase"),
    [
        ({"code": "inconnu"}, "Aucune correspondance « inconnu »"),
        ({"options": ["--par", "personne-inconnue"]}, "Aucun compte ouvert"),
        ({"options": ["--og", "123456789"]}, "Aucun organisme ne porte"),
        ({"options": ["--complet-au", "31/01/2026"]}, "AAAA-MM-JJ"),
        ({"contenu": b"rien"}, "Fichier refusé, rien n'est écrit"),
    ],
)
def test_ce_qui_ne_va_pas_est_une_phrase(tmp_path: Path, d: Decor, options: dict[str, Any], phrase: str) -> None:
    with pytest.raises(CommandError, match=phrase):
        mener(
            tmp_path,
            options.get("contenu", csv_de(ligne(d, 1))),
            *options.get("options", []),
            code=options.get("code", "paie"),
        )
    with pytest.raises(CommandError, match="n'est pas un fichier"):
        call_command("importer_professionnels", str(tmp_path / "absent.csv"), "--correspondance", "paie")


def test_deux_organismes_un_code_il_faut_dire_lequel(tmp_path: Path, d: Decor) -> None:
    autre = decor()
    with pytest.raises(CommandError, match="dites lequel avec --og FINESS") as refus:
        mener(tmp_path, csv_de(ligne(d, 1)))
    assert d.og.finess in str(refus.value) and autre.og.finess in str(refus.value)
    assert "Écrit : 1 poste." in mener(tmp_path, csv_de(ligne(d, 1)), "--og", d.og.finess, "--ecrire")


def test_au_nom_de_qui_ne_gere_rien_rien_ne_se_fait(tmp_path: Path, d: Decor) -> None:
    admin = affecter(Role.ADMIN)
    with pytest.raises(CommandError, match="ne gère aucun ESMS"):
        mener(tmp_path, csv_de(ligne(d, 1)), "--par", admin.identifiant)
    directrice = affecter(Role.DIRECTEUR, d.vergers.esms)
    assert "Rien à écrire" in mener(tmp_path, csv_de(ligne(d, 1)), "--par", directrice.identifiant, "--ecrire")
