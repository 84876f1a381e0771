"""L'histoire d'un parcours : trier, grouper, poser."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from programme.dessins import chronologie, echelle
from programme.dessins.chronologie import PISTES, Evenement

AU = date(2026, 11, 24)
EVENEMENTS = st.lists(
    st.builds(
        Evenement,
        le=st.dates(date(2023, 1, 1), date(2028, 1, 1)),
        genre=st.sampled_from(["passage", *[genre for genre, _ in PISTES]]),
        titre=st.just("moment"),
        a_venir=st.booleans(),
        rang=st.integers(0, 50),
    ),
    max_size=40,
)


@given(EVENEMENTS)
def test_l_avenir_commence_par_le_plus_proche_le_passe_par_le_plus_recent(evenements: list[Evenement]) -> None:
    venir, passes = chronologie.trier(evenements)
    assert len(venir) + len(passes) == len(evenements)
    assert [e.le for e in venir] == sorted(e.le for e in venir)
    assert [e.le for e in passes] == sorted((e.le for e in passes), reverse=True)
    assert all(e.a_venir for e in venir) and not any(e.a_venir for e in passes)


@given(EVENEMENTS)
def test_aucun_moment_ne_se_perd_en_se_groupant(evenements: list[Evenement]) -> None:
    axe = echelle.echelle([e.le for e in evenements], AU)
    rendues = chronologie.pistes(evenements, axe)
    poses = [e for p in rendues for m in p.marques for e in m.evenements]
    attendus = [e for e in evenements if e.genre != "passage"]
    assert sorted(poses, key=id) == sorted(attendus, key=id)
    assert sum(p.nombre for p in rendues) == len(attendus)
    for p in rendues:
        assert [m.x for m in p.marques] == sorted(m.x for m in p.marques) and p.marques
        assert all(len({e.a_venir for e in m.evenements}) == 1 for m in p.marques), "fait et prévu restent distincts"


def test_deux_moments_voisins_ne_font_qu_une_marque() -> None:
    axe = echelle.Echelle(date(2026, 1, 1), date(2026, 12, 31), 365)
    proches = [Evenement(date(2026, 3, j), "fait", "a") for j in (2, 5)] + [Evenement(date(2026, 8, 1), "fait", "b")]
    (piste,) = chronologie.pistes(proches, axe)
    assert [m.nombre for m in piste.marques] == [2, 1] and piste.nom == "Faits datés"
    assert piste.marques[0].dates == "2026-03-02 2026-03-05"
