"""Les quatre questionnaires livrés : ce que leurs fichiers contiennent, lus tels quels, sans le moteur."""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings

from risques.enums import CategorieRisque, ObjetQuestionnaire, SensEchelle

DOSSIER = settings.RACINE / "fixtures/reference/questionnaires"
OBJETS = {
    "risques-100-points": ObjetQuestionnaire.RISQUES,
    "effets-dui": ObjetQuestionnaire.EFFETS,
    "pre-diagnostic": ObjetQuestionnaire.PREDIAGNOSTIC,
    "leviers-griefs": ObjetQuestionnaire.LEVIERS,
}
LUS: dict[str, dict[str, Any]] = {
    code: json.loads((DOSSIER / f"{code}.json").read_text(encoding="utf-8")) for code in OBJETS
}
RISQUES, EFFETS, PREDIAGNOSTIC, LEVIERS = (LUS[code] for code in OBJETS)
DEFAUTS: dict[str, Any] = {
    "aide": "",
    "minimum": 1,
    "maximum": 10,
    "poids": 1,
    "etoilee": False,
    "sans_objet": True,
    "echelle": [],
    "choix": False,
    "categorie": "",
    "action": "",
    "risque": "",
    "si": None,
}
CLES = {
    "questionnaire": {"code", "nom", "objet", "version", "sens", "duree_minutes", "provenance", "sections"}
    | {"note", "total"},
    "section": {"code", "nom", "aide", "points", "questions"},
    "question": {"code", "enonce", "sens", *DEFAUTS},
}
LONGUEURS = {"enonce": 140, "action": 140, "risque": 110, "aide": 140}


def questions(lu: dict[str, Any]) -> list[dict[str, Any]]:
    """Questions d'un questionnaire, dans l'ordre, avec leurs valeurs par défaut."""
    return [DEFAUTS | {"sens": lu["sens"]} | q for s in lu["sections"] for q in s["questions"]]


def textes(noeud: Any) -> Iterator[str]:
    """Tout ce qu'un fichier dit, clés exceptées."""
    if isinstance(noeud, str):
        yield noeud
    elif isinstance(noeud, dict | list):
        for enfant in noeud.values() if isinstance(noeud, dict) else noeud:
            yield from textes(enfant)


def normal(texte: str) -> str:
    """Le texte sans casse, accents ni ponctuation."""
    sans_accents = unicodedata.normalize("NFKD", texte.lower()).encode("ascii", "ignore").decode()
    return " ".join(re.findall(r"[a-z0-9]+", sans_accents))


def test_le_dossier_ne_contient_que_les_quatre() -> None:
    assert {f.stem for f in DOSSIER.glob("*.json")} == set(OBJETS)


@pytest.mark.parametrize("code", OBJETS)
def test_en_tete(code: str) -> None:
    lu = LUS[code]
    assert lu["code"] == code
    assert lu["objet"] == OBJETS[code]
    assert lu["version"] == 1
    assert lu["sens"] in {SensEchelle.DEFAVORABLE, SensEchelle.FAVORABLE}
    assert lu["duree_minutes"] > 0
    assert "Treille" in lu["provenance"]
    assert lu["note"]
    assert "ANAP" not in lu["nom"]


@pytest.mark.parametrize("lu", LUS.values(), ids=LUS)
def test_cles_connues_et_defauts_tus(lu: dict[str, Any]) -> None:
    assert set(lu) <= CLES["questionnaire"]
    for section in lu["sections"]:
        assert set(section) <= CLES["section"]
        for question in section["questions"]:
            assert set(question) <= CLES["question"], question["code"]
            tus = [c for c, v in (DEFAUTS | {"sens": lu["sens"]}).items() if c in question and question[c] == v]
            assert not tus, f"{question['code']} répète la valeur par défaut de {tus}"


@pytest.mark.parametrize("lu", LUS.values(), ids=LUS)
def test_codes_uniques_et_bien_formes(lu: dict[str, Any]) -> None:
    for codes in ([s["code"] for s in lu["sections"]], [q["code"] for q in questions(lu)]):
        assert not [c for c, n in Counter(codes).items() if n > 1]
        assert all(re.fullmatch(r"[A-Z0-9-]{1,12}", c) for c in codes)


@pytest.mark.parametrize("lu", LUS.values(), ids=LUS)
def test_bornes_et_echelons(lu: dict[str, Any]) -> None:
    for q in questions(lu):
        assert 0 <= q["minimum"] < q["maximum"] <= 100, q["code"]
        assert q["poids"] > 0, q["code"]
        valeurs = [e["valeur"] for e in q["echelle"]]
        assert set(valeurs) <= set(range(q["minimum"], q["maximum"] + 1)), q["code"]
        assert valeurs == sorted(set(valeurs)), q["code"]
        libelles = [normal(e["libelle"]) for e in q["echelle"]]
        assert all(libelles) and len(set(libelles)) == len(libelles), q["code"]
        if q["choix"]:
            assert valeurs == list(range(q["minimum"], q["maximum"] + 1)), f"{q['code']} : échelle incomplète"


@pytest.mark.parametrize("lu", LUS.values(), ids=LUS)
def test_phrases(lu: dict[str, Any]) -> None:
    enonces = Counter(normal(q["enonce"]) for q in questions(lu))
    assert not [e for e, n in enonces.items() if n > 1]
    for q in questions(lu):
        assert q["enonce"].endswith((".", "?")), q["code"]
        assert not [c for c, n in LONGUEURS.items() if len(q[c]) > n], q["code"]
        assert not q["action"] or q["action"].endswith("."), q["code"]
        assert not q["risque"].endswith("."), q["code"]
        assert q["categorie"] in {"", *CategorieRisque.values}, q["code"]
        assert bool(q["categorie"]) == bool(q["risque"]), f"{q['code']} : un risque va avec sa catégorie"
    for texte in textes(lu):
        assert texte == texte.strip() and "  " not in texte and "\n" not in texte, texte
        assert "'" not in texte, f"apostrophe droite : {texte}"
        assert not re.search(r"\busagers?\b", texte, re.IGNORECASE), f"dire « personnes accompagnées » : {texte}"


def test_risques_dix_sections_de_dix_dans_l_ordre() -> None:
    assert "".join(s["code"] for s in RISQUES["sections"]) == "PCMLANURTH"
    for section in RISQUES["sections"]:
        attendus = [f"{section['code']}{n:02}" for n in range(1, 11)]
        assert [q["code"] for q in section["questions"]] == attendus
    assert RISQUES["total"] == 1000
    assert RISQUES["duree_minutes"] == 150


def test_risques_toutes_notees_de_1_a_10_dans_le_meme_sens() -> None:
    for q in questions(RISQUES):
        assert (q["minimum"], q["maximum"], q["poids"], q["sens"]) == (1, 10, 1, SensEchelle.DEFAVORABLE), q["code"]
        assert [e["valeur"] for e in q["echelle"]] == [1, 10] and not q["choix"], q["code"]
        assert q["sans_objet"] and q["si"] is None, q["code"]


def test_risques_etoiles_reparties() -> None:
    assert 28 <= sum(q["etoilee"] for q in questions(RISQUES)) <= 32
    for section in RISQUES["sections"]:
        assert sum(q.get("etoilee", False) for q in section["questions"]) >= 2, section["nom"]


def test_risques_chacune_porte_action_risque_et_categorie() -> None:
    for q in questions(RISQUES):
        assert q["action"] and q["risque"] and q["categorie"], q["code"]
        assert re.search(r"(er|ir|re|oir)$", q["action"].split()[0]), q["code"]
    for champ in ("action", "risque"):
        assert len({normal(q[champ]) for q in questions(RISQUES)}) == 100, champ


def test_risques_six_categories_dont_aucune_n_ecrase_les_autres() -> None:
    comptes = Counter(q["categorie"] for q in questions(RISQUES))
    assert set(comptes) == set(CategorieRisque.values)
    assert min(comptes.values()) >= 8 and max(comptes.values()) <= 25, comptes


def test_risques_jamais_presentes_comme_le_texte_de_l_anap() -> None:
    assert "pas repris" in RISQUES["provenance"]
    assert "pas le questionnaire de l’ANAP" in RISQUES["note"]
    assert not [t for s in RISQUES["sections"] for t in textes(s) if "ANAP" in t]


def test_effets_sept_notes_dix_criteres_cent_points() -> None:
    assert [s["points"] for s in EFFETS["sections"]] == [10, 10, 20, 20, 20, 10, 10]
    assert [len(s["questions"]) for s in EFFETS["sections"]] == [2, 1, 2, 1, 1, 2, 1]
    assert EFFETS["total"] == sum(s["points"] for s in EFFETS["sections"]) == 100
    assert EFFETS["sens"] == SensEchelle.FAVORABLE
    assert all(q["choix"] and q["minimum"] == 0 for q in questions(EFFETS))
    assert [q["code"] for q in questions(EFFETS) if q["sens"] == SensEchelle.DEFAVORABLE] == ["M2"]
    for mot in ("déduit", "abîmé", "pilotage"):
        assert mot in EFFETS["note"]


def test_effets_deux_criteres_d_un_theme_pesent_autant() -> None:
    for section in EFFETS["sections"]:
        assert len({(q["maximum"], q.get("poids", 1)) for q in section["questions"]}) == 1, section["nom"]


def test_prediagnostic_importance_et_perimetre() -> None:
    assert [s["nom"] for s in PREDIAGNOSTIC["sections"]] == ["Importance du changement", "Périmètre du changement"]
    assert all(6 <= len(s["questions"]) <= 8 for s in PREDIAGNOSTIC["sections"])
    assert all(q["choix"] and (q["minimum"], q["maximum"]) == (1, 4) for q in questions(PREDIAGNOSTIC))
    assert {q["sens"] for q in questions(PREDIAGNOSTIC)} == {SensEchelle.DEFAVORABLE}
    assert not [q["code"] for q in questions(PREDIAGNOSTIC) if q["risque"]], "un grand changement n'est pas un risque"
    assert "pas un risque" in PREDIAGNOSTIC["note"]


def test_dix_leviers_et_six_griefs() -> None:
    assert [(s["nom"], len(s["questions"])) for s in LEVIERS["sections"]] == [("Dix leviers", 10), ("Six griefs", 6)]
    assert all(q["choix"] and (q["minimum"], q["maximum"]) == (1, 5) for q in questions(LEVIERS))
    assert [q["sens"] for q in questions(LEVIERS)] == [SensEchelle.FAVORABLE] * 10 + [SensEchelle.DEFAVORABLE] * 6
    assert all(q["action"] and q["risque"] for q in questions(LEVIERS))
