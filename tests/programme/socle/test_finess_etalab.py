"""L'extrait etalab : les fichiers fournis, juste ou fautif, et leurs bizarreries."""

from collections import Counter
from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest

from programme.socle.finess.etalab import lire_etalab
from programme.socle.finess.fabrique import CATEGORIE_ABSENTE, OG_ABSENT, SIRET_FAUX, SIRET_PROVISOIRE, ZERO_REMIS
from programme.socle.finess.lignes import LigneESMS, Rejet
from programme.socle.finess.source import ouvrir

FIXTURES = Path(__file__).parents[3] / "fixtures"
IMPORTS = FIXTURES / "imports"
# L'extrait etalab ne porte ni le même rang, ni l'adresse, ni les coordonnées.
PROPRES_AU_FORMAT = {"ligne", "adresse", "longitude", "latitude"}


def champs(**valeurs):
    """Une ligne `structureet` juste, dont on change quelques champs par leur rang (`c18="238"`)."""
    ligne = [""] * 32
    ligne[:5] = ["structureet", "010780195", "010000156", "CLINIQUE", "CLINIQUE LONGUE"]
    ligne[12], ligne[13], ligne[15], ligne[18] = "053", "01", "01000 BOURG EN BRESSE", "500"
    ligne[22], ligne[28], ligne[30] = "77220148900022", "1956-11-16", "2026-08-13"
    for rang, valeur in valeurs.items():
        ligne[int(rang[1:])] = valeur
    return ligne


def lire(*lignes, coordonnees=None, encodage="utf-8"):
    textes = ["finess;etalab;111;2026-08-13", *(";".join(ligne) for ligne in lignes)]
    return list(lire_etalab([f"{t}\n".encode(encodage) for t in textes], coordonnees or {}))


def test_acceptation_les_451_sont_parmi_les_841_actifs_a_champs_communs_egaux():
    echantillon = ouvrir(FIXTURES / "demo" / "finess-structures-echantillon.json.gz").lignes()
    actifs = {ligne.finess: ligne for ligne in echantillon if isinstance(ligne, LigneESMS) and ligne.actif}
    etalab = list(ouvrir(IMPORTS / "finess-etalab-451.csv").lignes())
    communs = [champ.name for champ in fields(LigneESMS) if champ.name not in PROPRES_AU_FORMAT]
    assert (len(actifs), len(etalab)) == (841, 451)
    assert len(communs) >= 14
    for ligne in etalab:
        jumelle = actifs[ligne.finess]
        assert {c: getattr(ligne, c) for c in communs} == {c: getattr(jumelle, c) for c in communs}


def test_cp1252_guillemets_outre_mer_et_geolocalisation():
    source = ouvrir(IMPORTS / "finess-etalab-cp1252.csv")
    lignes = list(source.lignes())
    assert source.millesime == date(2026, 8, 13)
    assert [type(ligne) for ligne in lignes] == [LigneESMS] * 6
    assert lignes[1].nom == 'Pole "Surdité" ; Ressources'
    assert lignes[2].adresse == "12 BIS RUE DES ÉCOLES, BP 40"
    degres = (5.226104, 46.200985)
    assert [(ligne.longitude, ligne.latitude) for ligne in lignes] == [degres, degres] + [(None, None)] * 4
    saint_martin = lignes[5]
    assert (saint_martin.commune_cog, saint_martin.departement, saint_martin.ligne) == ("97127", "978", 7)


@pytest.mark.parametrize(
    ("departement", "commune", "attendu"),
    [
        ("9A", "101", ("97101", "971")),
        ("9C", "309", ("97309", "973")),
        ("9F", "611", ("97611", "976")),
        ("9J", "611", ("98611", "986")),
        ("971", "101", ("97101", "971")),
        ("2a", "4", ("2A004", "2A")),
        ("1", "53", ("01053", "01")),
    ],
)
def test_departement_insee(departement, commune, attendu):
    (ligne,) = lire(champs(c13=departement, c12=commune))
    assert (ligne.commune_cog, ligne.departement) == attendu


@pytest.mark.parametrize(("postal", "attendu"), [("01000", "01"), ("20137", "2A"), ("20200", "2B"), ("97400", "974")])
def test_sans_commune_le_code_postal_donne_le_departement(postal, attendu):
    (ligne,) = lire(champs(c12="", c13="", c15=f"{postal} VILLE"))
    assert (ligne.commune_cog, ligne.departement) == ("", attendu)


@pytest.mark.parametrize("categorie", ["236", "238", "462"])
def test_une_adresse_qui_peut_etre_un_domicile_est_tue(categorie):
    valeurs = {"c7": "3", "c8": "R", "c9": "DES LILAS"}
    ici = {"010780195": ("5.22", "46.20")}
    (montree,) = lire(champs(c18="500", **valeurs), coordonnees=ici)
    (tue,) = lire(champs(c18=categorie, **valeurs), coordonnees=ici)
    assert (montree.adresse, montree.longitude, montree.latitude) == ("3 RUE DES LILAS", 5.22, 46.2)
    assert (tue.adresse, tue.longitude, tue.latitude) == ("", None, None)
    assert tue.ville == "Bourg en Bresse"


def test_zero_perdu_recomplete_signale():
    lignes = list(ouvrir(IMPORTS / "finess-etalab-zero-perdu.csv").lignes())
    assert [ligne.finess for ligne in lignes] == ["010011914", "010013472", "010008183"]
    assert all(ZERO_REMIS in ligne.avertissements for ligne in lignes)
    assert {(ligne.finess_og, ligne.departement, ligne.commune_cog) for ligne in lignes} == {
        ("010000255", "01", "01053")
    }
    assert lignes[0].ouvert_le == date(2020, 1, 1)


def test_ligne_coupee_rejetee_les_autres_lues():
    *bonnes, coupee = ouvrir(IMPORTS / "finess-etalab-tronque.csv").lignes()
    assert [type(ligne) for ligne in bonnes] == [LigneESMS, LigneESMS]
    assert isinstance(coupee, Rejet)
    assert (coupee.ligne, coupee.numero) == (4, "010008183")
    assert "18 champs au lieu de 32" in coupee.raison


def test_mauvaise_cle_rejetee_avec_sa_ligne_et_sa_colonne():
    lignes = list(ouvrir(IMPORTS / "finess-etalab-mauvaise-cle.csv").lignes())
    (rejet,) = [ligne for ligne in lignes if isinstance(ligne, Rejet)]
    assert (rejet.ligne, rejet.numero, rejet.colonne) == (3, "010013473", "nofinesset")
    assert "clé" in rejet.raison


def test_doublon_rejete_la_premiere_gardee():
    *bonnes, rejet = ouvrir(IMPORTS / "finess-etalab-doublon.csv").lignes()
    assert len(bonnes) == 2
    assert isinstance(rejet, Rejet)
    assert (rejet.ligne, rejet.numero) == (4, "010011914")
    assert "ligne 2" in rejet.raison


def test_categorie_inconnue_gardee():
    lignes = list(ouvrir(IMPORTS / "finess-etalab-categorie-inconnue.csv").lignes())
    assert Counter(ligne.categorie for ligne in lignes) == {"182": 1, "461": 1, "999": 1}


def test_ce_qui_est_douteux_avertit_sans_rejeter():
    (ligne,) = lire(champs(c2="", c18="", c22="12345678900000", c28="2020-02-31"))
    assert set(ligne.avertissements) >= {OG_ABSENT, CATEGORIE_ABSENTE, SIRET_FAUX}
    assert any("2020-02-31" in avertissement for avertissement in ligne.avertissements)
    assert (ligne.finess_og, ligne.categorie, ligne.ouvert_le) == ("", "", None)
    assert lire(champs(c22="22440002899999"))[0].avertissements == (SIRET_PROVISOIRE,)
    assert lire(champs(c22="35600000049837"))[0].avertissements == ()


def test_un_guillemet_seul_ne_mange_pas_la_suite():
    lignes = lire(champs(c3='"LES LILAS'), champs(c1="010011914"))
    assert [ligne.nom for ligne in lignes] == ['"Les Lilas', "Clinique"]


def test_lignes_vides_et_champs_vides_en_trop_sont_ignores():
    lignes = lire([""], [""] * 32, [*champs(), "", ""], champs(c1="010011914")[:31])
    assert [type(ligne) for ligne in lignes] == [LigneESMS, LigneESMS]


def test_un_separateur_de_trop_est_un_rejet():
    (rejet,) = lire([*champs(), "x"])
    assert "33 champs" in rejet.raison


@pytest.mark.parametrize("encodage", ["utf-8", "utf-8-sig", "cp1252"])
def test_encodages(encodage, tmp_path):
    fichier = tmp_path / "extrait.csv"
    texte = "finess;etalab;111;2026-08-13\r\n" + ";".join(champs(c3="FOYER DU CŒUR D'ÉTÉ")) + "\r\n"
    fichier.write_bytes(texte.encode(encodage))
    (ligne,) = ouvrir(fichier).lignes()
    assert (ligne.nom, ligne.ligne) == ("Foyer du Cœur d'Été", 2)


def test_une_ligne_dans_un_autre_encodage_est_rejetee_pas_devinee():
    bonne, mauvaise = ";".join(champs(c3="ÉTÉ")), ";".join(champs(c1="010011914", c3="NOËL"))
    lignes = list(lire_etalab([bonne.encode() + b"\n", mauvaise.encode("cp1252") + b"\n"], {}))
    assert lignes[0].nom == "ÉTÉ"
    assert isinstance(lignes[1], Rejet)
    assert "UTF-8" in lignes[1].raison
