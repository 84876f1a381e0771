"""Les dessins et le tableau des machines à états suivent le code."""

from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.core.management import CommandError, call_command

from programme.enums import FRISE_GRAPPE, FRISE_PARCOURS
from programme.management.commands import dessiner_etats
from programme.models import Grappe, Ouverture, Parcours
from programme.socle import etats


def test_les_fichiers_livres_suivent_le_code() -> None:
    call_command("dessiner_etats", verifier=True)


def test_un_fichier_perime_ou_de_trop_fait_echouer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dessiner_etats, "DOSSIER", tmp_path)
    call_command("dessiner_etats")
    assert dessiner_etats.perimes() == []
    (tmp_path / "etats.md").write_text("vieux", encoding="utf-8")
    (tmp_path / "etats" / "disparue.svg").write_text("<svg/>", encoding="utf-8")
    with pytest.raises(CommandError, match=r"disparue\.svg.*make etats"):
        call_command("dessiner_etats", verifier=True)
    call_command("dessiner_etats")
    assert dessiner_etats.perimes() == []


def test_deux_dessins_de_suite_sont_identiques() -> None:
    assert dessiner_etats.fichiers() == dessiner_etats.fichiers()


def test_la_frise_est_lue_dans_les_transitions() -> None:
    assert etats.lire(Parcours).frise == FRISE_PARCOURS
    assert etats.lire(Grappe).frise == FRISE_GRAPPE
    assert etats.lire(Ouverture).de_cote == ("hors_perimetre",)


def test_un_retour_dit_ses_vraies_arrivees() -> None:
    arrivees = {f.depart: f.arrivees for f in etats.lire(Parcours).de("revenir")}
    assert arrivees["pilote"] == ("preparation",)
    assert arrivees["ouverture"] == ("preparation", "pilote")
    assert arrivees["service_regulier"] == ("preparation", "ouverture")


def test_celui_qui_decide_vient_des_permissions() -> None:
    assert dessiner_etats.qui_decide(Parcours, "engager") == ["Directeur"]
    assert dessiner_etats.qui_decide(Parcours, "suspendre") == ["Chef de projet"]
    for machine in etats.machines():
        for transition in machine.transitions:
            decideurs = dessiner_etats.qui_decide(machine.modele, transition)
            aussi = machine.modele.transitions()[transition].custom.get("aussi")
            assert (decideurs or aussi) and "Administrateur" not in decideurs


def test_chaque_dessin_est_un_svg_entier_ou_tout_est_nomme() -> None:
    dessins = dessiner_etats.fichiers()
    for machine in etats.machines():
        racine = ElementTree.fromstring(dessins[f"etats/{machine.nom}.svg"])
        textes = " ".join(" ".join(racine.itertext()).split())
        assert all(nom in textes for nom in machine.noms.values())
        assert all(transition in textes for transition in machine.transitions)
