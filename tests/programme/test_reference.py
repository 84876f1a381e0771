"""Référentiels : chargés partout, rechargés sans effet."""

from pathlib import Path

import pytest
from django.core.management import call_command

from programme.models import Categorie, Departement, Metier, Module, Region
from programme.services.reference import charger_reference

pytestmark = pytest.mark.django_db


def test_tout_se_charge_et_se_rattache() -> None:
    charger_reference()
    assert Region.objects.count() > 17 and Departement.objects.get(code="971").code_finess == "9A"
    assert Departement.objects.get(code="33").region.nom == "Nouvelle-Aquitaine"
    assert Categorie.objects.get(code="183").secteur == "PH_ENFANT" and Categorie.objects.get(code="101").secteur == ""
    assert Metier.objects.filter(code="surveillant-de-nuit").exists()
    assert Module.objects.get(code="soins").est_medical and not Module.objects.get(code="agenda").est_medical


def test_la_seconde_fois_ne_change_rien_et_ne_pose_qu_une_question_par_table(django_assert_max_num_queries) -> None:
    charger_reference()
    with django_assert_max_num_queries(13):
        effets = charger_reference()
    assert all(e.crees == e.modifies == 0 and e.inchanges for e in effets.values())


def test_une_ligne_corrigee_est_reprise_et_rien_n_est_supprime() -> None:
    charger_reference()
    Module.objects.filter(code="agenda").update(nom="Autre")
    Module.objects.create(code="local", nom="Module local")
    effets = charger_reference()
    assert effets["modules"].modifies == 1 and Module.objects.get(code="agenda").nom == "Agenda et plannings"
    assert Module.objects.filter(code="local").exists()


def test_un_fichier_fautif_ne_charge_rien(tmp_path: Path) -> None:
    from programme.services.reference import DOSSIER

    for fichier in DOSSIER.glob("*.csv"):
        (tmp_path / fichier.name).write_bytes(fichier.read_bytes())
    (tmp_path / "modules.csv").write_text("code;nom\nsans-ordre;Sans ordre\n", encoding="utf-8")
    with pytest.raises(KeyError):
        charger_reference(dossier=tmp_path)
    assert not Region.objects.exists()


def test_la_commande_dit_ce_qu_elle_a_fait(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("charger_reference")
    assert "modules : 15 créés, 0 modifiés, 0 inchangés" in capsys.readouterr().out
    call_command("charger_reference", verbosity=0)
    assert not capsys.readouterr().out
