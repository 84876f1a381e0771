"""Le classeur d'autrui : ses feuilles, son en-tête deviné, sa grille ; et ce qu'un fichier piégé ne peut pas faire."""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from programme.socle import classeur_pages, grilles
from programme.socle.finess.refus import FichierIndesirable, FichierRefuse
from programme.socle.grilles import Classeur, Feuille, Fusion, Lecture, ouvrir_classeur, proposer_lecture
from tests.fabriques import finess_valide

NIR = "1 85 05 78 006 084 91"
UN, DEUX, TROIS = finess_valide(1), finess_valide(2), finess_valide(3)


def csv_de(texte: str, encodage: str = "utf-8") -> Classeur:
    return ouvrir_classeur(io.BytesIO(texte.encode(encodage)))


def octets_de(*lignes: list[Any], mise: Callable[[Worksheet, Workbook], None] | None = None) -> bytes:
    livre = Workbook()
    page = livre.active
    assert page is not None
    page.title = "Suivi"
    for ligne in lignes:
        page.append(ligne)
    if mise:
        mise(page, livre)
    octets = io.BytesIO()
    livre.save(octets)
    return octets.getvalue()


def xlsx_de(*lignes: list[Any], mise: Callable[[Worksheet, Workbook], None] | None = None) -> Classeur:
    return ouvrir_classeur(io.BytesIO(octets_de(*lignes, mise=mise)))


def retouche(octets: bytes, partie: str, avant: str, apres: str) -> bytes:
    """Le même classeur, une de ses parties XML changée."""
    rendu = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(octets)) as lu, zipfile.ZipFile(rendu, "w", zipfile.ZIP_DEFLATED) as ecrit:
        for nom in lu.namelist():
            contenu = lu.read(nom).decode()
            ecrit.writestr(nom, re.sub(avant, apres, contenu, count=1) if nom == partie else contenu)
    return rendu.getvalue()


def textes(classeur: Classeur, lecture: Lecture | None = None) -> list[list[str]]:
    return [[c.texte for c in ligne.cellules] for ligne in classeur.lire(lecture or proposer_lecture(classeur)).lignes]


# --- CSV ---


@pytest.mark.parametrize("separateur", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encodage", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_separateur_et_encodage_se_devinent(separateur: str, encodage: str) -> None:
    lignes = [["N° FINESS", "État"], [UN, "Préparation"], [DEUX, "Déployé"]]
    classeur = csv_de("\r\n".join(map(separateur.join, lignes)), encodage)
    grille = classeur.lire(proposer_lecture(classeur))
    assert grille.entetes == ["N° FINESS", "État"]
    assert [[c.texte for c in ligne.cellules] for ligne in grille.lignes] == lignes[1:]
    assert [ligne.cellules[1].place for ligne in grille.lignes] == ["B2", "B3"]


def test_les_virgules_d_un_commentaire_ne_font_pas_le_separateur() -> None:
    classeur = csv_de(f"FINESS;Note\n{UN};un, deux, trois, quatre\n{DEUX};cinq, six, sept, huit\n")
    assert proposer_lecture(classeur) == Lecture("Tableau", 1)
    assert textes(classeur)[0] == [UN, "un, deux, trois, quatre"]


def test_la_ligne_sep_d_un_tableur_ne_se_voit_pas() -> None:
    assert textes(csv_de(f"sep=,\nFINESS,État\n{UN},Cadrage\n")) == [[UN, "Cadrage"]]


def test_un_csv_n_a_qu_une_feuille_quel_que_soit_le_nom_retenu() -> None:
    classeur = csv_de(f"FINESS;État\n{UN};Cadrage\n")
    assert classeur.feuilles == [Feuille("Tableau", False, 2, 1)]
    assert textes(classeur, Lecture("Suivi", 1)) == [[UN, "Cadrage"]]


def test_une_formule_reste_une_formule_et_une_apostrophe_de_surete_s_enleve() -> None:
    (ligne,) = csv_de(f"FINESS;A;B\n{UN};=1+1;'=1+1\n").lire(Lecture("", 1)).lignes
    assert ligne.cellules[1].est_formule and not ligne.cellules[2].est_formule


# --- Les feuilles ---


def test_une_feuille_cachee_se_dit_et_n_est_jamais_lue_d_office() -> None:
    def mise(_: Worksheet, livre: Workbook) -> None:
        for nom, etat, numeros in (
            ("Archives", "hidden", [UN, DEUX]),
            ("Listes", "veryHidden", []),
            ("2023", "", [UN]),
        ):
            feuille = livre.create_sheet(nom)
            feuille.append(["FINESS", "ESMS"])
            for numero in numeros:
                feuille.append([numero, "x"])
            feuille.sheet_state = etat or "visible"

    classeur = xlsx_de(["FINESS", "ESMS"], [UN, "a"], mise=mise)
    assert [(f.nom, f.cachee, f.nb_lignes, f.nb_finess) for f in classeur.feuilles] == [
        ("Suivi", False, 2, 1),
        ("Archives", True, 3, 2),
        ("Listes", True, 1, 0),
        ("2023", False, 2, 1),
    ]
    lecture = proposer_lecture(classeur)
    assert lecture.feuille == "Suivi"
    dits = classeur.lire(lecture).avertissements
    assert any("cachée « Archives » porte des numéros FINESS (2 lignes)" in dit for dit in dits)
    assert "La feuille cachée « Listes » n'est pas lue." in dits
    assert any("« 2023 » porte aussi des numéros FINESS (1 ligne)" in dit for dit in dits)
    assert any("parce que vous l'avez choisie" in dit for dit in classeur.lire(Lecture("Archives", 1)).avertissements)


def test_la_feuille_proposee_est_celle_qui_porte_les_numeros() -> None:
    def mise(_: Worksheet, livre: Workbook) -> None:
        suivi = livre.create_sheet("Parcours")
        for ligne in (["FINESS", "ESMS"], [UN, "a"], [DEUX, "b"]):
            suivi.append(ligne)

    assert proposer_lecture(xlsx_de(["Lisez-moi", "avant"], ["tout", "le reste"], mise=mise)).feuille == "Parcours"


def test_une_feuille_absente_se_dit_avec_celles_qu_il_y_a() -> None:
    with pytest.raises(FichierRefuse, match="« Autre » n'est pas dans ce classeur ; il a : « Suivi »"):
        xlsx_de(["FINESS", "ESMS"]).lire(Lecture("Autre", 1))


def test_des_feuilles_toutes_cachees_ne_se_lisent_pas() -> None:
    def mise(page: Worksheet, livre: Workbook) -> None:
        livre.create_sheet("Vide")
        page.sheet_state = "hidden"

    with pytest.raises(FichierRefuse, match="sont cachées"):
        proposer_lecture(xlsx_de(["FINESS", "ESMS"], [UN, "a"], mise=mise))


# --- L'en-tête ---


def fusionner(*plages: str) -> Callable[[Worksheet, Workbook], None]:
    return lambda page, _: [page.merge_cells(plage) for plage in plages] and None


def test_un_titre_au_dessus_n_est_pas_l_en_tete() -> None:
    classeur = xlsx_de(
        ["Suivi du déploiement"],
        [],
        ["Mise à jour", "novembre"],
        ["FINESS", "État"],
        [UN, "x"],
        mise=fusionner("A1:B1"),
    )
    assert proposer_lecture(classeur) == Lecture("Suivi", 4)


def test_deux_lignes_d_en_tete_fusionnees_donnent_groupe_et_colonne() -> None:
    classeur = xlsx_de(
        ["Suivi du déploiement", None, None, None],
        ["FINESS", "Direction", None, "État"],
        [None, "Nom", "Courriel", None],
        [UN, "Camille Exemple", "a@exemple.invalid", "Cadrage"],
        mise=fusionner("A1:D1", "A2:A3", "B2:C2", "D2:D3"),
    )
    lecture = proposer_lecture(classeur)
    assert lecture == Lecture("Suivi", 2, 2)
    grille = classeur.lire(lecture)
    assert grille.entetes == ["FINESS", "Direction / Nom", "Direction / Courriel", "État"]
    assert grille.fautes == [] and grille.avertissements == []
    assert [ligne.numero for ligne in grille.lignes] == [4]


def test_des_groupes_sans_fusion_en_hauteur_se_reconnaissent_aussi() -> None:
    classeur = xlsx_de(
        [None, None, "VA", None, "VSR", None],
        ["FINESS", "État", "Date", "Issue", "Date", "Issue"],
        [UN, "x"],
        mise=fusionner("C1:D1", "E1:F1"),
    )
    lecture = proposer_lecture(classeur)
    assert lecture == Lecture("Suivi", 1, 2)
    assert classeur.lire(lecture).entetes == ["FINESS", "État", "VA / Date", "VA / Issue", "VSR / Date", "VSR / Issue"]


def test_deux_lignes_lues_comme_une_donnent_des_intitules_en_double_et_on_le_dit() -> None:
    classeur = xlsx_de(
        ["FINESS", "Direction", None, "Référent", None],
        [None, "Nom", "Courriel", "Nom", "Courriel"],
        [UN, "a", "b", "c", "d"],
        mise=fusionner("A1:A2", "B1:C1", "D1:E1"),
    )
    grille = classeur.lire(Lecture("Suivi", 2))
    assert grille.doubles == {"nom": ["B2", "D2"], "courriel": ["C2", "E2"]}
    assert any("« Nom » est là plusieurs fois (B2, D2)" in dit for dit in grille.avertissements)
    assert any("La colonne A a des valeurs mais pas d'intitulé" in dit for dit in grille.avertissements)


def test_un_intertitre_entre_l_en_tete_et_les_lignes_ne_trompe_pas() -> None:
    classeur = xlsx_de(["FINESS", "État"], ["Vague 1"], [UN, "x"], mise=fusionner("A2:B2"))
    assert proposer_lecture(classeur) == Lecture("Suivi", 1)


def test_une_premiere_ligne_au_numero_faux_n_est_pas_prise_pour_l_en_tete() -> None:
    fausse = UN[:8] + str((int(UN[8]) + 1) % 10)
    assert proposer_lecture(xlsx_de(["FINESS", "État"], [fausse, "x"], [DEUX, "y"])) == Lecture("Suivi", 1)


def test_le_siren_du_porteur_au_dessus_ne_trompe_pas() -> None:
    lignes = [["Porteur", "Association Treille"], ["SIREN", "775544562"], ["FINESS", "État"], [UN, "x"], [DEUX, "y"]]
    assert proposer_lecture(xlsx_de(*lignes)).ligne_entete == 3


def test_une_premiere_ligne_sans_numero_n_est_pas_l_en_tete_quand_finess_est_nomme() -> None:
    assert proposer_lecture(xlsx_de(["N° FINESS", "État", 2024], [None, "IME", "x"], [UN, "y"])).ligne_entete == 1


def test_des_groupes_dont_le_finess_n_est_pas_fusionne_en_hauteur() -> None:
    lignes = [["FINESS", "VA", None], [None, "Date", "Issue"], [UN, "x"]]
    assert proposer_lecture(xlsx_de(*lignes, mise=fusionner("B1:C1"))) == Lecture("Suivi", 1, 2)


def test_sans_numero_l_en_tete_est_la_ligne_la_plus_remplie() -> None:
    assert proposer_lecture(xlsx_de(["a", "b"], ["Numéro", "Nom", "État"], ["?", "x"])).ligne_entete == 2


@pytest.mark.parametrize("lecture", [Lecture("Suivi", 0), Lecture("Suivi", 9), Lecture("Suivi", 1, 4)])
def test_un_en_tete_hors_de_la_feuille_se_dit(lecture: Lecture) -> None:
    with pytest.raises(FichierRefuse, match="n'existe pas dans la feuille « Suivi »"):
        xlsx_de(["FINESS", "État"], [UN, "x"]).lire(lecture)


def test_un_intitule_en_formule_et_une_feuille_sans_ligne_sont_des_fautes() -> None:
    grille = xlsx_de(["FINESS", "=A1"]).lire(Lecture("Suivi", 1))
    assert ["B1 est une formule" in grille.fautes[0], "Aucune ligne sous l'en-tête" in grille.fautes[1]] == [True, True]


# --- Les lignes ---


def test_une_case_fusionnee_dans_les_donnees_se_sait_a_chaque_place() -> None:
    classeur = xlsx_de(["FINESS", "État"], [UN, "Cadrage"], [DEUX, None], [TROIS, None], mise=fusionner("B2:B4"))
    cellules = [ligne.cellules[1] for ligne in classeur.lire(Lecture("Suivi", 1)).lignes]
    assert [(c.place, c.texte) for c in cellules] == [("B2", "Cadrage"), ("B3", "Cadrage"), ("B4", "Cadrage")]
    assert {c.valeur.plage for c in cellules if isinstance(c.valeur, Fusion)} == {"B2:B4"}


def test_vide_total_intertitre_et_en_tete_repete_sont_ignores_et_dits() -> None:
    classeur = xlsx_de(
        ["FINESS", "ESMS", "État"],
        ["Pôle enfance"],
        [UN, "IME", "Cadrage"],
        [],
        ["FINESS", "ESMS", "État"],
        ["", "Foyer Total", "Cadrage"],
        ["Total", "=COUNTA(A2:A6)", None],
        [None, "Sous-total", 3],
        ["", "12 bis"],
    )
    grille = classeur.lire(Lecture("Suivi", 1))
    assert [ligne.numero for ligne in grille.lignes] == [3, 6]
    assert [re.sub(r"\D*(\d+).*", r"\1", dit) for dit in grille.avertissements] == ["2", "5", "7", "8", "9"]


@pytest.mark.parametrize("numero", ["12345678", "33 990 012", "0I1234567"])
def test_une_ligne_qui_n_a_qu_un_numero_mal_recopie_n_est_pas_un_intertitre(numero: str) -> None:
    grille = xlsx_de(["FINESS", "État"], [UN, "x"], [numero, None]).lire(Lecture("Suivi", 1))
    assert [ligne.numero for ligne in grille.lignes] == [2, 3]


def test_lignes_et_colonnes_masquees_sont_lues_et_dites() -> None:
    def mise(page: Worksheet, _: Workbook) -> None:
        page.row_dimensions[3].hidden = True
        page.column_dimensions["B"].hidden = True

    grille = xlsx_de(["FINESS", "État"], [UN, "x"], [DEUX, "y"], mise=mise).lire(Lecture("Suivi", 1))
    assert [ligne.numero for ligne in grille.lignes] == [2, 3]
    assert "lues comme les autres : 3." in grille.avertissements[0]
    assert "La colonne B (« État ») est masquée" in grille.avertissements[1]


def test_une_date_d_excel_reste_une_date() -> None:
    (ligne,) = xlsx_de(["FINESS", "Cadrage"], [UN, datetime(2024, 3, 12)]).lire(Lecture("Suivi", 1)).lignes
    assert ligne.cellules[1].valeur == datetime(2024, 3, 12)


# --- Les fichiers piégés ou déposés par erreur ---


def test_un_nir_est_refuse_avec_sa_place_jamais_son_numero() -> None:
    for fichier in (octets_de(["FINESS", "Note"], [UN, f"voir {NIR}"]), f"FINESS;Note\n{UN};{NIR}\n".encode()):
        with pytest.raises(FichierIndesirable) as refus:
            ouvrir_classeur(io.BytesIO(fichier))
        assert "ase B2" in str(refus.value) and "85 05" not in str(refus.value)


def test_un_nir_se_cherche_aussi_dans_une_feuille_cachee_et_dans_un_nom_de_feuille() -> None:
    def cachee(_: Worksheet, livre: Workbook) -> None:
        page = livre.create_sheet("Cachée")
        page.append([None, NIR])
        page.sheet_state = "hidden"

    with pytest.raises(FichierIndesirable, match="Feuille « Cachée », case B1"):
        xlsx_de(["FINESS"], [UN], mise=cachee)
    with pytest.raises(FichierIndesirable, match="Hors des cases lues"):
        xlsx_de(["FINESS"], [UN], mise=lambda page, _: setattr(page, "title", NIR))


def test_un_nir_dans_un_commentaire_est_refuse() -> None:
    from openpyxl.comments import Comment

    with pytest.raises(FichierIndesirable, match="Hors des cases lues"):
        xlsx_de(["FINESS"], [UN], mise=lambda page, _: setattr(page["A1"], "comment", Comment(NIR, "Camille Exemple")))


def test_une_bombe_zip_n_est_pas_ouverte() -> None:
    bombe = io.BytesIO(octets_de(["FINESS"], [UN]))
    with zipfile.ZipFile(bombe, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/bombe.xml", b"<a>" + b" " * (64 << 20) + b"</a>")
    with pytest.raises(FichierRefuse, match="dépasserait"):
        ouvrir_classeur(bombe)


@pytest.mark.parametrize("plage", ["C1:XFD1048576", "A3:B1048576", "A2:XFD2"])
def test_une_fusion_demesuree_ne_remplit_pas_la_memoire(plage: str) -> None:
    octets = octets_de(["FINESS", "État"], [UN, "x"], mise=fusionner("C5:D6"))
    octets = retouche(octets, "xl/worksheets/sheet1.xml", 'ref="C5:D6"', f'ref="{plage}"')
    classeur = ouvrir_classeur(io.BytesIO(octets))
    assert [len(ligne) for ligne in textes(classeur)] == [2] and len(classeur.pages[0].fusions) <= 2


def test_des_fusions_qui_se_recouvrent_sans_fin_sont_refusees(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(classeur_pages, "CELLULES_MAXIMALES", 3)
    with pytest.raises(FichierRefuse, match="cases fusionnées"):
        xlsx_de(["FINESS", "État"], [UN, "x"], [DEUX, "y"], mise=fusionner("A1:A2", "B1:B2"))


def test_une_case_tres_loin_ne_fait_pas_lire_un_million_de_lignes() -> None:
    octets = octets_de(["FINESS", "État"], [UN, "x"])
    octets = retouche(octets, "xl/worksheets/sheet1.xml", r'<row r="2"', '<row r="1048576"')
    octets = retouche(octets, "xl/worksheets/sheet1.xml", r'r="A2"', 'r="A1048576"')
    classeur = ouvrir_classeur(io.BytesIO(octets))
    assert list(classeur.pages[0].cellules) == [1]
    with pytest.raises(FichierRefuse, match="dépasse 5000 lignes"):
        classeur.lire(Lecture("Suivi", 1))


def test_trop_de_colonnes_et_une_grille_demesuree_se_disent(monkeypatch: pytest.MonkeyPatch) -> None:
    large = xlsx_de(["x"] * 202)
    with pytest.raises(FichierRefuse, match="plus de 200 colonnes"):
        large.lire(Lecture("Suivi", 1))
    with pytest.raises(FichierRefuse, match="plus de 200 colonnes"):
        csv_de(";".join("x" * 202))
    monkeypatch.setattr(grilles, "GRILLE_MAXIMALE", 3)
    with pytest.raises(FichierRefuse, match="2 lignes sur 2 colonnes"):
        xlsx_de(["FINESS", "État"], [UN, "x"]).lire(Lecture("Suivi", 1))


def test_un_csv_trop_long_se_dit_a_la_lecture() -> None:
    classeur = csv_de("FINESS;État\n" + f"{UN};x\n" * 5_001)
    with pytest.raises(FichierRefuse, match="dépasse 5000 lignes"):
        classeur.lire(Lecture("", 1))


@pytest.mark.parametrize(
    ("octets", "dit"),
    [
        (b"", "vide"),
        (b"\xd0\xcf\x11\xe0 ancien", "ancien format"),
        (b"PK\x03\x04 rien", "abîmé"),
        (b"un seul mot\npar ligne\n", "qu'une colonne"),
        (b"a;b\x00\n", "n'est pas un tableau"),
        (b'a;b\nc;"d' + b"x" * 200_000, "ne se lit pas"),
    ],
)
def test_un_fichier_illisible_se_dit(octets: bytes, dit: str) -> None:
    with pytest.raises(FichierRefuse, match=dit):
        ouvrir_classeur(io.BytesIO(octets))


def test_un_fichier_trop_gros_n_est_pas_lu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("programme.socle.classeur.PLAFOND", 1 << 20)
    with pytest.raises(FichierRefuse, match="pèse plus de 1 Mo"):
        ouvrir_classeur(io.BytesIO(b"a;b\n" * (1 << 19)))


def test_la_lecture_se_garde_et_se_retrouve() -> None:
    lecture = Lecture("Suivi", 4, 2)
    assert Lecture.depuis_json(lecture.en_json()) == lecture
    assert Lecture.depuis_json({"feuille": "x", "ligne_entete": 1}) == Lecture("x", 1, 1)
