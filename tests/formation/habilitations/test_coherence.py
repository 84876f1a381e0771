"""Les règles de cohérence demandent une raison ; elles ne décident rien."""

from formation.calculs.coherence import (
    Manquement,
    ModuleLu,
    ProfilLu,
    RegleLue,
    portees_a_motiver,
    restent,
    verifier,
)

EDUC = ProfilLu(1, "educatif", "Éducatif", "educatif")
SECRETARIAT = ProfilLu(2, "administratif", "Secrétariat", "administratif")
JOURNAL, SOINS = ModuleLu(10, "journal", "Journal"), ModuleLu(20, "soins", "Soins", True)
TOUT = ([EDUC, SECRETARIAT], [JOURNAL, SOINS])
INATTENDU = RegleLue(
    "medical", "Un module médical pour un profil administratif", "droit_inattendu", ["administratif"], ["medicaux"]
)
PERSONNE = RegleLue("admin", "Personne n'administre le DUI", "personne_ne", droit="administration")
ORPHELIN = RegleLue("metier", "Un métier tenu n'a pas de profil", "metier_sans_profil")


def test_un_droit_inattendu_se_dit_par_profil_et_module() -> None:
    cases = {(2, 20): ("lecture", "unite"), (1, 20): ("ecriture", "unite"), (2, 10): ("ecriture", "unite")}
    assert verifier([INATTENDU], *TOUT, cases, {}) == [
        Manquement(
            "medical",
            "administratif:soins",
            "Un module médical pour un profil administratif : « Secrétariat », lecture dans « Soins ».",
        )
    ]


def test_a_partir_du_droit_dit_par_la_regle() -> None:
    regle = RegleLue("ecrit", "Écrit des soins", "droit_inattendu", ["administratif"], ["soins"], "ecriture")
    assert not verifier([regle], *TOUT, {(2, 20): ("lecture", "unite")}, {})
    assert verifier([regle], *TOUT, {(2, 20): ("validation", "unite")}, {})


def test_personne_nulle_part() -> None:
    assert [m.cle for m in verifier([PERSONNE], *TOUT, {(1, 10): ("validation", "unite")}, {})] == ["*"]
    assert not verifier([PERSONNE], *TOUT, {(1, 10): ("administration", "unite")}, {})


def test_personne_sur_des_modules_nommes() -> None:
    regle = RegleLue("ecrit", "Personne n'écrit", "personne_ne", modules=["journal", "medicaux"], droit="ecriture")
    assert [m.cle for m in verifier([regle], *TOUT, {(1, 10): ("ecriture", "unite")}, {})] == ["soins"]


def test_un_metier_sans_profil() -> None:
    lus = verifier([ORPHELIN], *TOUT, {}, {"veilleur": "Surveillant de nuit"})
    assert lus == [Manquement("metier", "veilleur", "Un métier tenu n'a pas de profil : Surveillant de nuit.")]


def test_une_portee_locale_s_explique_une_fois_par_profil() -> None:
    cases = {(1, 10): ("lecture", "toutes"), (1, 20): ("lecture", "toutes"), (2, 10): ("lecture", "unite")}
    lus = portees_a_motiver(*TOUT, cases, {})
    assert lus == [Manquement("portee", "educatif", "« Éducatif » : toutes les personnes pour Journal et Soins.")]
    # Comme au modèle, il n'y a rien à expliquer ; autrement que lui, si.
    assert not portees_a_motiver(*TOUT, cases, cases)
    modele = {**cases, (2, 10): ("ecriture", "suivies")}
    assert [m.cle for m in portees_a_motiver(*TOUT, cases, modele)] == ["administratif"]


def test_la_raison_de_toute_la_matrice_vaut_pour_les_portees_seulement() -> None:
    portee, regle = Manquement("portee", "educatif", ""), Manquement("admin", "*", "")
    assert restent([portee, regle], [("portee", "*")]) == [regle]
    assert restent([portee, regle], [("portee", "educatif"), ("admin", "*")]) == []
