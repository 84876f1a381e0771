"""Le classeur d'un questionnaire : ses fautes avec leur case, ses mots tolérés, et ce qui n'est pas lu."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from programme.socle import inspection
from programme.socle.finess.refus import FichierIndesirable
from risques.definition.classeur import ecrire_classeur, lire_classeur
from risques.definition.fautes import Faute, Lu
from tests.risques.definition.exemples import CALCUL, NIR, cent_points, definir, petit

RUBRIQUES = [["Code", "nos-risques"], ["Nom", "Nos risques"], ["Objet", "Risques du projet"], ["Sens", "défavorable"]]
PARAMETRES = {"code": "nos-risques", "nom": "Nos risques", "objet": "risques", "sens": "defavorable"}
ENTETE = ["Section", "Nom de la section", "Code", "Énoncé"]


def octets_de(*lignes: list[Any], rubriques: Any = RUBRIQUES, mise: Callable[[Workbook], None] | None = None) -> bytes:
    livre = Workbook()
    page = livre.active
    assert page is not None
    page.title = "Questions"
    for ligne in lignes:
        page.append(ligne)
    if rubriques:
        autre = livre.create_sheet("Questionnaire", 0)
        for rubrique in rubriques:
            autre.append(rubrique)
    if mise:
        mise(livre)
    octets = io.BytesIO()
    livre.save(octets)
    return octets.getvalue()


def lire(*lignes: list[Any], **options: Any) -> Lu:
    return lire_classeur(octets_de(*lignes, **options))


def phrases(lu: Lu) -> list[tuple[int | None, str, str]]:
    assert lu.definition is None
    return [(faute.ligne, faute.colonne, faute.raison) for faute in lu.fautes]


def corrige(changer: Callable[[Workbook], None], brut: dict[str, Any] | None = None) -> Lu:
    """Le classeur emporté, corrigé dans un tableur, puis rapporté."""
    livre = load_workbook(io.BytesIO(ecrire_classeur(definir(brut or petit()))))
    changer(livre)
    octets = io.BytesIO()
    livre.save(octets)
    return lire_classeur(octets.getvalue())


# --- les fautes ---


def test_un_vrai_classeur_fautif_dit_tout_case_par_case() -> None:
    entete = [
        "Section", "Nom de la section", "Code", "Énoncé", "Poids", "Sens", "Catégorie", "Étoilée", "Échelons",
        "Si question", "Si au moins", "Minimum", "Maximum",
    ]  # fmt: skip
    lu = lire(
        entete,
        ["P", "Projet", "P01", "Un ?", 0, "neutre", "météo", "peut-être", "beaucoup"],
        ["P", "Projet", "P02", "Deux ?", "NaN", None, None, None, "1 = a ; 1 = b ; 12 = c"],
        [None, None, "P01", "un", None, None, None, None, None, "P09", 2],
        [None, "Autre nom", "P04", "=1+1", None, None, None, None, None, "P02", None, 9, 3],
        ["Q", None, "q 1", "x" * 301],
        ["P", None, "P05", "Cinq ?"],
    )
    places = [(f.ou.removeprefix("feuille « Questions », case "), f.ligne, f.colonne) for f in lu.fautes]
    assert places == [
        ("F2", 2, "Sens"),
        ("E2", 2, "Poids"),
        ("H2", 2, "Étoilée"),
        ("G2", 2, "Catégorie"),
        ("I2", 2, "Échelons"),
        ("E3", 3, "Poids"),
        ("I3", 3, "Échelons"),
        ("I3", 3, "Échelons"),
        ("C4", 4, "Code"),
        ("D4", 4, "Énoncé"),
        ("J4", 4, "Si question"),
        ("D5", 5, "Énoncé"),
        ("B5", 5, "Nom de la section"),
        ("M5", 5, "Maximum"),
        ("K5", 5, "Si au moins"),
        ("B6", 6, "Nom de la section"),
        ("C6", 6, "Code"),
        ("D6", 6, "Énoncé"),
        ("A7", 7, "Section"),
    ]
    dites = {f"{place[0]}": faute.raison for place, faute in zip(places, lu.fautes, strict=True)}
    assert dites["C4"] == "Le code « P01 » est là deux fois, ligne 2 et ligne 4 : changez-en un."
    assert dites["D4"].startswith("L'énoncé « un » est là deux fois, ligne 2 et ligne 4")
    assert dites["D5"] == "La case D5 contient une formule : collez sa valeur à la place."
    assert dites["B5"].startswith("« Nom de la section » change pour la section P : « Projet » à la ligne 2, « Autre")
    assert dites["A7"] == "La section P reprend à la ligne 7 après une autre : regroupez ses questions."
    assert dites["E3"].endswith("pas « NaN » : corrigez la valeur.")
    assert lu.definition is None


def test_une_rubrique_fautive_dit_sa_ligne_et_passe_avant_les_questions() -> None:
    rubriques = [
        ["Rubrique", "Valeur"],
        ["Code", "Nos risques"],
        ["Sens", "=1"],
        ["Objet", "risques"],
        ["Nom", "Nôtre"],
    ]
    lu = lire(ENTETE, ["P", "Projet", "P01", ""], rubriques=rubriques)
    assert [(f.ou, f.ligne, f.colonne) for f in lu.fautes] == [
        ("feuille « Questionnaire », case B2", 2, "Code"),
        ("feuille « Questionnaire », case B3", 3, "Sens"),
        ("feuille « Questions », case D2", 2, "Énoncé"),
    ]
    assert "formule" in lu.fautes[1].raison


def test_une_rubrique_absente_dit_sa_feuille() -> None:
    lu = lire(ENTETE, ["P", "Projet", "P01", "Un ?"], rubriques=RUBRIQUES[:3])
    assert [(f.ou, f.ligne, f.colonne) for f in lu.fautes] == [("feuille « Questionnaire »", None, "Sens")]


def test_neuf_questions_dans_une_section_du_cent_points() -> None:
    lu = corrige(lambda livre: livre["Questions"].delete_rows(25), cent_points())
    assert phrases(lu) == [
        (
            22,
            "Section",
            "La section C (Section C) a 9 questions, et « risques-100-points » en veut 10 par section : complétez, ou "
            "changez de code.",
        )
    ]


def test_une_section_sans_question_se_dit_a_sa_ligne() -> None:
    lu = lire(ENTETE, ["P", "Projet", "P01", "Un ?"], ["Q", "Contexte"])
    (faute,) = lu.fautes
    assert faute.ligne == 3 and "La section Q (Contexte) n'a aucune question" in faute.raison


def test_une_question_sans_section_se_dit() -> None:
    assert phrases(lire(ENTETE, [None, None, "P01", "Un ?"], ["P", "Projet", "P02", "Deux ?"])) == [
        (2, "Section", "Cette question n'a pas de section, et aucune ligne au-dessus n'en donne : nommez-la.")
    ]


@pytest.mark.parametrize(
    ("entete", "phrase"),
    [
        (["Section", "Code", "Poids"], "La colonne « Énoncé » manque : ajoutez-la, ou repartez du modèle."),
        (["Code", "Énoncé", "Poids"], "La colonne « Section » manque"),
        ([*ENTETE, "Code"], "« Code » est là deux fois (C1 et E1) : gardez-en une."),
        ([*ENTETE, "Pods"], "L'intitulé « Pods » n'est pas connu (vouliez-vous « Poids » ?)"),
        ([*ENTETE, "=1"], "La case E1 contient une formule"),
        (["Ceci", "Cela"], "La ligne des intitulés (« Section », « Code », « Énoncé »…) ne se trouve pas"),
    ],
)
def test_un_en_tete_fautif_se_dit(entete: list[str], phrase: str) -> None:
    lu = lire(entete, ["P", "Projet", "P01", "Un ?"])
    (faute,) = lu.fautes
    assert lu.definition is None and faute.ligne == 1 and faute.raison.startswith(phrase)


@pytest.mark.parametrize("lignes", [1_001, 3_000, 6_000])
def test_des_milliers_de_lignes_collees_sont_refusees_d_emblee(lignes: int) -> None:
    (faute,) = lire(ENTETE, *(["P", "Projet", "P01", "=1"] for _ in range(lignes))).fautes
    assert faute.raison.startswith("La feuille « Questions » a plus de 1\u202f000 lignes, et un questionnaire 400")


def test_trois_mille_lignes_dans_un_csv_sont_refusees_d_emblee() -> None:
    (faute,) = lire_classeur(b"un texte, avec une virgule\n" * 3_000).fautes
    assert faute.raison.startswith("Le tableau a plus de 1\u202f000 lignes")
    (faute,) = lire_classeur(b"un texte\n" * 3_000).fautes
    assert "n'a qu'une colonne" in faute.raison


def test_quatre_cent_une_questions_sont_refusees_d_une_phrase() -> None:
    (faute,) = lire(ENTETE, *(["P", "Projet", f"P{n}", ""] for n in range(401))).fautes
    assert faute.raison.startswith("Le questionnaire a 401 questions, 400 au plus")


def test_une_feuille_vide_se_dit() -> None:
    (faute,) = lire(ENTETE).fautes
    assert faute.raison == "Aucune question sous les intitulés : ajoutez-en, une par ligne."
    (faute,) = lire([]).fautes
    assert "ne se trouve pas" in faute.raison


def test_sans_feuille_des_questions_on_ne_devine_pas() -> None:
    def renommer(livre: Workbook) -> None:
        livre["Questions"].title = "Un"
        livre.create_sheet("Deux").append(["x"])

    (faute,) = corrige(renommer).fautes
    assert faute.raison.startswith("Aucune feuille ne s'appelle « Questions » (il y a « Questionnaire », « Un »")


def test_un_fichier_illisible_ou_demesure_est_une_faute() -> None:
    for contenu, mot in (
        (b"", "vide"),
        (b"PK\x03\x04abc", "abîmé"),
        (b"\xd0\xcf\x11\xe0", "ancien format"),
        (b"x;" * 300 + b"\n", "200 colonnes"),
    ):
        (faute,) = lire_classeur(contenu).fautes
        assert faute.ou == "fichier" and mot in faute.raison


def test_les_bornes_du_socle_valent_ici(monkeypatch: pytest.MonkeyPatch) -> None:
    contenu = ecrire_classeur(definir(petit()))
    monkeypatch.setattr(inspection, "PLAFOND_DECOMPRESSE", 1_000)
    assert "dépasserait" in lire_classeur(contenu).fautes[0].raison


def test_un_nir_fait_refuser_et_effacer_le_fichier() -> None:
    with pytest.raises(FichierIndesirable) as capture:
        lire(ENTETE, ["P", "Projet", "P01", f"Appeler {NIR}"])
    assert "Feuille « Questions », case D2" in capture.value.message


# --- les formules ---


def test_une_formule_en_texte_est_un_texte_une_formule_qui_calcule_une_faute() -> None:
    def coller(livre: Workbook) -> None:
        case = livre["Questions"]["F2"]
        case.value, case.data_type = CALCUL, "s"

    lu = corrige(coller)
    assert lu.definition is not None and next(lu.definition.questions).enonce == CALCUL

    def calculer(livre: Workbook) -> None:
        livre["Questions"]["F2"].value = CALCUL

    (faute,) = corrige(calculer).fautes
    assert faute == Faute(
        "feuille « Questions », case F2", 2, "Énoncé", "La case F2 contient une formule : collez sa valeur à la place."
    )


@pytest.mark.parametrize("cle", ["A", "C", "E", "G", "K", "O", "S"])
def test_une_formule_est_refusee_dans_n_importe_quelle_colonne(cle: str) -> None:
    def calculer(livre: Workbook) -> None:
        livre["Questions"][f"{cle}3"].value = "=1+1"

    lu = corrige(calculer)
    assert lu.definition is None and f"La case {cle}3 contient une formule" in lu.fautes[0].raison


def test_un_csv_garde_la_regle_du_socle() -> None:
    def csv_de(enonce: str) -> Lu:
        return lire_classeur(f"Section;Nom de la section;Code;Énoncé\nP;Projet;P01;{enonce}\n".encode(), PARAMETRES)

    (faute,) = csv_de(CALCUL).fautes
    assert (faute.ou, faute.ligne) == ("fichier CSV, case D2", 2) and "formule" in faute.raison
    neutre = csv_de(f"'{CALCUL}")
    assert neutre.definition is not None and next(neutre.definition.questions).enonce == CALCUL


# --- les mots tolérés ---


@pytest.mark.parametrize(
    ("titre", "mot", "cle", "attendu"),
    [
        ("étoilée", "X", "etoilee", True),
        ("ETOILEE", "Oui", "etoilee", True),
        ("Étoilée", True, "etoilee", True),
        ("Étoilée", 1, "etoilee", True),
        ("Étoilée", "NON ", "etoilee", False),
        ("Étoilée", None, "etoilee", False),
        ("sans objet permis", "n", "sans_objet", False),
        ("Sans objet permis", None, "sans_objet", True),
        ("Sens", "FAVORABLE", "sens", "favorable"),
        ("Sens", "Défavorable", "sens", "defavorable"),
        ("Sens", "defavorable", "sens", "defavorable"),
        ("Sens", "Plus la note est haute, mieux c’est", "sens", "favorable"),
        ("Sens", "sens inconnu", "sens", "inconnu"),
        ("Sens", None, "sens", "defavorable"),
        ("categorie", "STRATEGIQUE", "categorie", "strategique"),
        ("Poids", "1,5", "poids", 1.5),
        ("Poids", 1.5, "poids", 1.5),
        ("Poids", " 2 ", "poids", 2),
        ("Poids", 3.0, "poids", 3),
        ("Maximum", "5", "maximum", 5),
        ("Aide", 12, "aide", "12"),
        ("Aide", "un\ndeux", "aide", "un\ndeux"),
        ("Aide", "insécable\u00a0?", "aide", "insécable\u00a0?"),
    ],
)
def test_les_mots_sont_toleres(titre: str, mot: Any, cle: str, attendu: Any) -> None:
    lu = lire([*ENTETE, titre], ["P", "Projet", "P01", "Un ?", mot])
    assert lu.definition is not None, lu.fautes
    assert getattr(next(lu.definition.questions), cle) == attendu


@pytest.mark.parametrize("case", ["1 = Non ; 10 = Oui", "10=Oui;1=Non", "1 : Non\n10 : Oui", " 1 = Non ;\n10 = Oui ;"])
def test_une_echelle_se_lit_en_une_case(case: str) -> None:
    lu = lire([*ENTETE, "Échelons", "Choix fermé"], ["P", "Projet", "P01", "Un ?", case, "oui"])
    assert lu.definition is not None, lu.fautes
    assert [(e.valeur, e.libelle) for e in next(lu.definition.questions).echelle] == [(1, "Non"), (10, "Oui")]


@pytest.mark.parametrize("case", ["Non ; Oui", "oui = 1", "x ; 1 = Non", 12, "1 = Non ; = Oui ; 99999999 = x"])
def test_une_echelle_illisible_ou_douteuse_ne_passe_pas_pour_une_autre(case: Any) -> None:
    lu = lire([*ENTETE, "Échelons", "Choix fermé"], ["P", "Projet", "P01", "Un ?", case, "oui"])
    assert lu.definition is None
    assert [(f.ligne, f.colonne) for f in lu.fautes] == [(2, "Échelons")]
    assert "de la question P01 ne se lit pas" in lu.fautes[0].raison or "deux échelons" in lu.fautes[0].raison


def test_les_colonnes_viennent_dans_n_importe_quel_ordre_sous_un_titre_et_la_section_se_repete_vers_le_bas() -> None:
    lu = lire(
        ["Notre questionnaire"],
        [],
        ["ÉNONCÉ", "code", "Nom de la section", "section"],
        ["Un ?", "P01", "Projet", "P"],
        [],
        ["Deux ?", "P02"],
        ["Trois ?", "Q01", "Contexte", "Q"],
    )
    assert lu.definition is not None, lu.fautes
    assert [(s.code, [q.enonce for q in s.questions]) for s in lu.definition.sections] == [
        ("P", ["Un ?", "Deux ?"]),
        ("Q", ["Trois ?"]),
    ]


def test_une_section_fusionnee_vers_le_bas_vaut_pour_ses_lignes() -> None:
    lignes = [ENTETE, ["P", "Projet", "P01", "Un ?"], [None, None, "P02", "Deux ?"]]
    lu = lire(*lignes, mise=lambda livre: livre["Questions"].merge_cells("A2:A3"))
    assert lu.definition is not None and len(lu.definition.sections[0].questions) == 2


def test_ce_qui_n_est_pas_lu_se_signale_sans_empecher() -> None:
    def mise(livre: Workbook) -> None:
        livre.create_sheet("Brouillon").append(["x"])
        livre.create_sheet("Secret").sheet_state = "hidden"

    lu = lire(
        [*ENTETE, "Qui relit", None],
        ["P", "Projet", "P01", "Un ?", "moi", "perdu"],
        [None, None, None, None, "toi"],
        rubriques=[*RUBRIQUES, ["Couleur", "bleu"]],
        mise=mise,
    )
    assert lu.definition is not None, lu.fautes
    assert lu.avertissements == [
        "La feuille « Brouillon » n'est pas lue.",
        "« Couleur » n'est pas connu dans la feuille « Questionnaire » : ce n'est pas lu.",
        "« Qui relit » n'est pas connu dans la feuille « Questions » : ce n'est pas lu.",
        "La colonne F a des valeurs mais pas d'intitulé : elle n'est pas lue.",
    ]


def test_une_rubrique_mal_ecrite_ou_double_est_une_faute() -> None:
    rubriques = [*RUBRIQUES, ["Totl", 1000], ["nom", "Autre"]]
    assert phrases(lire(ENTETE, ["P", "Projet", "P01", "Un ?"], rubriques=rubriques)) == [
        (5, "Totl", "L'intitulé « Totl » n'est pas connu (vouliez-vous « Total » ?) : corrigez-le, ou retirez-le."),
        (6, "Nom", "« Nom » est là deux fois (A2 et A6) : gardez-en une."),
    ]


# --- les rubriques données à part ---


def test_sans_feuille_des_rubriques_les_parametres_suffisent() -> None:
    octets = octets_de(ENTETE, ["P", "Projet", "P01", "Un ?"], rubriques=None)
    lu = lire_classeur(octets, PARAMETRES | {"total": 100})
    assert lu.definition is not None and (lu.definition.code, lu.definition.total) == ("nos-risques", 100)
    assert {(f.ou, f.colonne) for f in lire_classeur(octets).fautes} == {
        ("réglages du dépôt", colonne) for colonne in ("Code", "Nom", "Objet", "Sens")
    }


def test_le_fichier_l_emporte_sur_les_parametres() -> None:
    octets = octets_de(ENTETE, ["P", "Projet", "P01", "Un ?"])
    lu = lire_classeur(octets, {"nom": "Autre", "note": "Donnée"})
    assert lu.definition is not None and (lu.definition.nom, lu.definition.note) == ("Nos risques", "Donnée")


@pytest.mark.parametrize("encodage", ["utf-8", "utf-8-sig", "cp1252"])
def test_un_csv_suffit_pour_les_questions(encodage: str) -> None:
    texte = (
        "Section;Nom de la section;Code;Énoncé;Poids;Échelons\r\n"
        'P;Projet;P01;"Un ; ou deux ?";1,5;"1 = Non ; 10 = Oui"\r\n;;P02;Deux ?;;\r\n'
    )
    lu = lire_classeur(texte.encode(encodage), PARAMETRES)
    assert lu.definition is not None, lu.fautes
    premiere, seconde = lu.definition.questions
    assert (premiere.enonce, premiere.poids, len(premiere.echelle), seconde.poids) == ("Un ; ou deux ?", 1.5, 2, 1)
