"""La règle de composition et la représentation, sans base : trois organismes, quatre catégories, un organisme seul."""

import pytest

from gouvernance.calculs.composition import AUCUN_ESMS, LIBRE, attendus, composer
from gouvernance.calculs.representation import Engage, Siege, representer, sans_personne
from gouvernance.dessins.representation import PAR_RANG, PAS, dessiner
from gouvernance.enums import Represente, TypeInstance

R, T = Represente, TypeInstance
CATEGORIES = {"183": "IME", "246": "ESAT", "500": "EHPAD", "255": "MAS"}


def engage(cle: int, og: int | None = 1, categorie: str = "183", departement: str | None = "33") -> Engage:
    nom_og = f"OG {og}" if og else ""
    return Engage(cle, f"ESMS {cle}", 100 + cle, og, nom_og, categorie, CATEGORIES[categorie], departement)


def siege(represente: str, **vise: int | str) -> Siege:
    return Siege(1, 1, represente, **vise)


GRAPPE = [
    engage(1, 1, "183"),
    engage(2, 1, "246"),
    engage(3, 2, "183", "35"),
    engage(4, 2, "500"),
    engage(5, 3, "255"),
    engage(6, 3, "255", "35"),
]
"""Trois organismes, quatre catégories, deux départements."""


def sans(*sieges: Siege) -> list[int]:
    return [e.cle for e in sans_personne(GRAPPE, sieges)]


# --- qui représente qui --------------------------------------------------------------------------------------------


def test_sans_siege_personne_n_est_represente() -> None:
    assert sans() == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("represente", [R.CONDUITE, R.UTILISATEURS, R.PERSONNES])
def test_la_conduite_les_utilisateurs_les_proches_ne_representent_aucun_esms(represente: str) -> None:
    assert sans(siege(represente)) == [1, 2, 3, 4, 5, 6]
    assert sans(siege(represente, og=1)) == [1, 2, 3, 4, 5, 6], "même s'il dit d'où il vient"


@pytest.mark.parametrize(
    ("represente", "vise", "restent"),
    [
        (R.OG, {"og": 1}, [3, 4, 5, 6]),
        (R.OG, {"og": 1, "categorie": "246"}, [1, 3, 4, 5, 6]),
        (R.CATEGORIE, {"categorie": "183"}, [2, 4, 5, 6]),
        (R.CATEGORIE, {"categorie": "183", "og": 2}, [1, 2, 4, 5, 6]),
        (R.ZONE, {"departement": "35"}, [1, 2, 4, 5]),
        (R.ZONE, {"departement": "35", "og": 3}, [1, 2, 3, 4, 5]),
        (R.ESMS, {"esms": 104}, [1, 2, 3, 5, 6]),
    ],
)
def test_un_siege_parle_pour_ce_qu_il_vise(represente: str, vise: dict[str, int | str], restent: list[int]) -> None:
    assert sans(siege(represente, **vise)) == restent


def test_des_sieges_s_ajoutent_et_un_esms_peut_en_avoir_plusieurs() -> None:
    og, categorie = Siege(1, 1, R.OG, og=1), Siege(2, 2, R.CATEGORIE, categorie="183")
    parlent = representer(GRAPPE, [og, categorie])
    assert parlent[1] == (og, categorie) and parlent[3] == (categorie,) and parlent[5] == ()


def test_un_siege_qui_ne_vise_rien_ne_parle_pour_personne() -> None:
    assert sans(siege(R.OG)) == [1, 2, 3, 4, 5, 6]


# --- la règle ------------------------------------------------------------------------------------------------------


def manquants(type_instance: str, *sieges: Siege, engages: list[Engage] = GRAPPE, maximum: int = 15) -> list[str]:
    return [a.libelle for a in attendus(type_instance, engages, sieges, maximum) if not a.tenu]


def test_plusieurs_og_la_direction_de_chacun_au_costrat() -> None:
    assert manquants(T.COSTRAT) == ["OG 1", "OG 2", "OG 3"]
    assert manquants(T.COSTRAT, siege(R.OG, og=2)) == ["OG 1", "OG 3"]
    assert manquants(T.COSTRAT, siege(R.OG, og=2, categorie="183")) == ["OG 1", "OG 2", "OG 3"], "pas une part de l'OG"
    assert manquants(T.COSTRAT, siege(R.CATEGORIE, categorie="255")) == ["OG 1", "OG 2", "OG 3"]


def test_plusieurs_og_un_representant_par_categorie_pour_chacun_au_comop() -> None:
    assert manquants(T.COMOP) == ["OG 1, ESAT", "OG 1, IME", "OG 2, EHPAD", "OG 2, IME", "OG 3, MAS"]
    assert manquants(T.COMOP, siege(R.OG, og=1)) == manquants(T.COMOP), "un organisme entier ne vaut pas ses catégories"
    assert "OG 1, IME" not in manquants(T.COMOP, siege(R.CATEGORIE, categorie="183", og=1))
    assert "OG 3, MAS" in manquants(T.COMOP, siege(R.ESMS, esms=105)), "un seul de ses deux ESMS"
    assert "OG 3, MAS" not in manquants(T.COMOP, siege(R.ESMS, esms=105), siege(R.ZONE, departement="35"))


def test_un_siege_attendu_prepare_le_mandat() -> None:
    (costrat, *_), (comop, *_) = attendus(T.COSTRAT, GRAPPE, [], 15), attendus(T.COMOP, GRAPPE, [], 15)
    assert (costrat.represente, costrat.precise, costrat.nb_esms) == ("og-1", "", 2)
    assert (comop.represente, comop.precise, comop.nb_esms) == ("categorie-246", "og-1", 1)


def test_un_seul_og_le_costrat_est_adosse_et_le_comop_va_par_esms_ou_par_categorie() -> None:
    seul = [engage(1), engage(2, categorie="246"), engage(3, categorie="246")]
    assert manquants(T.COSTRAT, engages=seul) == ["OG 1"] and manquants(T.CODIR, engages=seul) == ["OG 1"]
    assert manquants(T.COMOP, engages=seul) == ["ESMS 1", "ESMS 2", "ESMS 3"]
    assert manquants(T.COMOP, siege(R.CATEGORIE, categorie="246"), engages=seul) == ["ESMS 1"], "l'un ou l'autre"
    assert manquants(T.COMOP, engages=seul, maximum=2) == ["ESAT", "IME"]
    assert "adosse" in composer(T.COSTRAT, seul, []).regle
    assert composer(T.COMOP, seul, []).regle.endswith("un représentant par ESMS.")
    assert composer(T.COMOP, seul, [], maximum=2).regle.endswith("un représentant par catégorie d'ESMS.")


def test_le_comite_utilisateurs_attend_des_utilisateurs() -> None:
    assert manquants(T.UTILISATEURS) == ["Les utilisateurs du DUI"]
    assert manquants(T.UTILISATEURS, siege(R.UTILISATEURS)) == []
    assert manquants(T.UTILISATEURS, siege(R.OG, og=1)) == ["Les utilisateurs du DUI"]


def test_un_copil_est_libre_et_une_grappe_vide_n_attend_personne() -> None:
    assert composer(T.COPIL, GRAPPE, []).regle == LIBRE and not composer(T.COPIL, GRAPPE, []).attendus
    assert composer(T.COMOP, [], []).regle == AUCUN_ESMS and not composer(T.COMOP, [], []).manquent


def test_un_esms_sans_organisme_a_sa_ligne_et_prepare_sa_categorie() -> None:
    (seul,) = attendus(T.COMOP, [engage(1, None)], [], 15)
    assert (seul.libelle, seul.represente) == ("ESMS 1", "esms-101")
    comop = attendus(T.COMOP, [engage(1, None), engage(2, 2)], [], 15)
    assert [(a.libelle, a.represente, a.precise) for a in comop][-1] == (
        "Sans organisme gestionnaire, IME",
        "categorie-183",
        "",
    )


# --- ce qui se signale ---------------------------------------------------------------------------------------------


def test_l_effectif_se_signale_au_dela_et_pas_avant() -> None:
    trois = [siege(R.CONDUITE)] * 3
    assert composer(T.COMOP, GRAPPE, trois, maximum=3).signaux[1:] == ()
    (effectif, *_) = composer(T.COMOP, GRAPPE, [*trois, siege(R.CONDUITE)], maximum=3).signaux
    assert effectif.startswith("4 sièges, au-delà des 3 prévus")
    assert composer(T.COMOP, GRAPPE, [siege(R.CONDUITE)] * 16).signaux[0].startswith("16 sièges, au-delà des 15")
    assert composer(T.COPIL, GRAPPE, [siege(R.CONDUITE)] * 40).signaux == (), "sans seuil, rien à signaler"


def test_une_regle_qui_demande_trop_de_sieges_le_dit() -> None:
    assert "La règle demande 5 sièges, plus que les 4" in " ".join(composer(T.COMOP, GRAPPE, [], maximum=4).signaux)
    assert composer(T.COMOP, GRAPPE, [], maximum=5).signaux == ()


def test_personne_n_anime_et_un_codir_a_plusieurs_og_se_signalent() -> None:
    assert composer(T.COMOP, GRAPPE, [], animee=False).signaux == ("Personne ne la préside ni ne l'anime.",)
    assert "unique : la grappe en compte 3" in composer(T.CODIR, GRAPPE, []).signaux[0]
    assert composer(T.CODIR, [engage(1)], []).signaux == ()


# --- le dessin -----------------------------------------------------------------------------------------------------


def test_le_dessin_place_un_point_par_esms_et_compte_ce_que_personne_ne_represente() -> None:
    dessin = dessiner(GRAPPE, {1, 5})
    assert dessin.categories == ("EHPAD", "ESAT", "IME", "MAS") and [r.nom for r in dessin.rangees] == [
        "OG 1",
        "OG 2",
        "OG 3",
    ]
    cases = {(r.nom, c.categorie): c for r in dessin.rangees for c in r.cases}
    assert cases["OG 1", "EHPAD"].points == () and cases["OG 1", "EHPAD"].nombre == 0
    mas = cases["OG 3", "MAS"]
    assert (mas.nombre, mas.sans, mas.phrase) == (2, 1, "2 ESMS, dont 1 que personne ne représente")
    assert [p.plein for p in mas.points] == [False, True], "ce qu'on cherche vient d'abord"
    assert cases["OG 1", "IME"].phrase == "1 ESMS, représenté"
    assert cases["OG 2", "IME"].phrase == "1 ESMS, que personne ne représente"
    assert (dessin.nombre, dessin.sans, dessin.phrase) == (6, 4, "2 représentés sur 6 ESMS.")
    assert dessiner(GRAPPE, {1, 2, 3, 4, 5, 6}).phrase == "6 ESMS : chacun a quelqu'un qui parle pour lui."


def test_les_points_vont_a_la_ligne_et_tiennent_dans_leur_case() -> None:
    dessin = dessiner([engage(n) for n in range(PAR_RANG + 1)], set())
    case = dessin.rangees[0].cases[0]
    assert (case.largeur, case.hauteur) == (PAS * PAR_RANG, PAS * 2)
    assert len({(p.x, p.y) for p in case.points}) == PAR_RANG + 1
    assert all(0 < p.x < case.largeur and 0 < p.y < case.hauteur for p in case.points)
