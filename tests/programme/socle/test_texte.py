"""Texte libre : aucun NIR valide ne passe, et rien d'autre n'est refusé."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from programme.socle import texte
from programme.socle.champs import TexteLibreField

SEXES = st.sampled_from("123478")
DEPARTEMENTS = st.one_of(st.sampled_from(["2A", "2B", "99"]), st.integers(1, 95).map("{:02d}".format))


@st.composite
def nirs(tirer: st.DrawFn) -> str:
    """NIR de fantaisie, à clé juste."""
    treize = (
        tirer(SEXES)
        + f"{tirer(st.integers(0, 99)):02d}{tirer(st.integers(1, 12)):02d}"
        + tirer(DEPARTEMENTS)
        + f"{tirer(st.integers(1, 999)):03d}{tirer(st.integers(1, 999)):03d}"
    )
    return f"{treize}{texte.cle_nir(treize):02d}"


def espacer(nir: str, separateur: str) -> str:
    """Écriture usuelle en sept blocs."""
    bornes = [0, 1, 3, 5, 7, 10, 13, 15]
    return separateur.join(nir[a:b] for a, b in zip(bornes, bornes[1:], strict=False))


@given(nirs(), st.sampled_from(["", " ", ".", "-", "/", "\u00a0", "\u202f", "  "]), st.booleans())
def test_tout_nir_valide_est_trouve_quelle_que_soit_l_ecriture(nir: str, separateur: str, minuscules: bool) -> None:
    ecrit = espacer(nir, separateur)
    phrase = f"Appel du 3 : voir {ecrit.lower() if minuscules else ecrit}, merci."
    assert texte.trouver_nir(phrase) == nir
    assert texte.trouver_nir(f"NIR{ecrit}") == nir


@pytest.mark.parametrize(
    "ecriture",
    ["{} clé {}", "{} (clé {})", "{} ({})", "{} | {}", "{}, {}", "{}:{}", "{}\u2013{}", "{}\u2011{}", "{} CLE : {}"],
)
def test_la_cle_a_part_ne_cache_pas_le_nir(ecriture: str) -> None:
    treize = "1850578006084"
    assert texte.trouver_nir("vu " + ecriture.format(treize, f"{texte.cle_nir(treize):02d}")) is not None


def test_ni_l_espace_nulle_ni_d_autres_chiffres_ne_cachent_le_nir() -> None:
    nir = f"1850578006084{texte.cle_nir('1850578006084'):02d}"
    assert texte.trouver_nir("\u200b".join(nir)) == nir
    assert texte.trouver_nir("".join(chr(0xFF10 + int(c)) for c in nir)) == nir
    assert texte.trouver_nir("".join(chr(0x0660 + int(c)) for c in nir)) == nir


@given(nirs(), st.integers(1, 96))
def test_une_cle_fausse_n_est_pas_un_nir(nir: str, decalage: int) -> None:
    cle = (int(nir[13:]) - 1 + decalage) % 97 + 1
    assert texte.trouver_nir(f"{nir[:13]}{cle:02d}") is None


@given(nirs(), nirs())
def test_le_second_nir_est_trouve_si_le_premier_est_faux(faux: str, vrai: str) -> None:
    cle = int(faux[13:]) % 97 + 1
    assert texte.trouver_nir(f"{faux[:13]}{cle:02d} puis {vrai}") == vrai


@pytest.mark.parametrize(
    "innocent",
    ["SIRET 260 104 633 00011", "FINESS 33 990 012 8", "05 56 00 00 00", "2 mois, 12 unités, 450 places", ""],
)
def test_un_numero_ordinaire_n_est_pas_refuse(innocent: str) -> None:
    assert texte.trouver_nir(innocent) is None


@pytest.mark.parametrize("phrase", ["né le 3/4/2010", "née le 3 avril 2010", "date de naissance : 2010", "DDN 03.04"])
def test_une_date_de_naissance_avertit(phrase: str) -> None:
    assert texte.avertissements(phrase)


@pytest.mark.parametrize(
    "phrase",
    [
        "M. Exemple 12/03/1954",
        "Mme Jeanne Exemple, né le 12.03.54",
        "dossier de Mme Exemple (12-03-2019)",
        "Jeanne EXEMPLE 12/03/1954",
        "EXEMPLE Jeanne, 01 02 2015",
        "Élise D'EXEMPLE née 12/03/1954",
    ],
)
def test_un_nom_suivi_d_une_date_avertit(phrase: str) -> None:
    assert texte.avertissements(phrase) == [texte.AVERTISSEMENT_NOM]


@pytest.mark.parametrize(
    "phrase",
    ["Réunion COMOP 12/11/2026", "Ouverture DUI, 01/12/2026", "vu avec Mme Exemple le 3/4/2026", "M. Exemple, 14 h 30"],
)
def test_un_sigle_ou_un_rendez_vous_n_avertit_pas(phrase: str) -> None:
    assert not texte.avertissements(phrase)


def test_les_signaux_d_une_page_sont_ceux_du_serveur() -> None:
    assert {s["phrase"] for s in texte.signaux()} == {texte.AVERTISSEMENT_IDENTITE, texte.AVERTISSEMENT_NOM}
    assert [s["drapeaux"] for s in texte.signaux()] == ["i", ""]


@pytest.mark.parametrize("phrase", ["le projet est né en 2021", "ouverture le 3/4/2026", "DDNS"])
def test_une_autre_date_n_avertit_pas(phrase: str) -> None:
    assert not texte.avertissements(phrase)


def test_le_champ_refuse_un_nir_et_dit_que_faire() -> None:
    treize = "2990175115001"
    with pytest.raises(ValidationError, match="retirez le numéro"):
        TexteLibreField().clean(f"voir {treize}{texte.cle_nir(treize):02d}", None)


def test_le_champ_nettoie_et_borne() -> None:
    champ = TexteLibreField(max_length=10)
    assert champ.to_python("  a\x00b\r\nc ") == "ab\nc"
    with pytest.raises(ValidationError):
        champ.clean("a" * 11, None)


@given(st.text())
def test_normaliser_est_stable_et_sans_accents(t: str) -> None:
    forme = texte.normaliser(t)
    assert texte.normaliser(forme) == forme
    assert all(c in "abcdefghijklmnopqrstuvwxyz0123456789 " for c in forme)


def test_normaliser_ignore_accents_ligatures_et_ponctuation() -> None:
    assert texte.normaliser("L'Œuvre d'Évry-sur-Seine") == texte.normaliser("l oeuvre d evry sur seine")


def test_les_blancs_insecables_ne_touchent_que_la_ponctuation() -> None:
    assert texte.insecables("Motif : « oui ! » ; et 12:30") == "Motif\u00a0: «\u00a0oui\u00a0!\u00a0»\u00a0; et 12:30"


def test_le_point_final_ne_se_double_pas() -> None:
    dits = [texte.avec_point(t) for t in ("le 3 déc.", "le 3 mars", "etc…")]
    assert dits == ["le 3 déc.", "le 3 mars.", "etc…"]


def test_abreger_tient_dans_ses_signes_et_ne_touche_pas_ce_qui_tient() -> None:
    assert texte.abreger("quatre", 6) == "quatre"
    assert texte.abreger("deux mots", 6) == "deux…"
