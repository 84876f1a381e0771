"""Le JSON d'un questionnaire : ses fautes avec leur ligne, et ce qu'un fichier piégé ne peut pas faire."""

import json
from typing import Any

import pytest

from programme.socle.finess.refus import FichierIndesirable
from risques.definition import json_
from risques.definition.fautes import Faute
from risques.definition.json_ import ecrire_json, lire_json
from tests.risques.definition.exemples import CALCUL, NIR, definir, petit, question, questionnaire, section


def octets(brut: Any, **options: Any) -> bytes:
    return json.dumps(brut, ensure_ascii=False, **options).encode()


def seule(contenu: bytes) -> Faute:
    lu = lire_json(contenu)
    assert lu.definition is None
    (faute,) = lu.fautes
    return faute


FAUTIF = """{
  "code": "nos-risques", "nom": "Nos risques", "objet": "risques", "sens": "defavorable",
  "sections": [
    {"code": "A", "nom": "Projet",
     "questions": [
       {"code": "A1", "enonce": "Un ?", "echelle": [
         {"valeur": 1, "libelle": "Non"},
         {"valeur": 99, "libelle": "Oui"}]},
       {"code": "A1", "enonce": "Deux ?", "poid": 3},
       {"code": "A3",
        "enonce": "Trois ?", "poids": NaN, "poids": Infinity,
        "si": {
          "question": "A9", "au_moins": 1}}
     ]}
  ]
}
"""


def test_chaque_faute_dit_la_ligne_de_son_objet() -> None:
    lu = lire_json(FAUTIF.encode())
    assert lu.definition is None
    assert [(f.ligne, f.colonne, f.raison.split(" : ")[0]) for f in lu.fautes] == [
        (8, "valeur", "L'échelon 99 de la question A1 est hors de l'échelle, qui va de 1 à 10"),
        (9, "poid", "« poid » n'est pas connu ici (vouliez-vous « poids » ?)"),
        (9, "code", "Le code « A1 » est là deux fois, ligne 6 et ligne 9"),
        (10, "poids", "La clé « poids » est là plusieurs fois dans le même objet"),
        (10, "poids", "Le poids de la question A3 doit être un nombre plus grand que 0, 100000 au plus, pas « inf »"),
        (12, "question", "La question A3 dépend de « A9 », qui n'est pas dans ce questionnaire"),
    ]
    assert lu.fautes[1].ou == "section A (Projet), question n° 2"


@pytest.mark.parametrize(
    ("contenu", "ligne", "phrase"),
    [
        (b"", None, "Le fichier est vide"),
        (b" \n\xc2\xa0", None, "Le fichier est vide"),
        (b"{\n\n", 3, "Le JSON est mal écrit au signe 1 de la ligne 3"),
        (b'{"code": "x",\n "nom" "y"}', 2, "Le JSON est mal écrit au signe 8 de la ligne 2"),
        (b'{"code": "x"} {"code": "y"}', 1, "Le JSON est mal écrit au signe 15"),
        ("{}".encode("utf-16"), None, "Ce fichier n'est pas du texte en UTF-8"),
        (b"\x89PNG\r\n\x1a\n", None, "Ce fichier n'est pas du texte en UTF-8"),
        (b'{"total": ' + b"9" * 5_000 + b"}", None, "Un nombre du fichier a trop de chiffres"),
        (b'{"a":\n' + b"[" * 200_000, 2, "Le JSON s'emboîte sur plus de 20 niveaux (ligne 2)"),
        (b'{"a":' * 200_000, 1, "Le JSON s'emboîte sur plus de 20 niveaux"),
        (b" " * (json_.PLAFOND + 1), None, "Le fichier pèse plus de 2 Mo"),
        (b"[1, 2]", None, "Le questionnaire est d'une autre forme que prévu"),
        (b'"x"', None, "Le questionnaire est d'une autre forme que prévu"),
    ],
)
def test_un_fichier_qui_n_en_est_pas_un_est_refuse_d_une_phrase(contenu: bytes, ligne: int | None, phrase: str) -> None:
    faute = seule(contenu)
    assert faute.ligne == ligne and faute.raison.startswith(phrase) and faute.raison.endswith(".")


def test_des_cles_sans_fin_ne_font_pas_des_fautes_sans_fin() -> None:
    lu = lire_json(octets(petit() | {f"bidule{n}": n for n in range(50_000)}))
    assert len(lu.fautes) == 11 and lu.fautes[-1].raison == "Et 49990 autres noms inconnus : repartez du modèle."


@pytest.mark.parametrize("cle", ["enonce", "bidule"])
def test_un_nir_fait_refuser_et_effacer_le_fichier(cle: str) -> None:
    brut = questionnaire(section("A", question("A1", **{cle: f"Appeler {NIR}"})))
    with pytest.raises(FichierIndesirable) as capture:
        lire_json(octets(brut, indent=1))
    assert capture.value.message.startswith("Ligne 11 : un numéro de sécurité sociale")
    assert "85 05" not in capture.value.message


@pytest.mark.parametrize("brut", [{NIR: 1}, {"total": 185057800608491}, [[NIR]], NIR])
def test_un_nir_se_cherche_aussi_dans_les_cles_et_les_nombres(brut: Any) -> None:
    with pytest.raises(FichierIndesirable):
        lire_json(octets(brut))


def test_une_formule_est_un_texte() -> None:
    lu = lire_json(octets(questionnaire(section("A", question("A1", enonce=CALCUL)))))
    assert lu.definition is not None and next(lu.definition.questions).enonce == CALCUL


def test_ce_qui_s_ecrit_se_lit_a_l_oeil() -> None:
    texte = ecrire_json(definir(petit(nom="Été"))).decode()
    assert '"nom": "Été"' in texte and texte.endswith("}\n") and '"sans_objet": true' in texte
    assert json.loads(texte)["sections"][0]["questions"][1]["si"] == {"question": "A1", "au_moins": 7}
