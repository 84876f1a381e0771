"""Chaque faute d'un questionnaire, avec sa phrase ; et ce qui ressemble à une faute sans en être une."""

import copy
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from risques.definition.fautes import Faute
from risques.definition.verification import verifier
from tests.risques.definition.exemples import (
    NIR,
    cent_points,
    definir,
    petit,
    question,
    questionnaire,
    raisons,
    section,
)


def avec(**valeurs: Any) -> dict[str, Any]:
    """Une section de deux questions : A1 de 1 à 10, puis A2 avec ces valeurs."""
    return questionnaire(section("A", question("A1"), question("A2", **valeurs)))


def seule(brut: Any) -> str:
    """La phrase de l'unique faute."""
    (raison,) = raisons(brut)
    return raison


def test_un_questionnaire_juste_n_a_aucune_faute() -> None:
    assert raisons(petit()) == [] and raisons(cent_points()) == []


@pytest.mark.parametrize(
    ("brut", "phrase"),
    [
        (avec(sens="neutre"), "Le sens de la question A2 « neutre » n'est pas dans la liste : écrivez « défavorable »"),
        (petit(sens="plutôt bien"), "Le sens du questionnaire « plutôt bien » n'est pas dans la liste"),
        (petit(sens=""), "Le sens du questionnaire est vide : écrivez « défavorable », « favorable » ou « inconnu »"),
        (petit(objet="cuisine"), "L'objet du questionnaire « cuisine » n'est pas dans la liste : écrivez « Risques du"),
        (avec(categorie="météo"), "La catégorie de la question A2 « météo » n'est pas dans la liste"),
        (avec(code=""), "Le code de la question n° 2 est vide : donnez-en un, « A02 » par exemple."),
        (avec(code="a 2"), "Le code « a 2 » ne va pas : 1 à 12 signes, lettres majuscules sans accent, chiffres et"),
        (avec(code="TREIZE-SIGNES"), "Le code « TREIZE-SIGNES » ne va pas"),
        (avec(code=None), "Le code de la question n° 2 est vide"),
        (petit(code=""), "Le code du questionnaire est vide"),
        (petit(code="Nos Risques"), "Le code « Nos Risques » ne va pas : lettres minuscules"),
        (petit(code="a" * 51), "50 au plus."),
        (petit(nom=" \t"), "Le nom du questionnaire est vide : écrivez-le."),
        (avec(minimum=5, maximum=5), "Le minimum de la question A2 (5) doit être plus petit que le maximum (5)"),
        (avec(minimum=9, maximum=3), "Le minimum de la question A2 (9) doit être plus petit que le maximum (3)"),
        (avec(minimum=-1), "Le minimum de la question A2 doit être un nombre entier de 0 à 100, pas « -1 »"),
        (avec(maximum=101), "Le maximum de la question A2 doit être un nombre entier de 0 à 100, pas « 101 »"),
        (avec(maximum=2.5), "pas « 2.5 »"),
        (avec(maximum="dix"), "pas « dix »"),
        (avec(minimum=True), "Le minimum de la question A2 doit être un nombre entier de 0 à 100, pas « True »"),
        (avec(choix=True), "La question A2 se répond par ses seuls échelons, et n'en a aucun"),
        (avec(echelle=[{"valeur": 11, "libelle": "Oui"}]), "L'échelon 11 de la question A2 est hors de l'échelle, qui"),
        (
            avec(echelle=[{"valeur": 1, "libelle": "Oui"}, {"valeur": 1, "libelle": "Non"}]),
            "L'échelon 1 de la question A2 est donné deux fois : gardez-en un.",
        ),
        (avec(echelle=[{"valeur": 1, "libelle": ""}]), "Le libellé d'un échelon de la question A2 est vide"),
        (avec(echelle=[{"valeur": 1, "libelle": " ; ;"}]), "Le libellé d'un échelon de la question A2 est vide"),
        (avec(echelle=[{"libelle": "Oui"}]), "Un échelon de la question A2 n'a pas de valeur : donnez-la."),
        (avec(echelle=[{"valeur": 1, "libelle": "Oui ; 2 = non"}]), "ressemble à deux échelons"),
        (avec(echelle=[7]), "Un échelon de la question A2 est d'une autre forme que prévu"),
        (avec(echelle="beaucoup"), "L'échelle de la question A2 ne se lit pas : écrivez « 1 = Pas du tout ; 10 ="),
        (avec(echelle=[{"valeur": 1, "libelle": "x"}] * 102), "a 102 échelons, plus que de valeurs"),
        (avec(si={"question": "Z9", "au_moins": 3}), "La question A2 dépend de « Z9 », qui n'est pas dans ce question"),
        (avec(si={"question": "A2", "au_moins": 3}), "La question A2 dépend d'elle-même : nommez une question placée"),
        (
            avec(si={"question": "A1", "au_moins": 11}),
            "La question A2 attend au moins 11 à A1, qui se répond de 1 à 10",
        ),
        (avec(si={"question": "A1", "au_moins": 0}), "attend au moins 0 à A1, qui se répond de 1 à 10"),
        (avec(si={"question": "A1"}), "La condition de la question A2 est incomplète"),
        (avec(si={"au_moins": 3}), "La condition de la question A2 est incomplète"),
        (avec(si="A1"), "La condition de la question A2 est d'une autre forme que prévu"),
        (avec(enonce=""), "L'énoncé de la question A2 est vide : écrivez la question."),
        (avec(enonce=" \u200b\n"), "L'énoncé de la question A2 est vide"),
        (avec(enonce="x" * 301), "L'énoncé de la question A2 a 301 signes, 300 au plus : raccourcissez le texte."),
        (avec(enonce="ligne\n" * 3_000), "L'énoncé de la question A2 a 17999 signes, 300 au plus"),
        (avec(aide="x" * 1_001), "L'aide de la question A2 a 1001 signes, 1000 au plus"),
        (avec(action="x" * 201), "L'action suggérée de la question A2 a 201 signes, 200 au plus"),
        (avec(risque="x" * 161), "Le risque nourri de la question A2 a 161 signes, 160 au plus"),
        (avec(enonce=["x"]), "L'énoncé de la question A2 doit être un texte"),
        (avec(etoilee="peut-être"), "L'étoile de la question A2 se dit par oui ou non, pas « peut-être »"),
        (avec(sans_objet=0), "Le « sans objet » de la question A2 se dit par oui ou non, pas « 0 »"),
        (avec(etoile=True), "« etoile » n'est pas connu ici (vouliez-vous « etoilee » ?) : corrigez ce nom"),
        (petit(section=[]), "« section » n'est pas connu ici (vouliez-vous « sections » ?)"),
        (petit(version=0), "La version du questionnaire doit être un nombre entier de 1 à 9999, pas « 0 »"),
        (petit(total=0), "Le total du questionnaire doit être un nombre entier de 1 à 100000, pas « 0 »"),
        (petit(duree_minutes=601), "La durée du questionnaire doit être un nombre entier de 1 à 600, pas « 601 »"),
        (questionnaire(), "Le questionnaire n'a aucune section : ajoutez-en une"),
        (petit(sections={"A": 1}), "La liste des sections est d'une autre forme que prévu"),
        (petit(sections=[7]), "La section n° 1 est d'une autre forme que prévu"),
        (questionnaire(section("A", question("A1")), section("B")), "La section B (Section B) n'a aucune question"),
        (questionnaire(section("A", question("A1"), nom="")), "Le nom de la section A est vide : écrivez-le."),
        (
            questionnaire(section("a", question("A1"))),
            "Le code « a » ne va pas : 1 à 12 signes, lettres majuscules sans",
        ),
        ([], "Le questionnaire est d'une autre forme que prévu : repartez du modèle."),
        (None, "Le questionnaire est d'une autre forme que prévu"),
    ],
)
def test_une_faute_une_phrase(brut: Any, phrase: str) -> None:
    raison = seule(brut)
    assert phrase in raison and raison.endswith(".")


def test_un_code_presque_bon_est_propose() -> None:
    assert seule(avec(code="é a2")).endswith("écrivez « E-A2 ».")


@pytest.mark.parametrize("poids", [0, -1, "trois", "", math.nan, math.inf, -math.inf, True, 100_001, 10**400, 1e308])
def test_un_poids_nul_negatif_ou_sans_nombre_est_refuse(poids: Any) -> None:
    raison = seule(avec(poids=poids))
    assert raison.startswith("Le poids de la question A2 doit être un nombre plus grand que 0, 100000 au plus")


def test_un_poids_se_garde_tel_quel_a_quatre_decimales() -> None:
    assert [q.poids for q in definir(avec(poids=0.0001)).questions] == [1, 0.0001]
    assert "plus de quatre décimales" in seule(avec(poids=1 / 3))


def test_un_sens_inconnu_se_dit_et_n_est_pas_une_faute() -> None:
    assert definir(petit(sens="inconnu")).sens == "inconnu"
    assert [q.sens for q in definir(avec(sens="inconnu")).questions] == ["defavorable", "inconnu"]


def test_un_code_en_double_nomme_les_deux_places() -> None:
    brut = questionnaire(section("A", question("A1")), section("B", question("B1"), question("A1", enonce="Autre ?")))
    (faute,) = verifier(brut)[1]
    assert faute == Faute(
        "section B (Section B), question n° 2",
        None,
        "code",
        "Le code « A1 » est là deux fois, section A (Section A), question n° 1 et section B (Section B), question "
        "n° 2 : changez-en un.",
    )
    assert str(faute).startswith("Section B (Section B), question n° 2, « code » : Le code « A1 »")


def test_deux_sections_de_meme_code_sont_refusees() -> None:
    brut = questionnaire(section("A", question("A1")), section("A", question("A2")))
    assert "Le code de section « A » est là deux fois" in seule(brut)


def test_deux_enonces_identiques_a_la_casse_et_aux_accents_pres() -> None:
    brut = questionnaire(
        section("A", question("A1", enonce="Le réseau tient ?"), question("A2", enonce="LE RESEAU TIENT"))
    )
    assert seule(brut).startswith("L'énoncé « LE RESEAU TIENT » est là deux fois, ")


def test_une_condition_vers_le_bas_est_refusee() -> None:
    brut = questionnaire(
        section("A", question("A1", si={"question": "B1", "au_moins": 3})), section("B", question("B1"))
    )
    assert seule(brut) == "La question A1 dépend de B1, placée plus bas : déplacez l'une des deux."


def test_une_condition_se_juge_a_l_echelle_de_la_question_dont_elle_depend() -> None:
    def si(au_moins: int) -> dict[str, Any]:
        visee = question("A1", minimum=0, maximum=3)
        return questionnaire(section("A", visee, question("A2", si={"question": "A1", "au_moins": au_moins})))

    assert [raisons(si(valeur)) == [] for valeur in (0, 3, 4, 7)] == [True, True, False, False]


def _points(*points: Any, **valeurs: Any) -> dict[str, Any]:
    sections = [
        section("ABC"[rang], question(f"{'ABC'[rang]}1"), **({} if p is None else {"points": p}))
        for rang, p in enumerate(points)
    ]
    return questionnaire(*sections, **valeurs)


def test_les_points_sont_a_toutes_les_sections_ou_a_aucune() -> None:
    assert raisons(_points(None, None)) == [] and raisons(_points(0, 40, 60, total=100)) == []
    assert raisons(_points(10, None, 20)) == [
        "La section B (Section B) n'a pas de points alors que d'autres en ont : donnez-en à toutes, ou à aucune."
    ]
    assert "doit être un nombre entier de 0 à 100000, pas « -5 »" in seule(_points(-5, 10))
    assert "Toutes les sections valent 0 point" in seule(_points(0, 0))
    assert seule(_points(40, 50, total=100)) == (
        "Les points des sections font 90 et le total annoncé est 100 : accordez les deux."
    )


def test_trop_gros_est_refuse_d_une_phrase() -> None:
    trop = [section(f"S{n}", question(f"Q{n}", poids=0)) for n in range(61)]
    assert seule(questionnaire(*trop)) == (
        "Le questionnaire a 61 sections, 60 au plus : ce n'est sans doute pas le bon fichier."
    )
    longue = section("A", *(question(f"A{n}", poids=0) for n in range(401)))
    assert seule(questionnaire(longue)).startswith("Le questionnaire a 401 questions, 400 au plus")
    assert raisons(questionnaire(section("A", *(question(f"A{n}") for n in range(400))))) == []


@pytest.mark.parametrize("cle", ["enonce", "aide", "action", "risque"])
def test_un_numero_de_securite_sociale_est_refuse_sans_etre_redit(cle: str) -> None:
    raison = seule(avec(**{cle: f"Demander à {NIR}"}))
    assert "contient un numéro de sécurité sociale" in raison and "185" not in raison and "85 05" not in raison


def test_un_numero_ne_se_redit_dans_aucune_phrase() -> None:
    brut = avec(code=NIR, sens=NIR, echelle=[{"valeur": 1, "libelle": NIR}])
    brut[NIR], brut["nom"], brut["sections"][0]["nom"] = 1, NIR, NIR
    fautes = verifier(brut)[1]
    assert len(fautes) >= 5 and not any("85 05 78" in str(faute) for faute in fautes)


@pytest.mark.parametrize("code", ["risques-100-points", "nos-cent-points"])
def test_neuf_questions_dans_une_section_ne_vont_que_hors_du_cent_points(code: str) -> None:
    dites = raisons(cent_points(questions=9) | {"code": code})
    if code == "nos-cent-points":
        assert dites == []
    else:
        assert dites == [
            "La section C (Section C) a 9 questions, et « risques-100-points » en veut 10 par section : complétez, ou "
            "changez de code."
        ]


def test_le_cent_points_a_dix_sections_notees_de_1_a_10() -> None:
    assert seule(cent_points(sections=9)).startswith("« risques-100-points » a 10 sections, et ce fichier en a 9 :")
    assert "a 11 questions" in seule(cent_points(questions=11))
    brut = cent_points()
    brut["sections"][1]["questions"][4]["maximum"] = 5
    assert seule(brut) == (
        "La question B05 se répond de 1 à 5, et « risques-100-points » veut 1 à 10 : corrigez l'échelle."
    )


def test_toutes_les_fautes_se_disent_d_un_coup() -> None:
    brut = avec(poids=0, sens="x", categorie="y", minimum=3, maximum=2, si={"question": "Z", "au_moins": 1}, enonce="")
    brut |= {"nom": "", "objet": "x"}
    assert len(raisons(brut)) == 8


def test_les_mots_valent_les_codes() -> None:
    definition = definir(petit(sens="Plus la note est haute, mieux c'est", objet="EFFETS DU DUI"))
    assert (definition.sens, definition.objet) == ("favorable", "effets")
    assert [q.categorie for q in definir(avec(categorie="Stratégique")).questions] == ["", "strategique"]


def test_les_textes_sont_nettoyes_et_les_echelons_ranges() -> None:
    brut = avec(
        enonce="  Qui\n décide\x07 ?\ud800 ",
        aide="Un.\r\n\r\n\r\n\r\nDeux.",
        echelle=[{"valeur": 9, "libelle": "Oui\u00a0; "}, {"valeur": 2.0, "libelle": "Non"}],
    )
    lue = list(definir(brut).questions)[1]
    assert (lue.enonce, lue.aide) == ("Qui décide ?", "Un.\n\nDeux.")
    assert [(e.valeur, e.libelle) for e in lue.echelle] == [(2, "Non"), (9, "Oui")]


@pytest.mark.parametrize("brut", [avec(sens="\ud800"), avec(**{"\ud800x": 1}), petit(**{"\ufffe": 1})])
def test_un_demi_caractere_ne_casse_pas_la_page_qui_dirait_la_faute(brut: Any) -> None:
    (faute,) = verifier(brut)[1]
    assert str(faute).encode()


def test_verifier_ne_touche_pas_a_ce_qu_on_lui_donne() -> None:
    brut = petit()
    avant = copy.deepcopy(brut)
    verifier(brut)
    assert brut == avant


_quelconques: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda enfants: st.lists(enfants, max_size=3) | st.dictionaries(st.text(max_size=5), enfants, max_size=3),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_n_importe_quoi_donne_des_fautes_jamais_une_panne(data: st.DataObject) -> None:
    brut = petit(note="x", total=100)
    ou: Any = brut
    while True:
        cle = data.draw(st.sampled_from(sorted(ou) if isinstance(ou, dict) else range(len(ou))))
        if not isinstance(ou[cle], dict | list) or data.draw(st.booleans()):
            break
        ou = ou[cle]
    ou[cle] = data.draw(_quelconques)
    definition, fautes = verifier(brut)
    assert (definition is None) == bool(fautes)
    for faute in fautes:
        str(faute).encode()
        assert faute.raison.endswith(".")
