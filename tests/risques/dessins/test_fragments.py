"""Les fragments : chaque dessin a sa légende et sa table, qui tiennent les mêmes chiffres ; rien en ligne."""

import re
from datetime import date, timedelta

import pytest
from django.template.loader import render_to_string

from risques.calculs.dispersion import etaler
from risques.dessins import chaleur, dispersion, matrice, radar, tendance
from risques.enums import NiveauRisque, Regard

AU = date(2026, 11, 24)
SECTIONS = ["Contexte", "Fonctionnement du management", "Alliés <du> projet"]
SERIES = [radar.Serie("Démarrage", (0.42, 0.615, None)), radar.Serie("Fin de phase", (0.5, 0.6, 0.7))]
PALIERS = [chaleur.Palier(mot) for mot in ("Acceptable", "Significatif", "Critique", "Inacceptable")]
LIGNES = [
    chaleur.LigneLue("EHPAD A", "/esms/1/", (chaleur.Note(4, "16"), None), AU - timedelta(days=300)),
    chaleur.LigneLue("IME B", "", (chaleur.Note(1, "2"), chaleur.Note(2, "6")), AU),
]
COLONNES = [chaleur.Colonne("Humain"), chaleur.Colonne("Fonctionnement du management", "Management")]
EVALUATEURS = [dispersion.Evaluateur("Direction", Regard.DIRECTION), dispersion.Evaluateur("Nuit", Regard.TERRAIN)]
QUESTION = dispersion.QuestionLue("1.1", "Un énoncé", (2, 9), "opposés", etaler((2, 9)))

DESSINS = {
    "radar": radar.dessiner(SECTIONS, SERIES, titre="Profil"),
    "chaleur": chaleur.dessiner(LIGNES, COLONNES, PALIERS, titre="Carte", au=AU),
    "matrice": matrice.dessiner(
        [matrice.RisqueLu("R1", "Réseau", 3, 4, 1, 2)],
        lambda p, i: NiveauRisque.CRITIQUE if p * i > 6 else NiveauRisque.ACCEPTABLE,
        adresse=lambda lecture, p, i: f"/r/?lecture={lecture}&p={p}&i={i}",
    ),
    "tendance": tendance.dessiner([tendance.Evaluation(AU - timedelta(days=90), 412.5), tendance.Evaluation(AU, 530)]),
    "dispersion": dispersion.dessiner([QUESTION], EVALUATEURS),
}


def rendre(nom: str, dessin: object | None = None) -> str:
    return render_to_string(f"risques/fragments/{nom}.html", {nom: dessin or DESSINS[nom]})


def texte(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def cellules(html: str, table: str) -> list[list[str]]:
    corps = re.search(rf'data-table="{table}".*?</table>', html, re.DOTALL)
    assert corps, f"pas de table {table}"
    lignes = re.findall(r"<tr>(.*?)</tr>", corps[0], re.DOTALL)
    return [[texte(c) for c in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", ligne, re.DOTALL)] for ligne in lignes]


@pytest.mark.parametrize("nom", DESSINS)
def test_un_dessin_a_sa_legende_et_sa_table_et_rien_en_ligne(nom: str) -> None:
    html = rendre(nom)
    assert html.count("<figure") == html.count("<figcaption>") == 1 and "<table" in html
    assert not re.search(r"\sstyle=|<script|\son\w+=", html)
    assert html.count("<caption") == html.count("<table")
    if "<svg" in html:
        assert all('role="img"' in s or "aria-hidden" in s for s in re.findall(r"<svg[^>]*width=[^>]*>", html))


@pytest.mark.parametrize("nom", DESSINS)
def test_les_coordonnees_gardent_le_point_decimal(nom: str) -> None:
    coordonnees = re.findall(r'\s(?:x|y|x1|x2|y1|y2|width|height|dy|r)="([^"]*)"', rendre(nom))
    assert all(re.fullmatch(r"-?\d+(\.\d+)?%?", c) for c in coordonnees), coordonnees


def test_le_radar_et_sa_table_disent_les_memes_chiffres() -> None:
    html = rendre("radar")
    lignes = cellules(html, "radar")
    assert lignes[1:] == [
        ["1. Contexte", "42", "50", "+ 8"],
        ["2. Fonctionnement du management", "62", "60", "− 2"],
        ["3. Alliés &lt;du&gt; projet", "—", "70", "—"],
    ]
    assert "<title>Démarrage, Contexte : 42</title>" in html and "<title>Démarrage, Alliés" not in html


def test_le_radar_de_deux_axes_est_en_barres() -> None:
    html = rendre("radar", radar.dessiner(SECTIONS[:2], [radar.Serie("A", (0.4, 0.5))], titre="Profil"))
    assert "<polygon" not in html and 'width="40.0%"' in html


def test_la_carte_ecrit_chaque_chiffre_et_mene_a_chaque_esms() -> None:
    html = rendre("chaleur")
    lignes = cellules(html, "chaleur")
    assert lignes[1] == ["Inacceptable", "1", "0", ""]
    assert lignes[-2] == [
        "EHPAD A il y a 9 mois ancienne",
        "16 inacceptable",
        "— pas encore évalué",
        "il y a 9 mois ancienne",
    ]
    assert lignes[-1] == ["IME B aujourd’hui", "2 acceptable", "6 significatif", "aujourd’hui"]
    assert '<a href="/esms/1/">EHPAD A</a>' in html and 'tabindex="0"' in html
    assert '<abbr title="Fonctionnement du management">' in html


def test_la_matrice_mene_a_la_liste_de_la_case() -> None:
    html = rendre("matrice")
    assert html.count("<a href=") == 2
    assert 'href="/r/?lecture=brut&amp;p=3&amp;i=4"' in html and 'href="/r/?lecture=residuel&amp;p=1&amp;i=2"' in html
    assert cellules(html, "risques")[1] == ["R1 Réseau", "3 fréquent", "4 bloquant", "critique", "acceptable (1 × 2)"]


def test_un_registre_vide_le_dit() -> None:
    assert "Aucun risque au registre." in rendre("matrice", matrice.dessiner([], lambda p, i: NiveauRisque.CRITIQUE))


def test_la_tendance_se_trace_a_partir_de_deux() -> None:
    html = rendre("tendance")
    assert html.count('class="tendance-trait"') == 1
    assert [ligne[1:] for ligne in cellules(html, "tendance")[1:]] == [["413", "—"], ["530", "+ 117"]]
    seule = rendre("tendance", tendance.dessiner([tendance.Evaluation(AU, 530)]))
    assert "<svg" not in seule and "Une seule évaluation" in seule
    assert "<details" not in rendre("tendance", tendance.dessiner([]))


def test_l_etendue_se_lit_avant_la_moyenne() -> None:
    html = rendre("dispersion")
    lu = texte(html)
    assert lu.index("opposés de 2 à 9") < lu.index("moyenne 5,5")
    assert cellules(html, "dispersion") == [
        ["Question", "Direction", "Nuit", "Du plus bas au plus haut", "Médiane", "Moyenne"],
        ["1.1 Un énoncé", "2", "9", "de 2 à 9, opposés", "5,5", "5,5"],
    ]
