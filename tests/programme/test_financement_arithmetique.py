"""L'arithmétique d'une convention : répartir, compter, dessiner ; au centime, sans rien perdre."""

from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.calculs.financement import barrer, dresser, repartir
from programme.enums import EtatJalon
from programme.socle.nombres import euros

MONTANTS = st.decimals(min_value=0, max_value=9_999_999_999, places=2, allow_nan=False, allow_infinity=False)


@dataclass
class Lu:
    etat: str
    montant: Decimal | None = None
    montant_verse: Decimal | None = None


@st.composite
def taux_qui_font_un(tirer: st.DrawFn) -> list[Decimal]:
    """De un à huit taux au dix-millième, dont la somme fait exactement 1."""
    coupes = sorted(tirer(st.lists(st.integers(0, 10_000), max_size=7)))
    bornes = [0, *coupes, 10_000]
    return [Decimal(b - a) / 10_000 for a, b in zip(bornes, bornes[1:], strict=False)]


@given(MONTANTS, taux_qui_font_un())
def test_quand_les_taux_font_un_la_somme_est_le_montant(montant: Decimal, taux: list[Decimal]) -> None:
    parts = repartir(montant, taux)
    assert sum(p for p in parts if p is not None) == montant
    assert all(p is not None and p >= 0 and p == p.quantize(Decimal("0.01")) for p in parts)
    # Chaque part reste à un centime près de son taux, la dernière portant l'écart des autres.
    assert all(
        abs(p - t * montant) <= Decimal("0.01") * len(taux) for p, t in zip(parts, taux, strict=True) if p is not None
    )


@given(MONTANTS, st.lists(st.one_of(st.none(), st.decimals(0, 1, places=4)), max_size=6))
def test_sans_montant_ou_sans_taux_rien_n_est_invente(montant: Decimal, taux: list[Decimal | None]) -> None:
    assert repartir(None, taux) == [None] * len(taux)
    parts = repartir(montant, taux)
    assert [p is None for p in parts] == [t is None for t in taux]


def test_la_derniere_tranche_solde_l_ecart() -> None:
    tiers = [Decimal("0.3333"), Decimal("0.3333"), Decimal("0.3334")]
    assert repartir(Decimal("100.00"), tiers) == [Decimal("33.33"), Decimal("33.33"), Decimal("33.34")]
    assert repartir(Decimal("0.01"), [Decimal("0.5"), Decimal("0.5"), Decimal(0)]) == [
        Decimal("0.01"),
        Decimal("0.00"),
        Decimal("0"),
    ]
    assert repartir(Decimal(1000), [Decimal("0.3"), Decimal("0.2")]) == [Decimal(300), Decimal(200)]


JALONS = st.lists(
    st.builds(Lu, st.sampled_from(EtatJalon.values), st.one_of(st.none(), MONTANTS), st.one_of(st.none(), MONTANTS)),
    max_size=8,
)


@given(st.one_of(st.none(), MONTANTS), JALONS)
def test_le_bilan_ne_compte_ni_deux_fois_ni_les_abandonnes(aide: Decimal | None, jalons: list[Lu]) -> None:
    b = dresser(aide, jalons)
    deja = sum((j.montant for j in jalons if j.etat == EtatJalon.VERSE and j.montant), Decimal(0))
    assert b.prevu == b.reste + deja
    if b.depassement is None:
        assert aide is None or b.prevu <= aide
    else:
        assert aide is not None and b.depassement == b.prevu - aide > 0
    assert dresser(aide, [j for j in jalons if j.etat != EtatJalon.ABANDONNE]) == b


@given(JALONS)
def test_la_barre_tient_dans_sa_largeur(jalons: list[Lu]) -> None:
    segments = barrer(jalons)
    if segments:
        assert segments[0].debut == 0
        assert sum(s.largeur for s in segments) == pytest.approx(1)
        for avant, apres in zip(segments, segments[1:], strict=False):
            assert apres.debut == pytest.approx(avant.debut + avant.largeur)


@pytest.mark.parametrize(
    ("montant", "texte"),
    [
        (None, "—"),
        (Decimal("1234567.89"), "1\u202f234\u202f567,89\u00a0€"),
        (Decimal("1000.00"), "1\u202f000\u00a0€"),
        (Decimal("0.5"), "0,50\u00a0€"),
        (0, "0\u00a0€"),
    ],
)
def test_une_somme_s_ecrit_a_la_francaise(montant: Decimal | None, texte: str) -> None:
    assert euros(montant) == texte
