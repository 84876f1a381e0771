"""t-finess : colonnes lues par leur nom, dans tout ordre ; ce qui manque ou ne se lit pas se dit en une phrase."""

import csv
import gzip
import io
from datetime import date
from pathlib import Path
from random import Random

import pytest

from programme.socle.finess.lignes import Ligne, LigneESMS, LigneOG, Rejet
from programme.socle.finess.refus import FichierRefuse
from programme.socle.finess.source import T_FINESS, Source, ouvrir
from programme.socle.finess.t_finess import INDISPENSABLES
from tests.fabrique_t_finess import COLONNES, ECHANTILLON, fabriquer

FICHIER = Path(__file__).parents[3] / "fixtures" / "imports" / "finess-t-finess.csv"
UN, OG = "010780195", "010000156"
CHAMPS_COMMUNS = ("finess_og", "nom", "categorie", "siret", "departement", "commune_cog", "code_postal", "ouvert_le")


def champs(**valeurs: str) -> dict[str, str]:
    """Une ligne juste, dont on change quelques colonnes."""
    return {
        "finess": UN,
        "type": "ET",
        "etat": "ACTUEL",
        "rs": "EHPAD LES TILLEULS",
        "ej_finess": OG,
        "ej_rs": "ASSOCIATION TREILLE",
        "siren": "775544562",
        "statut_jur_code": "60",
        "siret": "77220148900022",
        "categ_code": "500",
        "com_code": "01053",
        "adresse_code_postal": "01000",
        "adresse_lib_routage": "01000 BOURG EN BRESSE",
        "adresse_num_voie": "3",
        "adresse_type_voie": "R",
        "adresse_nom_voie": "DES LILAS",
        "date_ouverture": "1956-11-16",
        "date_extract_finess": "2026-08-13",
    } | valeurs


def source(*lignes: dict[str, str], colonnes: list[str] = COLONNES, separateur: str = ",", fin: str = "") -> Source:
    texte = io.StringIO()
    ecrivain = csv.DictWriter(texte, colonnes, restval="", delimiter=separateur, extrasaction="ignore")
    ecrivain.writeheader()
    ecrivain.writerows(lignes)
    return ouvrir(io.BytesIO((texte.getvalue() + fin).encode()))


def esms(*lignes: dict[str, str], **options: str) -> list[LigneESMS]:
    return [x for x in source(*lignes, **options).lignes() if isinstance(x, LigneESMS)]  # type: ignore[arg-type]


def test_le_fichier_d_essai_se_refait_et_a_les_74_colonnes() -> None:
    assert FICHIER.read_bytes() == fabriquer()
    assert len(COLONNES) == len(set(COLONNES)) == 74 and set(INDISPENSABLES) <= set(COLONNES)


def test_ses_etablissements_sont_ceux_de_finess_plus() -> None:
    lu = ouvrir(FICHIER)
    assert (lu.format, lu.millesime) == (T_FINESS, date(2026, 8, 13))
    lignes = list(lu.lignes())
    assert [x for x in lignes if isinstance(x, Rejet)] == []
    jumeaux = {x.finess: x for x in ouvrir(ECHANTILLON).lignes() if isinstance(x, LigneESMS)}
    lus = [x for x in lignes if isinstance(x, LigneESMS)]
    assert len(lus) == 58 and sum(not x.actif for x in lus) == 3
    for ligne in lus:
        jumeau = jumeaux[ligne.finess]
        for champ in (
            "finess_og",
            "nom",
            "categorie",
            "siret",
            "departement",
            "commune_cog",
            "code_postal",
            "ouvert_le",
        ):
            assert getattr(ligne, champ) == getattr(jumeau, champ), (ligne.finess, champ)
        assert (ligne.longitude, ligne.latitude) == (jumeau.longitude, jumeau.latitude)


def test_une_ligne() -> None:
    og, ligne = source(champs()).lignes()
    assert isinstance(og, LigneOG) and isinstance(ligne, LigneESMS)
    assert (og.finess, og.nom, og.siren, og.statut_juridique) == (OG, "Association Treille", "775544562", "60")
    assert (ligne.finess, ligne.nom, ligne.categorie, ligne.departement) == (UN, "EHPAD Les Tilleuls", "500", "01")
    assert (ligne.adresse, ligne.ville, ligne.code_postal) == ("3 RUE DES LILAS", "Bourg en Bresse", "01000")
    assert (ligne.ouvert_le, ligne.actif, ligne.ligne) == (date(1956, 11, 16), True, 2)
    # Le format n'a que des noms courts : il ne remplace pas les noms longs qu'un autre a donnés.
    assert ligne.nom_long == og.nom_long == ""


@pytest.mark.parametrize("separateur", [",", ";"])
def test_l_ordre_des_colonnes_est_libre(separateur: str) -> None:
    melangees = [*COLONNES, "geoloc_4326_long", "colonne_de_demain"]
    Random(7).shuffle(melangees)
    assert esms(champs(), colonnes=melangees, separateur=separateur) == esms(champs())  # type: ignore[arg-type]


def test_compresse_et_avec_bom_aussi() -> None:
    octets = b"\xef\xbb\xbf" + FICHIER.read_bytes()
    temoin = list(ouvrir(FICHIER).lignes())
    assert list(ouvrir(io.BytesIO(octets)).lignes()) == temoin
    assert list(ouvrir(io.BytesIO(gzip.compress(octets))).lignes()) == temoin


def test_un_etablissement_ferme_n_est_pas_actif() -> None:
    (ligne,) = esms(champs(etat="FERME"))
    assert not ligne.actif


def test_une_entite_juridique_n_est_pas_un_esms() -> None:
    lignes = list(source(champs(), champs(type="EJ", finess=OG)).lignes())
    assert [type(x) for x in lignes] == [LigneOG, LigneESMS]


def test_le_meme_og_precede_chacun_des_siens_sans_etre_un_doublon() -> None:
    lignes = list(source(champs(), champs(finess="010011914")).lignes())
    assert [type(x) for x in lignes] == [LigneOG, LigneESMS, LigneOG, LigneESMS]


def test_zero_de_tete_perdu_par_un_tableur() -> None:
    (ligne,) = esms(champs(finess=UN[1:], ej_finess=OG[1:], com_code="1053", adresse_code_postal="1000"))
    assert (ligne.finess, ligne.finess_og, ligne.commune_cog, ligne.code_postal) == (UN, OG, "01053", "01000")


def test_coordonnees_en_degres_seulement_sous_l_un_ou_l_autre_nom() -> None:
    degres = {"geoloc_4326_long": "5.226104", "geoloc_4326_lat": "46.200985"}
    metres = {"geoloc_x": "870000", "geoloc_y": "6560000"}
    colonnes = [*COLONNES, *degres]
    (ligne,) = esms(champs(**degres, **metres), colonnes=colonnes)  # type: ignore[arg-type]
    assert (ligne.longitude, ligne.latitude) == (5.226104, 46.200985)
    (ligne,) = esms(champs(**metres))
    assert (ligne.longitude, ligne.latitude) == (None, None)


@pytest.mark.parametrize("categorie", ["236", "238", "462"])
def test_une_adresse_qui_peut_etre_un_domicile_est_tue(categorie: str) -> None:
    (ligne,) = esms(champs(categ_code=categorie))
    assert ligne.adresse == ""


def test_un_champ_entre_guillemets_garde_ses_virgules_et_ses_retours() -> None:
    (ligne,) = esms(champs(rs='FOYER "LES LILAS", ANNEXE', adresse_lieuditbp="BP 40\nLE BOURG"))
    assert ligne.nom.upper() == 'FOYER "LES LILAS", ANNEXE' and ligne.adresse.endswith("BP 40 LE BOURG")


# --- Ce qui ne va pas ---


@pytest.mark.parametrize("colonne", [c for c in INDISPENSABLES if c not in ("finess", "ej_finess")])
def test_une_colonne_qui_manque_se_nomme(colonne: str) -> None:
    with pytest.raises(FichierRefuse, match=f"Il manque à ce fichier t-finess la colonne « {colonne} »"):
        list(source(champs(), colonnes=[c for c in COLONNES if c != colonne]).lignes())


def test_plusieurs_colonnes_qui_manquent_se_nomment() -> None:
    with pytest.raises(FichierRefuse, match="les colonnes « type », « etat », « rs »"):
        source(champs(), colonnes=["finess", "ej_finess"])


def test_une_derniere_ligne_coupee_est_rejetee_les_autres_lues() -> None:
    *bonnes, coupee = source(champs(), fin="FINESS,2026-08-20,010008183,0100").lignes()
    assert [type(x) for x in bonnes] == [LigneOG, LigneESMS]
    assert isinstance(coupee, Rejet)
    assert (coupee.ligne, coupee.numero) == (3, "010008183") and "4 champs au lieu de 74" in coupee.raison


def test_un_numero_a_cle_fausse_est_rejete_a_sa_ligne() -> None:
    _, rejet = source(champs(finess=UN[:8] + "0")).lignes()
    assert isinstance(rejet, Rejet) and (rejet.ligne, rejet.colonne) == (2, "finess")


def test_un_type_inconnu_est_rejete() -> None:
    (*_, rejet) = source(champs(), champs(type="XX", finess="010011914")).lignes()
    assert isinstance(rejet, Rejet) and "Type « XX » inconnu" in rejet.raison


def test_une_ligne_dans_un_autre_encodage_est_rejetee_seule() -> None:
    debut = FICHIER.read_bytes().split(b"\n")[0]

    def octets(nom: str, numero: str, encodage: str) -> bytes:
        texte = io.StringIO()
        csv.DictWriter(texte, COLONNES, restval="").writerow(champs(rs=nom, finess=numero))
        return texte.getvalue().encode(encodage)

    fichier = [octets("ÉTÉ", UN, "utf-8"), octets("ÉTÉ", "010011914", "cp1252"), octets("ÉTÉ", "010013472", "utf-8")]
    lignes: list[Ligne] = list(ouvrir(io.BytesIO(debut + b"\n" + b"".join(fichier))).lignes())
    assert [x.finess for x in lignes if isinstance(x, LigneESMS)] == [UN, "010013472"]
    (rejet,) = [x for x in lignes if isinstance(x, Rejet)]
    assert rejet.ligne == 3 and "UTF-8" in rejet.raison


def test_tout_en_cp1252_se_lit() -> None:
    texte = io.StringIO()
    ecrivain = csv.DictWriter(texte, COLONNES, restval="")
    ecrivain.writeheader()
    ecrivain.writerow(champs(rs="EHPAD L'ÉTÉ"))
    _, ligne = ouvrir(io.BytesIO(texte.getvalue().encode("cp1252"))).lignes()
    assert isinstance(ligne, LigneESMS) and ligne.nom == "EHPAD L'Été"


def test_un_guillemet_jamais_referme_se_dit() -> None:
    suite = "".join(f'FINESS,"{"x" * 1000}\n' if rang == 0 else "y" * 1000 + "\n" for rang in range(200))
    with pytest.raises(FichierRefuse, match="abîmé après 1 établissement, vers la ligne"):
        list(source(champs(), fin=suite).lignes())


def test_sans_ligne_ou_sans_etablissement() -> None:
    with pytest.raises(FichierRefuse, match="que ses intitulés"):
        list(source().lignes())
    with pytest.raises(FichierRefuse, match="aucun établissement"):
        list(source(champs(type="EJ")).lignes())


def test_des_tabulations_se_disent() -> None:
    with pytest.raises(FichierRefuse, match="séparées par autre chose que des virgules"):
        source(champs(), separateur="\t")


@pytest.mark.parametrize("jour", ["", "hier", "2026-13-01"])
def test_un_millesime_illisible_n_empeche_rien(jour: str) -> None:
    lu = source(champs(date_extract_finess=jour))
    assert lu.millesime is None and len(list(lu.lignes())) == 2
