"""La formule de couverture : dans 0..1, juste à toute date, sourde aux autres ESMS, qui monte avec les présences."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from formation.calculs.couverture import JOUR, NUIT, Compte, Couverture, UnAcquis, UnEsms, UnModule, UnPoste, mesurer
from formation.enums import Rythme
from tests.formation.couverture.mondes import DEBUT, GRAPPES, JOURS, METIERS, UNITES, Monde, compter_a_la_main, mondes


def _tous(lue: Couverture) -> list[Compte]:
    """Tous les comptes d'une couverture, toutes coupes."""
    coupes = (lue.par_module, lue.par_nature, lue.par_metier, lue.par_esms, lue.par_esms_et_module, lue.par_unite)
    return [lue.total, *(c for coupe in coupes for c in coupe.values())]


@given(mondes(), JOURS)
def test_le_taux_est_entre_zero_et_un_ou_nul(monde: Monde, au: date) -> None:
    for compte in _tous(mesurer(*monde.entier, au)):
        assert 0 <= compte.formes <= compte.en_poste
        assert (compte.taux is None) == (compte.en_poste == 0)
        assert compte.taux is None or 0 <= compte.taux <= 1


@given(mondes(), JOURS)
def test_juste_a_n_importe_quelle_date(monde: Monde, au: date) -> None:
    """Chaque coupe vaut ce que la définition donne, comptée personne par personne."""
    lue = mesurer(*monde.entier, au)
    assert lue.total == compter_a_la_main(monde, au, lambda p, m: True)
    rien = Compte()
    for module in monde.modules:
        assert lue.par_module.get(module.cle, rien) == compter_a_la_main(monde, au, lambda p, m, v=module: m == v)
    for metier in METIERS:
        assert lue.par_metier.get(metier, rien) == compter_a_la_main(monde, au, lambda p, m, v=metier: p.metier == v)
    for nature in {m.nature for m in monde.modules}:
        assert lue.par_nature.get(nature, rien) == compter_a_la_main(monde, au, lambda p, m, v=nature: m.nature == v)
    for esms in GRAPPES:
        assert lue.par_esms.get(esms, rien) == compter_a_la_main(monde, au, lambda p, m, v=esms: p.esms == v)
        for unite in UNITES[esms]:
            for moment, autre in ((JOUR, Rythme.NUIT), (NUIT, Rythme.JOUR)):
                voulu = compter_a_la_main(monde, au, lambda p, m, u=unite, r=autre: p.unite == u and p.rythme != r)
                assert lue.par_unite.get((unite, moment), rien) == voulu


@given(mondes(), JOURS, st.sampled_from(sorted(GRAPPES)))
def test_inchangee_par_les_personnes_des_autres_esms(monde: Monde, au: date, cle: int) -> None:
    """Ce qu'on lit d'un ESMS ne bouge pas quand les postes des autres disparaissent."""
    seul = [e for e in monde.esms if e.cle == cle]
    entier = mesurer(monde.postes, monde.acquis, monde.modules, seul, au)
    sans = mesurer([p for p in monde.postes if p.esms == cle], monde.acquis, monde.modules, seul, au)
    assert entier == sans
    assert mesurer(*monde.entier, au).par_esms.get(cle, Compte()) == entier.total


@given(mondes(), JOURS, st.sampled_from(range(1, 7)), st.integers(1, 4), JOURS)
def test_une_presence_de_plus_ne_fait_jamais_baisser(monde: Monde, au: date, qui: int, quoi: int, le: date) -> None:
    avant, apres = (
        mesurer(monde.postes, acquis, monde.modules, monde.esms, au)
        for acquis in (monde.acquis, (*monde.acquis, UnAcquis(qui, quoi, le)))
    )
    for x, y in zip(_tous(avant), _tous(apres), strict=True):
        assert x.en_poste == y.en_poste and x.formes <= y.formes


@given(mondes(), JOURS)
def test_une_validite_depassee_ne_forme_plus(monde: Monde, au: date) -> None:
    """Tous les acquis passés de la veille : plus personne n'est formé."""
    passes = [replace(a, obtenu_le=min(a.obtenu_le, au - timedelta(days=1))) for a in monde.acquis]
    passes = [replace(a, valable_jusqu_au=au - timedelta(days=1)) for a in passes]
    assert mesurer(monde.postes, passes, monde.modules, monde.esms, au).total.formes == 0


@given(mondes(), JOURS)
def test_les_renforts_sont_a_part(monde: Monde, au: date) -> None:
    lue = mesurer(*monde.entier, au)
    prevus = [p for p in monde.postes if not p.est_renfort]
    sans = mesurer(prevus, monde.acquis, monde.modules, monde.esms, au)
    assert replace(lue, renforts=0) == sans
    assert lue.renforts == len({p.personne for p in monde.postes if p.est_renfort and p.est_tenu(au)})


@given(mondes(), JOURS)
def test_la_grappe_ne_compte_pas_deux_fois(monde: Monde, au: date) -> None:
    """En poste dans deux ESMS, une personne compte une fois dans la grappe."""
    lue = mesurer(*monde.entier, au)
    assert lue.total.en_poste <= sum(c.en_poste for c in lue.par_esms.values())
    assume(lue.par_esms)
    assert lue.total.en_poste >= max(c.en_poste for c in lue.par_esms.values())


def test_un_exemple_compte_a_la_main() -> None:
    """Deux ESMS d'une grappe : Anne est des deux, formée partout ; Benoît arrive ; Chloé est un renfort."""
    au = DEBUT
    postes = [
        UnPoste(1, 1, 1, au - timedelta(days=400), unite=11, rythme=Rythme.JOUR_ET_NUIT),
        UnPoste(1, 2, 1, au - timedelta(days=400)),
        UnPoste(2, 1, 2, au, unite=11),
        UnPoste(3, 1, 1, au, au + timedelta(days=20), unite=11),
    ]
    modules = [UnModule(1, 1, "dui"), UnModule(2, 1, "ecrits", frozenset({1}))]
    acquis = [UnAcquis(1, 1, au), UnAcquis(1, 2, au, au)]
    esms = [UnEsms(1, 1), UnEsms(2, 1)]
    lue = mesurer(postes, acquis, modules, esms, au)
    assert (lue.total, lue.renforts) == (Compte(2, 1), 1)
    assert lue.par_esms == {1: Compte(2, 1), 2: Compte(1, 1)}
    assert lue.par_module == {1: Compte(2, 1), 2: Compte(1, 1)}
    assert lue.par_unite == {(11, JOUR): Compte(2, 1), (11, NUIT): Compte(1, 1)}
    # Le lendemain, les écrits d'Anne sont à reprendre : elle n'est plus formée.
    assert mesurer(postes, acquis, modules, esms, au + timedelta(days=1)).total == Compte(2, 0)
    # Benoît parti, il ne compte plus.
    assert mesurer(postes[:2], acquis, modules, esms, au).total == Compte(1, 1)
