"""Ce qu'on relie d'un fichier : rangs des colonnes, et tout ce qui empêche de lire, d'un coup."""

from programme.socle.imports import imports
from programme.socle.imports_relies import ImportRelie
from programme.socle.liaisons import controler, rangs
from programme.socle.travaux import travaux

ATTENDUES = {"numero": "Numéro", "jour": "Jour", "esms": "ESMS"}


def test_un_rang_par_code_le_premier_et_rien_pour_l_inconnu() -> None:
    relie = {"n ticket": "numero", "le": "jour", "x": "disparu"}
    assert rangs(["N° ticket", "", "Le", "X", "Le"], relie, ATTENDUES) == {"numero": 0, "jour": 2}


def test_ce_qui_est_juste_ne_dit_rien() -> None:
    assert controler(["Numéro", "Jour"], {"numero": "numero", "jour": "jour"}, ATTENDUES, ("numero", "jour")) == []


def test_toutes_les_fautes_se_disent_d_un_coup() -> None:
    relie = {"jour": "jour", "date": "jour", "partie": "esms"}
    fautes = " ".join(controler(["Jour", "Autre", "jour", "Date"], relie, ATTENDUES, ("numero", "jour")))
    assert "Une colonne reliée n'est pas dans cette feuille" in fautes
    assert "« Jour » est relié à deux colonnes" in fautes
    assert "« Jour » est là plusieurs fois (colonnes A, C)" in fautes
    assert "Reliez la colonne « Numéro »" in fautes


def test_chaque_genre_qui_se_relie_a_son_depot_et_son_menage() -> None:
    relies = [i for i in imports if isinstance(i, ImportRelie)]
    assert {i.code for i in relies} >= {"reprise", "professionnels", "connexions", "tickets", "tableau-de-bord-esms"}
    for import_ in relies:
        assert import_.depot in travaux
        assert (f"{import_.code}-menage" in travaux) is bool(import_.garde)
        assert import_.garde or not import_.efface_le_fichier, "qui s'efface une fois écrit s'efface aussi oublié"
