"""Le questionnaire vierge : tous ses codes, ses cases, peu de pages, et des textes qui restent des textes."""

import json
import re
import zlib
from typing import Any

import pytest
import typst
from django.utils import timezone

from programme.documents import rendu
from programme.services.reference import charger_reference
from risques.calculs.mots import condition_en_mots, sens_en_mots
from risques.documents.vierge import GABARIT, Vierge, vierge_de
from risques.enums import ObjetQuestionnaire, SensEchelle
from risques.models import VersionQuestionnaire
from risques.services import questionnaires as services
from tests.fabriques import GrappeFactory, cheffe_de
from tests.risques.definition.exemples import definir, question, questionnaire, section

PIEGE = '#eval("1+1") *gras* _x_ $y$ @ref <etiquette> // fin \\ #pagebreak()'


def releves(document: Vierge) -> list[dict[str, Any]]:
    """Ce que le gabarit imprime de chaque question, tel que typst le pose dans le document."""
    lus = typst.query(
        str(rendu.GABARITS / GABARIT),
        "<releve>",
        field="value",
        root=str(rendu.GABARITS),
        ignore_system_fonts=True,
        sys_inputs=rendu.entrees(document.donnees),
    )
    return json.loads(lus)


def nb_pages(pdf: bytes) -> int:
    deplies = [pdf]
    for morceau in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            deplies.append(zlib.decompress(morceau))
        except zlib.error:
            continue
    return len(re.findall(rb"/Type\s*/Page\b", b"\n".join(deplies)))


def vierge(version: VersionQuestionnaire) -> Vierge:
    return vierge_de(version, le=timezone.now())


def version_de(*questions: dict[str, Any], **valeurs: Any) -> VersionQuestionnaire:
    grappe = GrappeFactory(nom="Rives")
    brut = questionnaire(section("A", *questions), **valeurs)
    return services.charger_definition(definir(brut), grappe=grappe, par=cheffe_de(grappe))


@pytest.mark.django_db
def test_les_instruments_livres_tiennent_en_peu_de_pages() -> None:
    charger_reference()
    bornes = {"risques-100-points": 8, "effets-dui": 2, "pre-diagnostic": 3, "leviers-griefs": 2}
    for version in VersionQuestionnaire.objects.select_related("questionnaire", "grappe"):
        document = vierge(version)
        codes = [q.code for q in services.definition_de(version).questions]
        assert [lu["code"].removesuffix(" *") for lu in releves(document)] == codes
        pdf = document.en_pdf()
        assert b"/MarkInfo" in pdf or b"/StructTreeRoot" in pdf
        assert 1 <= nb_pages(pdf) <= bornes[version.questionnaire.code]
    cent = vierge(VersionQuestionnaire.objects.get(questionnaire__code="risques-100-points"))
    assert {lu["cases"] for lu in releves(cent)} == {10} and all(lu["sans_objet"] for lu in releves(cent))
    assert sum(lu["code"].endswith(" *") for lu in releves(cent)) == 31
    assert cent.donnees["echelons"] == "1 = Pas du tout ; 10 = Tout à fait"
    assert "ANAP" in cent.donnees["provenance"] and (cent.donnees["code"], cent.donnees["version"]) == (
        "risques-100-points",
        "version 1",
    )


@pytest.mark.django_db
def test_chaque_echelle_a_ses_cases() -> None:
    echelons = [{"valeur": 1, "libelle": "Non"}, {"valeur": 3, "libelle": "Oui"}]
    version = version_de(
        question("A1", minimum=0, maximum=10),
        question("A2", minimum=0, maximum=100),
        question("A3", echelle=echelons, maximum=3, choix=True, sans_objet=False),
        question("A4", echelle=echelons, maximum=3),
    )
    a1, a2, a3, a4 = vierge(version).donnees["sections"][0]["questions"]
    assert len(a1["valeurs"]) == 11 and a2["a_ecrire"] == "de 0 à 100" and a2["valeurs"] == []
    assert a3["choix"] == [["1", "Non"], ["3", "Oui"]] and a3["valeurs"] == [] and not a3["sans_objet"]
    assert a4["valeurs"] == ["1", "2", "3"] and a4["precisions"] == ["1 à 3 (1 = Non ; 3 = Oui)"]


@pytest.mark.django_db
def test_des_echelons_partout_les_memes_se_disent_une_fois() -> None:
    echelons = [{"valeur": v, "libelle": mot} for v, mot in ((1, "Non"), (2, "Un peu"), (3, "Oui"))]
    deux = [question(code, echelle=echelons, maximum=3, choix=True) for code in ("A1", "A2")]
    document = vierge(version_de(*deux))
    assert document.donnees["echelons"] == "1 = Non ; 2 = Un peu ; 3 = Oui"
    assert [(q["valeurs"], q["choix"]) for q in document.donnees["sections"][0]["questions"]] == [
        (["1", "2", "3"], [])
    ] * 2


@pytest.mark.django_db
def test_un_texte_qui_ressemble_a_du_balisage_reste_un_texte() -> None:
    version = version_de(question("A1", enonce=PIEGE, aide=PIEGE + " 😀"), nom=PIEGE[:100], provenance=PIEGE)
    document = vierge(version)
    assert document.donnees["brouillon"] and document.donnees["version"] == "version 1 de Rives"
    assert document.en_pdf().startswith(b"%PDF")


@pytest.mark.parametrize(
    ("objet", "sens", "mots"),
    [
        ("risques", "defavorable", "Plus la note est haute, plus c'est un risque"),
        ("prediagnostic", "defavorable", "Plus la note est haute, plus le changement est grand"),
        ("prediagnostic", "favorable", "Plus la note est haute, plus le changement est petit"),
        ("leviers", "defavorable", "Plus la note est haute, moins c'est bon"),
        ("effets", "favorable", "Plus la note est haute, mieux c'est"),
    ],
)
def test_le_sens_se_dit_dans_les_mots_de_l_objet(objet: str, sens: str, mots: str) -> None:
    assert sens_en_mots(objet, sens) == mots


def test_tout_sens_se_dit_et_un_grand_changement_n_est_jamais_un_risque() -> None:
    for objet in ObjetQuestionnaire:
        for sens in SensEchelle:
            assert sens_en_mots(objet, sens)
            assert objet != ObjetQuestionnaire.PREDIAGNOSTIC or "risque" not in sens_en_mots(objet, sens)


def test_une_condition_se_dit_ou_se_tait() -> None:
    assert condition_en_mots("P01", 7) == "posée si la note de P01 est d'au moins 7"
    assert condition_en_mots("", None) == condition_en_mots("P01", None) == ""
