"""Les rendus d'une prose : un HTML sûr, des données sans balisage, une table des titres, une table des sigles."""

import json
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.usages.monographies.proses import TEXTES
from usages.calculs.prose import Encadre, Titre, lire, textes_nus
from usages.calculs.rendus_prose import Entree, Sigle, en_donnees, en_html, sigles, titres

pytestmark = pytest.mark.une_base

PERMISES = {"h2", "h3", "p", "ul", "ol", "li", "figure", "blockquote", "figcaption", "div", "strong", "em", "br"}
CONNUS = {"IME": "institut médico-éducatif", "DUI": "dossier de l'usager informatisé", "GRADeS": "groupement régional"}


class _Balises(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.vues: set[str] = set()
        self.texte = ""
        self.ouvertes: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.vues.add(tag)
        assert {nom for nom, _ in attrs} <= {"id", "class", "role", "aria-label", "start"}
        if tag == "br":
            self.texte += "\n"
        else:
            self.ouvertes.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.ouvertes.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texte += data


def _lire_html(html: str) -> _Balises:
    balises = _Balises()
    balises.feed(html)
    balises.close()
    assert not balises.ouvertes
    return balises


def test_html_d_une_prose_complete() -> None:
    prose = "## Un & deux\n### Trois\nA **b** *c*\nd\n- e\n3. f\n> g\n> — une <mère>\n!!! Focus\nh\n!!!"
    assert en_html(lire(prose), decalage=2, prefixe="motivations").split("\n") == [
        '<h3 id="motivations-un-deux">Un &amp; deux</h3>',
        '<h4 id="motivations-trois">Trois</h4>',
        "<p>A <strong>b</strong> <em>c</em><br>d</p>",
        "<ul><li>e</li></ul>",
        '<ol start="3"><li>f</li></ol>',
        '<figure class="prose-citation"><blockquote><p>g</p></blockquote>'
        "<figcaption>une &lt;mère&gt;</figcaption></figure>",
        '<div class="prose-encadre" role="note" aria-label="Focus">',
        '<p class="prose-encadre-titre">Focus</p>',
        "<p>h</p>",
        "</div>",
    ]


@pytest.mark.parametrize(("decalage", "balise"), [(0, "h1"), (1, "h2"), (5, "h6"), (9, "h6"), (-3, "h1")])
def test_un_titre_se_decale_sans_sortir_des_six_niveaux(decalage: int, balise: str) -> None:
    assert en_html(lire("## T"), decalage=decalage).startswith(f"<{balise} ")


@given(TEXTES)
def test_le_html_n_a_que_nos_balises_et_tous_les_mots(texte: str) -> None:
    blocs = lire(texte)
    html = _lire_html(en_html(blocs))
    assert html.vues <= PERMISES
    lettres = "".join(c for c in "".join(textes_nus(blocs)) if c.isalnum())
    assert "".join(c for c in html.texte if c.isalnum()) == lettres


@pytest.mark.parametrize("mechant", ["<script>x</script>", '" onclick="x', "<!-- x", "&lt;b&gt;", "]]><svg/onload=x>"])
@pytest.mark.parametrize("place", ["{}", "## {}", "- {}", "1. {}", "> {}", "> a\n> — {}", "!!! {}\na", "**{}**"])
def test_rien_de_tape_ne_devient_une_balise(mechant: str, place: str) -> None:
    html = _lire_html(en_html(lire(place.format(mechant))))
    assert html.vues <= PERMISES
    assert mechant in html.texte


def test_les_donnees_disent_le_genre_de_chaque_bloc() -> None:
    donnees = en_donnees(lire("## T\n*a*\n- b\n1. c\n> d\n> — e\n!!! F\ng"))
    assert [d["genre"] for d in donnees] == ["titre", "paragraphe", "liste", "liste", "citation", "encadre"]
    assert donnees[1] == {"genre": "paragraphe", "texte": [{"texte": "a", "gras": False, "italique": True}]}
    assert [d["depart"] for d in donnees[2:4]] == [None, 1]
    assert donnees[4]["qui"] == "e"
    assert [d["genre"] for d in donnees[5]["blocs"]] == ["paragraphe"]


@given(TEXTES)
def test_les_donnees_sont_du_json_et_portent_chaque_mot(texte: str) -> None:
    blocs = lire(texte)
    donnees = json.loads(json.dumps(en_donnees(blocs)))
    assert len(donnees) == len(blocs)

    def mots(valeur: object, cle: str = "") -> str:
        if isinstance(valeur, dict):
            return "".join(mots(v, c) for c, v in valeur.items())
        if isinstance(valeur, list):
            return "".join(mots(v, cle) for v in valeur)
        return valeur if isinstance(valeur, str) and cle in ("texte", "qui") else ""

    def lettres(brut: str) -> str:
        return "".join(c for c in brut if c.isalnum())

    assert lettres(mots(donnees)) == lettres("".join(textes_nus(blocs)))


def test_la_table_des_titres_separe_les_homonymes() -> None:
    assert titres(lire("## Été\n## été\n### Été 2\n## …\na"), prefixe="s") == [
        Entree(1, "Été", "s-ete"),
        Entree(1, "été", "s-ete-2"),
        Entree(2, "Été 2", "s-ete-2-2"),
        Entree(1, "…", "s-titre"),
    ]


@given(TEXTES, st.sampled_from(["", "acteurs"]))
def test_chaque_titre_a_son_ancre_et_le_html_la_porte(texte: str, prefixe: str) -> None:
    blocs = lire(texte)
    table = titres(blocs, prefixe=prefixe)
    html = en_html(blocs, prefixe=prefixe)
    assert len({e.ancre for e in table}) == len(table) == sum(isinstance(b, Titre) for b in blocs)
    assert all(f' id="{e.ancre}"' in html for e in table)


def test_les_sigles_employes_et_ceux_a_expliquer() -> None:
    prose = "L'IME et le GRADeS.\n\n- DUI, DUI-IME\n\n!!! La VSR de l'IME\nEn 2022, le XXI siècle, à 18H30, SERAFIN-PH."
    assert sigles(lire(prose), CONNUS) == [
        Sigle("DUI", CONNUS["DUI"], 2),
        Sigle("GRADeS", CONNUS["GRADeS"], 1),
        Sigle("IME", CONNUS["IME"], 3),
        Sigle("SERAFIN-PH", "", 1),
        Sigle("VSR", "", 1),
    ]


def test_un_mot_crie_n_est_pas_un_sigle() -> None:
    assert sigles(lire("## LE CONTEXTE DE L'IME\nATTENTION aux ABSENCES et à II"), CONNUS) == [
        Sigle("IME", CONNUS["IME"], 1),
    ]


def test_un_sigle_inconnu_dans_un_focus_compte() -> None:
    (focus,) = lire("!!! Focus HAS\n> la HAS\n> — HAS")
    assert isinstance(focus, Encadre)
    assert sigles([focus], {}) == [Sigle("HAS", "", 3)]
