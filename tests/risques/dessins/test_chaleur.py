"""La carte de chaleur : paliers, âges, et des comptes qui tombent juste."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risques.dessins import chaleur
from risques.dessins.chaleur import ANCIENNE, Colonne, LigneLue, Note, Palier, age, dessiner, palier_de

AU = date(2026, 11, 24)
PALIERS = [Palier("Acceptable", "1 à 3"), Palier("Significatif"), Palier("Critique"), Palier("Inacceptable")]
COLONNES = [Colonne("Organisationnel"), Colonne("Fonctionnement du management", "Management")]
NOTES = st.none() | st.integers(1, 4).map(lambda palier: Note(palier, str(palier * 10)))


def carte(lignes: list[LigneLue]) -> chaleur.Chaleur:
    return dessiner(lignes, COLONNES, PALIERS, titre="Carte", au=AU)


@given(st.lists(st.tuples(NOTES, NOTES), max_size=80))
def test_chaque_colonne_compte_tous_les_esms_une_fois(notes: list[tuple[Note | None, Note | None]]) -> None:
    dessin = carte([LigneLue(f"ESMS {rang}", "", paire) for rang, paire in enumerate(notes)])
    assert [s.palier for s in dessin.syntheses] == [4, 3, 2, 1, 0]
    for colonne in range(2):
        assert sum(s.nombres[colonne] for s in dessin.syntheses) == len(notes)
        for s in dessin.syntheses:
            assert s.nombres[colonne] == sum((n[colonne].palier if n[colonne] else 0) == s.palier for n in notes)


def test_une_case_ecrit_son_chiffre_et_dit_son_mot() -> None:
    cases = carte([LigneLue("ESMS", "/e/", (Note(4, "16"), None))]).lignes[0].cases
    assert [(c.palier, c.chiffre, c.mot, c.colonne) for c in cases] == [
        (4, "16", "inacceptable", "Organisationnel"),
        (0, "—", "pas encore évalué", "Fonctionnement du management"),
    ]


@pytest.mark.parametrize(("valeur", "palier"), [(1, 1), (3.9, 1), (4, 2), (8, 3), (11, 3), (12, 4), (16, 4)])
def test_une_borne_atteinte_ouvre_le_palier_du_dessus(valeur: float, palier: int) -> None:
    assert palier_de(valeur, (4, 8, 12)) == palier


@pytest.mark.parametrize("bornes", [(4, 8), (4, 8, 12, 14), (8, 4, 12), (4, 4, 8)])
def test_des_bornes_fausses_sont_refusees(bornes: tuple[float, ...]) -> None:
    with pytest.raises(ValueError):
        palier_de(5, bornes)


@pytest.mark.parametrize(
    ("jours", "mots", "ancienne"),
    [
        (0, "aujourd’hui", False),
        (1, "hier", False),
        (9, "il y a 9 jours", False),
        (95, "il y a 3 mois", False),
        (ANCIENNE, "il y a 6 mois", False),
        (ANCIENNE + 1, "il y a 6 mois", True),
        (800, "il y a 2 ans", True),
    ],
)
def test_l_age_se_dit_en_mots(jours: int, mots: str, ancienne: bool) -> None:
    lu = age(AU - timedelta(days=jours), AU)
    assert (lu.mots, lu.ancienne) == (mots, ancienne)


def test_sans_jour_il_n_y_a_pas_d_age() -> None:
    assert age(None, AU) == chaleur.Age("pas encore", False, "")


def test_la_phrase_compte_les_evalues_et_les_anciennes() -> None:
    vieux, neuf = AU - timedelta(days=300), AU - timedelta(days=3)
    lignes = [
        LigneLue("A", "", (Note(1, "2"), None), vieux),
        LigneLue("B", "", (Note(1, "2"), Note(2, "4")), neuf),
        LigneLue("C", "", (None, None)),
    ]
    assert carte(lignes).phrase == "3 ESMS, 2 évalués, dont 1 il y a plus de six mois."
    assert carte(lignes[1:]).phrase == "2 ESMS, 1 évalué."


def test_un_nom_abrege_reste_lisible_en_entier() -> None:
    assert [c.nom for c in carte([]).abreges] == ["Fonctionnement du management"]


@pytest.mark.parametrize("nb", [15, 16])
def test_une_longue_carte_defile_dans_son_cadre(nb: int) -> None:
    assert carte([LigneLue("A", "", (None, None))] * nb).haute == (nb > 15)


@pytest.mark.parametrize(
    ("ligne", "paliers", "ton"),
    [
        (LigneLue("A", "", (None,)), PALIERS, "risque"),
        (LigneLue("A", "", (None, Note(5, "9"))), PALIERS, "risque"),
        (LigneLue("A", "", (None, Note(0, "9"))), PALIERS, "risque"),
        (LigneLue("A", "", (None, None)), PALIERS[:3], "risque"),
        (LigneLue("A", "", (None, None)), PALIERS, "vert"),
    ],
)
def test_ce_qui_ne_se_dessine_pas_est_refuse(ligne: LigneLue, paliers: list[Palier], ton: str) -> None:
    with pytest.raises(ValueError):
        dessiner([ligne], COLONNES, paliers, titre="Carte", au=AU, ton=ton)
