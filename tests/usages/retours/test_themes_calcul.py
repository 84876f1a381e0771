"""Compter des retours : rien ne se perd, rien ne se devine."""

from collections import Counter
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from usages.calculs.delais_editeurs import Attente
from usages.calculs.periodes import Periode
from usages.calculs.retours import PAS_ENCORE_DIT, Compte, attentes, par_theme, se_disent
from usages.dessins.retours import barres, vignettes
from usages.enums import CadenceReleve, ThemeRetour

MOIS = Periode(date(2026, 11, 1), CadenceReleve.MOIS).dernieres(12)
JOURS = st.dates(MOIS[0].debut, MOIS[-1].fin)
THEMES = st.sampled_from([*ThemeRetour.values, ""])
LIGNES = st.lists(st.tuples(JOURS, THEMES, st.integers(1, 40)), max_size=60)


@given(LIGNES)
def test_la_somme_des_themes_est_le_nombre_de_retours(lignes: list[tuple[date, str, int]]) -> None:
    themes = par_theme(MOIS, lignes)
    assert sum(t.total for t in themes) == sum(n for *_, n in lignes)
    for rang, mois in enumerate(MOIS):
        attendu = sum(n for jour, _, n in lignes if mois.debut <= jour <= mois.fin)
        assert sum(t.par_mois[rang] for t in themes) == attendu
    assert all(t.total and len(t.par_mois) == len(MOIS) for t in themes)
    assert len(vignettes(MOIS, themes)) == len(themes)


def test_hors_des_mois_ne_compte_pas_et_sans_theme_vient_a_la_fin() -> None:
    veille = MOIS[0].debut - timedelta(days=1)
    lignes = [(veille, "panne", 9), (MOIS[0].debut, "", 2), (MOIS[-1].fin, "panne", 3), (MOIS[3].debut, "acces", 1)]
    assert [(t.nom, t.total) for t in par_theme(MOIS, lignes)] == [
        ("Droits et connexion", 1), ("Panne ou lenteur", 3), (PAS_ENCORE_DIT, 2),
    ]  # fmt: skip


def test_les_attentes_se_comptent_et_jamais_en_dessous_de_zero() -> None:
    lus = attentes([(7, True, 2), (28, False, 1), (-1, True, 1), (0, True, 1)])
    assert lus == {Attente(7, True): 2, Attente(28, False): 1, Attente(0, True): 2}


def test_une_barre_dit_sa_part_et_ce_qui_se_tait_ne_fait_pas_l_echelle() -> None:
    lues = barres([Compte("A", 8, 6), Compte("B", 100, 1), Compte("C")], frozenset({"B"}))
    assert [(b.repondus, b.attendent) for b in lues] == [(0.75, 0.25), (0.0, 0.0), (0.0, 0.0)]
    assert [b.phrase.replace("\u202f", " ") for b in lues] == ["8 reçus, 75 % répondus", "masqué", "aucun retour"]


@given(st.lists(st.dictionaries(st.sampled_from("abcd"), st.integers(0, 12), max_size=4), max_size=5))
def test_devant_tous_nul_ne_retrouve_de_un_a_quatre_retours(siens: list[dict[str, int]]) -> None:
    """Chacun retranche les siens de ce qui se montre, et du total ce qui se montre."""
    par_og = dict(enumerate(siens))
    total, parties = se_disent(par_og)
    exacts: Counter[str] = Counter()
    for s in siens:
        exacts.update(s)
    assert set(parties) == set(exacts)
    assert all(n is None or n == exacts[cle] for cle, n in parties.items())
    assert total is None or total == sum(exacts.values())
    if total is None:
        assert not any(n is not None for n in parties.values())
        return
    connus: list[dict[str, int]] = [{}, *siens]
    for connu in connus:
        restes = [total - sum(connu.values())]
        restes += [n - connu.get(cle, 0) for cle, n in parties.items() if n is not None]
        tus = [cle for cle, n in parties.items() if n is None]
        restes.append(sum(exacts[cle] - connu.get(cle, 0) for cle in tus))
        assert all(r == 0 or r >= 5 for r in restes), (total, parties, connu)
