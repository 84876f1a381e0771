"""La prose : ce qui se tape se lit, ce qui se lit se retape à l'identique, et rien ne devient du balisage."""

import pytest
from hypothesis import example, given, settings

from programme.socle.texte import nettoyer
from tests.usages.monographies.proses import TEXTES
from usages.calculs.prose import (
    Citation,
    Encadre,
    Liste,
    Paragraphe,
    Segment,
    Titre,
    en_texte,
    lire,
    texte_nu,
    textes_nus,
)

pytestmark = pytest.mark.une_base

COMPLETE = """## Les motivations

Un logiciel **commun**, et *rien* d'autre.
Même à l'internat.

### Ce qu'on en attendait
- moins de papier
- des écrits
  mieux partagés

- une seule saisie
1. d'abord le journal
2. puis le projet

> Avant, on cherchait le cahier.
> — une éducatrice
!!! Focus sur les écrits
Deux ateliers par service.

> On relit ensemble.
— un chef de service
!!!
La suite."""


def _t(texte: str) -> tuple[Segment, ...]:
    return (Segment(texte),)


def test_tout_ce_qui_se_tape() -> None:
    assert lire(COMPLETE) == (
        Titre(1, _t("Les motivations")),
        Paragraphe(
            (
                Segment("Un logiciel "),
                Segment("commun", gras=True),
                Segment(", et "),
                Segment("rien", italique=True),
                Segment(" d'autre.\nMême à l'internat."),
            )
        ),
        Titre(2, _t("Ce qu'on en attendait")),
        Liste((_t("moins de papier"), _t("des écrits\nmieux partagés"), _t("une seule saisie"))),
        Liste((_t("d'abord le journal"), _t("puis le projet")), depart=1),
        Citation(_t("Avant, on cherchait le cahier."), "une éducatrice"),
        Encadre(
            _t("Focus sur les écrits"),
            (Paragraphe(_t("Deux ateliers par service.")), Citation(_t("On relit ensemble."), "un chef de service")),
        ),
        Paragraphe(_t("La suite.")),
    )


@pytest.mark.parametrize(
    "texte",
    [
        "<script>alert(1)</script>",
        '#import "@preview/x"',
        "{{ donnees }} {% load x %}",
        "#let x = 1",
        "#dui",
        "#######",
        "####",
        "!!!!! attention",
        ">",
        "-",
        "---",
        "2022. Une année",
        "2 * 3 * 4",
        "2*3*4",
        "éducateur*rice*s",
        "**jamais fermé",
        "a * *",
        "\\x \\- y",
        "C:\\dossiers\\ime",
        "\\\\serveur\\partage",
        "[lien](http://exemple.fr)",
        "| a | b |",
        "`code`",
        "-5 %",
    ],
)
def test_le_reste_est_du_texte(texte: str) -> None:
    assert lire(texte) == (Paragraphe(_t(texte)),)
    assert en_texte(lire(texte)) == texte


@pytest.mark.parametrize(
    ("texte", "nu"),
    [
        ("\\- pas une liste", "- pas une liste"),
        ("\\## pas un titre", "## pas un titre"),
        ("\\> pas une citation", "> pas une citation"),
        ("\\!!! rien", "!!! rien"),
        ("\\*mot\\*", "*mot*"),
        ("12\\*2", "12*2"),
        ("\\1. pas un numéro", "1. pas un numéro"),
    ],
)
def test_un_signe_rendu_a_lui_meme(texte: str, nu: str) -> None:
    assert lire(texte) == (Paragraphe(_t(nu)),)
    assert lire(en_texte(lire(texte))) == lire(texte)


def test_gras_et_italique() -> None:
    (bloc,) = lire("***les deux***, **du gras *et des deux*** puis **deux mots**")
    assert isinstance(bloc, Paragraphe)
    assert bloc.texte == (
        Segment("les deux", gras=True, italique=True),
        Segment(", "),
        Segment("du gras ", gras=True),
        Segment("et des deux", gras=True, italique=True),
        Segment(" puis "),
        Segment("deux mots", gras=True),
    )


def test_un_encadre_se_ferme_a_un_titre_a_un_autre_et_a_la_fin() -> None:
    assert lire("!!! Un\na\n!!! Deux\nb\n## Trois\nc\n!!! Quatre") == (
        Encadre(_t("Un"), (Paragraphe(_t("a")),)),
        Encadre(_t("Deux"), (Paragraphe(_t("b")),)),
        Titre(1, _t("Trois")),
        Paragraphe(_t("c")),
        Encadre(_t("Quatre"), ()),
    )


def test_une_liste_reprend_a_son_numero() -> None:
    assert lire("1. a\n\nentre\n\n2. b") == (
        Liste((_t("a"),), depart=1),
        Paragraphe(_t("entre")),
        Liste((_t("b"),), depart=2),
    )


def test_deux_citations_de_suite() -> None:
    assert lire("> a\n> — x\n> b\n>\n> c\n\n> d") == (
        Citation(_t("a"), "x"),
        Citation(_t("b\nc")),
        Citation(_t("d")),
    )


def test_un_signe_de_fermeture_sans_encadre_est_du_texte() -> None:
    assert lire("a\n!!!\nb") == (Paragraphe(_t("a\n!!!\nb")),)


def test_un_texte_vide_n_a_pas_de_bloc() -> None:
    assert lire("") == lire(" \n\t\n") == ()
    assert en_texte(()) == ""


def test_ce_qui_est_simple_se_retape_sans_protection() -> None:
    assert "\\" not in en_texte(lire(COMPLETE))


def test_texte_nu() -> None:
    assert textes_nus(lire("> **Oui**\n> — une mère\n\n- a\n- *b*")) == ("Oui\n— une mère", "a\nb")
    assert texte_nu(lire("!!! T\na\n\n- b")[0]) == "T\na\nb"


@settings(max_examples=600)
@given(TEXTES)
@example(COMPLETE)
@example("!!! T\n\\!!!\na")
@example("> a\n> \\— b")
def test_relire_ce_qu_on_retape(texte: str) -> None:
    lus = lire(texte)
    assert lire(en_texte(lus)) == lus
    assert en_texte(lire(en_texte(lus))) == en_texte(lus)


@given(TEXTES)
def test_aucun_mot_ne_se_perd(texte: str) -> None:
    """Les lettres et les chiffres tapés se retrouvent tous, dans l'ordre (hors numéros de liste)."""

    def lettres(brut: str) -> str:
        return "".join(c for c in brut if c.isalpha())

    assert lettres("\n".join(textes_nus(lire(texte)))) == lettres(nettoyer(texte))


def test_un_long_texte_plein_d_etoiles_se_lit_d_une_traite() -> None:
    """Chaque étoile ouverte ne fait relire que jusqu'à la suivante : le nombre de morceaux reste celui des lignes."""
    for motif in ("**a ", "*a ", "**a *b ", "***a ", "\\*a* ", "**a *b* "):
        assert len(lire(motif * 20_000)) == 1
