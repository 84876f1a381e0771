"""Les règles d'une grappe, lues sur sa composition."""

import pytest

from programme.calculs.regles_grappe import Membre, est_mixte, lire_regles, minimum, type_appel


def membres(nombre: int, *regions: str, type_projet: str = "acquisition") -> list[Membre]:
    cycle = regions or ("75",)
    return [Membre(f"{rang:09d}", f"ESMS {rang}", cycle[rang % len(cycle)], type_projet) for rang in range(nombre)]


def regle(liste: list[Membre], code: str):
    return next(r for r in lire_regles(liste) if r.code == code)


def test_une_grappe_vide_n_a_pas_de_regle_a_lire() -> None:
    assert lire_regles([]) == []


@pytest.mark.parametrize(
    ("nombre", "regions", "ok"),
    [
        (15, ("75",), True),
        (14, ("75",), False),
        (8, ("04",), True),
        (7, ("04",), False),
        (8, ("94", "02"), True),
        (8, ("94", "75"), False),
    ],
)
def test_quinze_esms_huit_en_corse_et_outre_mer(nombre: int, regions: tuple[str, ...], ok: bool) -> None:
    assert regle(membres(nombre, *regions), "taille").ok is ok


def test_la_taille_dit_combien_il_en_manque() -> None:
    assert regle(membres(12), "taille").mesure == "12 ESMS, il en manque 3"
    assert minimum(membres(3, "")) == 15, "sans région connue, la règle commune"


@pytest.mark.parametrize(
    ("nombre", "regions", "appel"),
    [
        (20, ("75",), "régional"),
        (60, ("75",), "régional"),
        (49, ("75", "76"), "multirégional"),
        (50, ("75", "76"), "national"),
        (20, ("75", ""), "régional"),
    ],
)
def test_l_appel_se_deduit_des_regions_et_du_nombre(nombre: int, regions: tuple[str, ...], appel: str) -> None:
    assert type_appel(membres(nombre, *regions)) == appel


def test_une_region_inconnue_se_signale() -> None:
    lue = regle(membres(4, "75", ""), "appel")
    assert lue.ok is False and "2 ESMS sans région connue" in lue.mesure


def test_chacun_son_finess() -> None:
    liste = membres(2)
    assert regle(liste, "finess").ok is True
    doublee = regle([*liste, liste[0]], "finess")
    assert doublee.ok is False and "000000000" in doublee.mesure


def test_mixte_si_elle_mele_des_types_de_projet() -> None:
    liste = [*membres(2), *membres(1, type_projet="mise_en_conformite")]
    assert est_mixte(liste) and not est_mixte(membres(2))
    lue = regle(liste, "mixite")
    assert lue.ok is None and lue.mesure == "2 en acquisition, 1 en mise en conformité"


def test_le_double_financement_se_signale_par_son_nom() -> None:
    liste = [*membres(2), Membre("9" * 9, "IME Les Tilleuls", "75", "acquisition", double=True)]
    lue = regle(liste, "double_financement")
    assert lue.ok is False and "IME Les Tilleuls" in lue.mesure
    assert regle(membres(2), "double_financement").ok is True
