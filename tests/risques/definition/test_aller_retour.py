"""Emporter puis rapporter un questionnaire ne change rien, quels que soient ses textes."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from openpyxl import load_workbook

from risques.definition.classeur import ecrire_classeur, lire_classeur
from risques.definition.fichier import lire_fichier
from risques.definition.json_ import ecrire_json, lire_json
from risques.definition.modele import Definition
from risques.definition.verification import verifier
from tests.risques.definition.exemples import CALCUL, definir, definitions, petit, question, questionnaire, section

DOSSIER = Path(__file__).parents[3] / "fixtures" / "reference" / "questionnaires"
FOURNIS = sorted(DOSSIER.glob("*.json"))


@settings(max_examples=60, deadline=None)
@given(definitions())
def test_json_rendu_puis_relu_est_le_meme(definition: Definition) -> None:
    octets = ecrire_json(definition)
    lu = lire_json(octets)
    assert not lu.fautes and lu.definition == definition
    assert ecrire_json(lu.definition) == octets


@settings(max_examples=60, deadline=None)
@given(definitions())
def test_classeur_rendu_puis_relu_est_le_meme(definition: Definition) -> None:
    lu = lire_classeur(ecrire_classeur(definition))
    assert not lu.fautes and not lu.avertissements and lu.definition == definition


@settings(max_examples=60, deadline=None)
@given(definitions())
def test_une_definition_verifiee_le_reste(definition: Definition) -> None:
    assert verifier(definition.en_dict()) == (definition, [])
    assert Definition.lire_dict(json.loads(json.dumps(definition.en_dict()))) == definition


@pytest.mark.parametrize("chemin", FOURNIS, ids=lambda chemin: chemin.stem)
def test_les_questionnaires_fournis_font_l_aller_retour(chemin: Path) -> None:
    lu = lire_json(chemin.read_bytes())
    assert not lu.fautes, [str(faute) for faute in lu.fautes]
    assert lu.definition is not None and lu.definition.code == chemin.stem
    assert lire_json(ecrire_json(lu.definition)).definition == lu.definition
    assert lire_classeur(ecrire_classeur(lu.definition)).definition == lu.definition


def test_ce_qui_manque_prend_la_valeur_du_format() -> None:
    definition = definir(questionnaire(section("A", question("A1")), sens="favorable"))
    (lue,) = definition.questions
    assert (lue.minimum, lue.maximum, lue.poids, lue.sens) == (1, 10, 1, "favorable")
    assert (lue.etoilee, lue.sans_objet, lue.choix, lue.echelle, lue.si) == (False, True, False, (), None)
    assert (lue.aide, lue.categorie, lue.action, lue.risque) == ("", "", "", "")
    assert (definition.version, definition.total, definition.note, definition.sections[0].points) == (1, None, "", None)


def test_une_formule_collee_est_un_texte_et_le_reste_dans_le_classeur() -> None:
    definition = definir(questionnaire(section("A", question("A1", enonce=CALCUL, aide="+1"))))
    octets = ecrire_classeur(definition)
    livre = load_workbook(io.BytesIO(octets))
    cases = [case for rangee in livre["Questions"].iter_rows(min_row=2) for case in rangee if case.value]
    assert CALCUL in [case.value for case in cases]
    assert {case.data_type for case in cases} <= {"s", "n"}
    assert lire_classeur(octets).definition == definition


def test_le_classeur_est_pret_a_remplir() -> None:
    livre = load_workbook(io.BytesIO(ecrire_classeur(definir(petit()))))
    assert livre.sheetnames[:3] == ["Questionnaire", "Questions", "Mode d'emploi"]
    assert livre["Listes"].sheet_state == "hidden"
    page = livre["Questions"]
    assert page.freeze_panes == "A2"
    assert page.column_dimensions["F"].width > page.column_dimensions["E"].width
    entetes = {case.column_letter: case.value for case in page[1]}
    proposees: dict[Any, list[Any]] = {}
    for liste in page.data_validations.dataValidation:
        lettre = str(liste.sqref)[0]
        colonne = liste.formula1.split("$")[1]
        assert "dans la liste : le questionnaire serait refusé" in liste.error
        proposees[entetes[lettre]] = [case.value for case in livre["Listes"][colonne] if case.value]
    assert proposees["Sens"] == ["défavorable", "favorable", "inconnu"]
    assert proposees["Étoilée"] == proposees["Sans objet permis"] == proposees["Choix fermé"] == ["oui", "non"]
    assert len(proposees["Catégorie"]) == 6 and "Juridique" in proposees["Catégorie"]
    assert {str(liste.sqref) for liste in livre["Questionnaire"].data_validations.dataValidation} == {"B4", "B6"}
    assert [livre["Questionnaire"][case].value for case in ("A4", "A6")] == ["Objet", "Sens"]


def test_le_format_se_reconnait_au_contenu() -> None:
    definition = definir(petit())
    for octets in (ecrire_json(definition), b"\xef\xbb\xbf \n" + ecrire_json(definition), ecrire_classeur(definition)):
        assert lire_fichier(octets).definition == definition
    lignes = b"Section;Nom de la section;Code;Enonce\nA;Section A;A1;Un ?\n"
    lu = lire_fichier(lignes, {"code": "x", "nom": "X", "objet": "autre", "sens": "inconnu"})
    assert lu.definition is not None and [q.enonce for q in lu.definition.questions] == ["Un ?"]
