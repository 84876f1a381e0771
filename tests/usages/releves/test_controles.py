"""Ce qu'on refuse d'un chiffre, ce qui surprend : de l'arithmétique, essayée par ses propriétés."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from usages.calculs import controles
from usages.calculs.periodes import Periode
from usages.enums import EtatReleve, Forme, Sens

NOMBRES = st.decimals(min_value=0, max_value=99_999, places=2)
PAIRES = st.tuples(st.none() | NOMBRES, st.none() | NOMBRES)


def indicateur(**autres: Any) -> Any:
    """Un rapport plafonné, sans bornes, qui demande un mot à 30 % de chute."""
    voulu: dict[str, Any] = {
        "forme": Forme.RAPPORT,
        "sens": Sens.HAUSSE,
        "plafonne": True,
        "borne_min": None,
        "borne_max": None,
        "seuil_chute": Decimal("0.30"),
    }
    return SimpleNamespace(**voulu | autres)


def d(valeur: Any) -> Decimal:
    return Decimal(str(valeur))


@given(st.decimals(min_value=-99_999, max_value=99_999, places=2))
def test_un_nombre_se_relit_tel_qu_on_l_ecrit(valeur: Decimal) -> None:
    ecrit = f"{valeur:,f}".replace(",", "\u202f").replace(".", ",")
    assert controles.lire_nombre(ecrit) == valeur
    assert controles.lire_nombre(f" {valeur} ") == valeur


@pytest.mark.parametrize("texte", ["douze", "1,2,3", "12%", "1e5", "NaN", "٣", "--1", "1.", "= 4"])
def test_ce_qui_n_est_pas_un_nombre_se_dit(texte: str) -> None:
    with pytest.raises(ValueError, match="n'est pas un nombre"):
        controles.lire_nombre(texte)


def test_rien_n_est_pas_zero() -> None:
    assert controles.lire_nombre("  ") is None
    assert controles.lire_nombre("0") == 0


@given(PAIRES)
def test_ce_qui_passe_fait_un_taux_entre_zero_et_un(paire: controles.Paire) -> None:
    """Un rapport plafonné sans faute n'a jamais un taux hors de 0..1, ni de taux inventé."""
    if controles.fautes(indicateur(), paire):
        return
    taux = controles.grandeur(indicateur(), paire)
    assert (taux is None) == (paire[0] is None or not paire[1])
    assert taux is None or 0 <= taux <= 1


@given(PAIRES)
def test_un_brouillon_ne_passe_que_ce_qui_peut_encore_devenir_juste(paire: controles.Paire) -> None:
    fautes = controles.fautes(indicateur(), paire, brouillon=True)
    entieres = controles.fautes(indicateur(), paire)
    assert set(fautes) <= set(entieres)
    if None not in paire:
        assert fautes == entieres


@pytest.mark.parametrize(
    ("paire", "phrase"),
    [
        ((d(-1), d(4)), controles.NEGATIF),
        ((d(4), d(-4)), controles.NEGATIF),
        ((d(5), None), controles.SANS_DENOMINATEUR),
        ((None, d(4)), controles.SANS_NUMERATEUR),
        ((d("1e12"), d("1e12")), controles.TROP_GRAND),
        ((d("1.234"), d(4)), controles.TROP_FIN),
        ((d("Infinity"), d(4)), "« Infinity » n'est pas un nombre : écrivez par exemple 42 ou 12,5."),
        ((d(5), d(4)), "5 dépasse 4, le nombre auquel on le rapporte : corrigez l'un des deux."),
        ((d(5), d(0)), "On ne peut pas compter 5 sur 0 : corrigez l'un des deux nombres."),
    ],
)
def test_chaque_refus_dit_sa_phrase(paire: controles.Paire, phrase: str) -> None:
    assert controles.fautes(indicateur(), paire) == [phrase]


def test_zero_sur_zero_se_dit_sans_taux() -> None:
    assert controles.fautes(indicateur(), (d(0), d(0))) == []
    assert controles.grandeur(indicateur(), (d(0), d(0))) is None


def test_un_rapport_qui_n_est_pas_plafonne_peut_depasser() -> None:
    assert controles.fautes(indicateur(plafonne=False), (d(5), d(4))) == []


@given(NOMBRES, NOMBRES, st.decimals(min_value=d("0.01"), max_value=1, places=2))
def test_une_chute_se_dit_quand_on_perd_la_part_dite(hier: Decimal, ce_jour: Decimal, seuil: Decimal) -> None:
    compte = indicateur(forme=Forme.COMPTE, seuil_chute=seuil)
    attendu = hier > 0 and ce_jour < hier and (hier - ce_jour) >= seuil * hier
    assert bool(controles.surprises(compte, (ce_jour, None), (hier, None))) == attendu


def test_le_seuil_de_chute_compte() -> None:
    compte = indicateur(forme=Forme.COMPTE)
    assert controles.surprises(compte, (d(7), None), (d(10), None))
    assert not controles.surprises(compte, (d("7.01"), None), (d(10), None))


@given(NOMBRES, NOMBRES)
def test_une_hausse_n_est_jamais_une_chute(hier: Decimal, plus: Decimal) -> None:
    compte = indicateur(forme=Forme.COMPTE)
    assert controles.surprises(compte, (hier + plus, None), (hier, None)) == []


def test_une_baisse_souhaitee_ne_demande_rien() -> None:
    assert controles.surprises(indicateur(forme=Forme.COMPTE, sens=Sens.BAISSE), (d(1), None), (d(10), None)) == []


def test_un_rapport_se_juge_sur_son_taux() -> None:
    """Moitié moins de monde, même taux : rien ne chute."""
    assert controles.surprises(indicateur(), (d(10), d(20)), (d(20), d(40))) == []
    assert controles.surprises(indicateur(), (d(10), d(40)), (d(20), d(40))) == [
        "Il passe de 50\u202f% à 25\u202f% depuis le relevé d'avant."
    ]


@given(NOMBRES, NOMBRES, NOMBRES)
def test_hors_des_bornes_demande_un_mot_et_dedans_non(valeur: Decimal, une: Decimal, autre: Decimal) -> None:
    bas, haut = min(une, autre), max(une, autre)
    compte = indicateur(forme=Forme.COMPTE, borne_min=bas, borne_max=haut)
    assert bool(controles.surprises(compte, (valeur, None))) == (not bas <= valeur <= haut)


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_une_periode_qui_n_a_pas_commence_se_refuse(jour: date, au: date) -> None:
    periode = Periode.contenant(jour, "mois")
    assert bool(controles.faute_de_periode(periode, au)) == (periode.debut > au)


def test_ce_qui_est_verrouille_le_reste_meme_en_reponse() -> None:
    refuses = {e for e in EtatReleve if controles.faute_d_etat(e)}
    assert refuses == {EtatReleve.VALIDE, EtatReleve.VERROUILLE}
    assert {e for e in EtatReleve if controles.faute_d_etat(e, en_reponse=True)} == {EtatReleve.VERROUILLE}


@given(st.lists(st.none() | NOMBRES))
def test_le_total_des_parts_est_leur_somme(parts: list[Decimal | None]) -> None:
    connues = [p for p in parts if p is not None]
    assert controles.total_des_parts(parts) == (sum(connues) if connues else None)
