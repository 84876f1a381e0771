"""Les dessins des tableaux de bord : tout reste dans le cadre, un trou coupe le trait, ce qui manque se distingue."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from usages.calculs.periodes import Periode
from usages.calculs.prevision_usage import HORIZON, Prevision
from usages.dessins import chaleur, courbe, jauge, multiples
from usages.dessins.commun import nom_court, plafond, plafond_rond, troncons
from usages.enums import CadenceReleve, Forme, Sens

JUIN = Periode(date(2026, 6, 1), CadenceReleve.MOIS)
NOMBRES = st.floats(0, 1e7, allow_nan=False)
SERIES = st.lists(st.one_of(st.none(), NOMBRES), min_size=1, max_size=12)


def _entrees(valeurs: list[float | None]) -> list[courbe.Entree]:
    return [courbe.Entree(p, v) for p, v in zip(JUIN.dernieres(len(valeurs)), valeurs, strict=True)]


@given(NOMBRES)
def test_l_echelle_contient_le_plus_grand_sans_le_perdre(plus_grand: float) -> None:
    haut = plafond_rond(plus_grand)
    assert haut >= plus_grand - 1e-6
    assert plus_grand < 1e-6 or haut <= plus_grand * 2.5 + 1e-6 or haut <= 1


def test_un_rapport_se_lit_sur_cent_pour_cent() -> None:
    assert plafond(Forme.RAPPORT, [0.1, None]) == 1
    assert plafond(Forme.RAPPORT, [1.4]) == 2
    assert plafond(Forme.COMPTE, [None]) == 1


def test_les_noms_courts() -> None:
    assert [nom_court(Periode.lire(c)) for c in ("2026-11", "2026-T4", "2026")] == ["nov. 26", "T4 2026", "2026"]


def test_un_trou_coupe_le_trait() -> None:
    assert troncons([1, 2, None, 3, None, None, 4, 5]) == [[1, 2], [3], [4, 5]]
    dessin = courbe.dessiner(Forme.COMPTE, _entrees([1, 2, None, 4]))
    assert len(dessin.points) == 3 and len(dessin.segments) == 1


@given(SERIES, st.one_of(st.none(), NOMBRES), st.booleans())
def test_la_courbe_tient_dans_son_cadre(serie: list[float | None], cible: float | None, prevoir: bool) -> None:
    prevision = Prevision(1.0, (3.0, 2.0, 9.0)) if prevoir else None
    dessin = courbe.dessiner(Forme.COMPTE, _entrees(serie), cible=cible, prevision=prevision)
    for p in (*dessin.points, *dessin.prevus):
        assert 0 <= p.x <= 100 and courbe.HAUT <= p.y <= courbe.BAS
    assert dessin.cible_y is None or courbe.HAUT <= dessin.cible_y <= courbe.BAS
    assert len(dessin.rangs) == len(serie) + (HORIZON if prevoir else 0)
    assert len({r.periode for r in dessin.rangs}) == len(dessin.rangs)
    xs = [p.x for p in (*dessin.points, *dessin.prevus)]
    assert xs == sorted(set(xs))


def test_la_prevision_part_du_dernier_chiffre() -> None:
    dessin = courbe.dessiner(Forme.COMPTE, _entrees([1, 2, 3, 4]), prevision=Prevision(1.0, (5.0, 6.0, 7.0)))
    assert [p.nom for p in dessin.prevus] == ["juillet 2026", "août 2026", "septembre 2026"]
    assert dessin.suite[0][0] == dessin.dernier
    assert [r.detail for r in dessin.rangs if r.prevu] == ["prévision"] * 3


def test_la_phrase_dit_d_ou_l_on_part() -> None:
    assert courbe.dessiner(Forme.COMPTE, _entrees([3, None, 5]), cible=8).phrase == (
        "De 3 en avril 2026 à 5 en juin 2026, cible 8."
    )
    assert courbe.dessiner(Forme.COMPTE, _entrees([None])).phrase == "Pas encore de chiffre sur cette période."


@given(SERIES)
def test_sous_l_axe_la_derniere_periode_est_toujours_nommee(serie: list[float | None]) -> None:
    noms = courbe.dessiner(Forme.COMPTE, _entrees(serie)).etiquettes
    assert noms[-1].nom == "juin 26" and noms[-1].quand == "toujours"
    assert len(noms) <= courbe.ETIQUETTES
    assert sum(e.quand == "toujours" for e in noms) <= courbe.ETIQUETTES_ETROITES


@given(st.sampled_from(Sens.values), *(st.one_of(st.none(), NOMBRES) for _ in range(3)))
def test_la_jauge_tient_dans_sa_barre(
    sens: str, valeur: float | None, cible: float | None, seuil: float | None
) -> None:
    dessin = jauge.dessiner(Forme.COMPTE, sens, valeur, cible, seuil)
    assert all(0 <= part <= 1 for part in (dessin.part, dessin.cible, dessin.seuil) if part is not None)
    assert (dessin.cible is None) == (cible is None)


def test_la_jauge_se_dit() -> None:
    assert jauge.dessiner(Forme.RAPPORT, Sens.HAUSSE, 0.62, 0.8).dit == (
        "62\u202f%, cible 80\u202f%, à\u00a018 points de la cible"
    )
    assert jauge.dessiner(Forme.RAPPORT, Sens.HAUSSE, None).dit == "—"


# --- petites courbes -------------------------------------------------------------------------------------------------


def test_une_vignette_masquee_ne_trace_rien_et_n_etire_pas_l_echelle() -> None:
    petite = multiples.Serie("PA", Forme.COMPTE, (2.0, 4.0), "6 ESMS sur 7 ont répondu")
    grande = multiples.Serie("SOCIAL", Forme.COMPTE, (900.0, 1000.0), "moins de cinq ESMS", masquee=True)
    vue, tue = multiples.dessiner([petite, grande], commune=True)
    assert vue.dernier is not None and vue.dernier[1] == multiples.MARGE
    assert tue.valeur == "masqué" and tue.traits == () and tue.dernier is None


def test_une_seule_echelle_quand_on_compare() -> None:
    series = [multiples.Serie("a", Forme.COMPTE, (1.0, 10.0)), multiples.Serie("b", Forme.COMPTE, (1.0, 1.0))]
    a, b = multiples.dessiner(series, commune=True)
    assert a.dernier is not None and b.dernier is not None and a.dernier[1] < b.dernier[1]
    seul, lui_aussi = multiples.dessiner(series)
    assert seul.dernier is not None and lui_aussi.dernier is not None and seul.dernier[1] == lui_aussi.dernier[1]


@given(SERIES)
def test_une_vignette_tient_dans_son_cadre(serie: list[float | None]) -> None:
    (vue,) = multiples.dessiner([multiples.Serie("x", Forme.COMPTE, tuple(serie))])
    points = [tuple(map(float, p.split(","))) for t in vue.traits for p in t.split()] + list(vue.isoles)
    assert all(0 <= x <= multiples.LARGEUR and 0 <= y <= multiples.HAUTEUR for x, y in points)
    assert len(points) == sum(v is not None for v in serie)


# --- carte de chaleur ------------------------------------------------------------------------------------------------

RAPPORT = chaleur.Colonne("Projets à jour", Forme.RAPPORT, Sens.HAUSSE)
RESTE = chaleur.Colonne("Anciens supports", Forme.COMPTE, Sens.BAISSE)


def _chiffre(num: int | None, sur: int | None = 40, motif: str = "", transmis: bool = True) -> chaleur.Chiffre:
    return chaleur.Chiffre(
        None if num is None else Decimal(num), None if sur is None else Decimal(sur), motif, transmis
    )


def test_ce_qui_manque_se_distingue_et_n_est_jamais_zero() -> None:
    cas = {
        "pas-suivi": None,
        "attendu": _chiffre(None, None),
        "non-mesurable": _chiffre(None, None, "non_mesurable"),
        "non-concerne": _chiffre(None, None, "non_concerne"),
        "p1": _chiffre(0),
    }
    cases = {classe: chaleur.dessiner_case(RAPPORT, chiffre, 0.8) for classe, chiffre in cas.items()}
    assert [c.classe for c in cases.values()] == list(cas)
    assert len({(c.texte, c.dit) for c in cases.values()}) == len(cas)
    assert cases["p1"].texte == "0\u202f%"


def test_un_chiffre_en_saisie_n_est_pas_montre_et_un_rapport_sans_denominateur_reste_attendu() -> None:
    assert chaleur.dessiner_case(RAPPORT, _chiffre(30, transmis=False)).classe == "attendu"
    assert chaleur.dessiner_case(RAPPORT, _chiffre(30, None)).classe == "attendu"
    assert chaleur.dessiner_case(RAPPORT, _chiffre(0, 0)).texte == "0 / 0"
    assert chaleur.dessiner_case(RAPPORT, _chiffre(None, None, "non_concerne", transmis=False)).classe == "non-concerne"


def test_plus_fonce_est_mieux_dans_les_deux_sens() -> None:
    assert chaleur.dessiner_case(RAPPORT, _chiffre(36), 0.8).classe == "p4"
    assert chaleur.dessiner_case(RESTE, _chiffre(0, None), 0).classe == "p4"
    assert chaleur.dessiner_case(RESTE, _chiffre(9, None), 2).classe == "p1"
    assert chaleur.dessiner_case(RESTE, _chiffre(9, None)).classe == "p0"


def test_une_case_se_dit_en_entier() -> None:
    chiffre = chaleur.Chiffre(Decimal(30), Decimal(40), "", True, avant=0.5)
    case = chaleur.dessiner_case(RAPPORT, chiffre, 0.8)
    assert (case.texte, case.ecart) == ("75\u202f%", "+\u202f25 points")
    assert case.dit == "30 sur 40, proche de la cible, écart +\u202f25 points"
