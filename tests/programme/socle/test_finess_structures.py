"""FINESS+ : l'échantillon réel, les écarts entre fichier et schéma, les coordonnées rangées de travers."""

import gzip
import io
import json
import tracemalloc
from datetime import date
from pathlib import Path

import pytest

from programme.socle.finess.lignes import LigneESMS, LigneOG, Rejet
from programme.socle.finess.reduire import main, reduire
from programme.socle.finess.source import ouvrir
from programme.socle.finess.structures import lire_structures

ECHANTILLON = Path(__file__).parents[3] / "fixtures" / "demo" / "finess-structures-echantillon.json.gz"


def adresse(usage="03", **valeurs):
    return {
        "usageAdresse": usage,
        "cogCommune": "01053",
        "codePostal": "01000",
        "ligneAcheminement": "BOURG EN BRESSE",
        "ligneQuatre": "62 AVENUE DE JASSERON",
        "coordonneesGeographique": None,
        **valeurs,
    }


def ege(numero="010780195", categorie="500", etat="A", fermeture=None, adresses=None):
    return {
        "informationsGeneralesEGE": {
            "dateFermeture": fermeture,
            "dateOuverture": "1956-11-16",
            "nomEgeCourt": "CLINIQUE   CONVERT ",
            "nomEgeLong": None,
            "numFinessEge": numero,
            "siret": "77220148900022",
        },
        "categorieentiteGeographiqueExercice": categorie,
        "adresse": [adresse()] if adresses is None else adresses,
        "etatObjet": etat,
    }


def pmej(*egs, numero="010000156", cle="informationsGeneralesPMEJ"):
    return {
        cle: {"denominationPm": "OG", "numFinessPm": numero, "siren": "772201489", "statutJuridique": "73"},
        "adresse": [adresse("01", codePostal="75001"), adresse("02", codePostal="01000")],
        "ege": list(egs),
        "etatObjet": "A",
    }


def lire(*pmejs):
    return list(lire_structures(io.BytesIO(json.dumps({"gco": [], "pmej": pmejs}).encode())))


def esms(**valeurs):
    return lire(pmej(ege(**valeurs)))[1]


def test_echantillon_reel():
    source = ouvrir(ECHANTILLON)
    lignes = list(source.lignes())
    etablissements = [ligne for ligne in lignes if isinstance(ligne, LigneESMS)]
    ogs = {ligne.finess for ligne in lignes if isinstance(ligne, LigneOG)}
    assert source.millesime == date(2026, 8, 13)
    assert (len(etablissements), sum(e.actif for e in etablissements), len(ogs)) == (1753, 841, 30)
    assert not [ligne for ligne in lignes if isinstance(ligne, Rejet)]
    assert {e.finess_og for e in etablissements} <= ogs
    assert [e.ligne for e in etablissements] == list(range(1, 1754))


def test_echantillon_sans_contact_ni_adresse_a_taire():
    brut = json.loads(gzip.decompress(ECHANTILLON.read_bytes()))
    texte = json.dumps(brut)
    assert not [mot for mot in ("contact", "telephone", "courriel", "evenement") if mot in texte]
    taues = [
        e for p in brut["pmej"] for e in p["ege"] if e["categorieentiteGeographiqueExercice"] in ("236", "238", "462")
    ]
    assert taues
    permises = {"usageAdresse", "cogCommune", "codePostal", "ligneAcheminement"}
    assert all(set(a) <= permises for e in taues for a in e["adresse"])


def test_echantillon_deterministe(tmp_path):
    refait = tmp_path / "refait.json.gz"
    assert main([str(ECHANTILLON), str(refait)]) == 0
    assert refait.read_bytes() == ECHANTILLON.read_bytes()


def test_reduire_garde_ce_qui_est_lu_et_rien_d_autre():
    complet = pmej(ege(adresses=[adresse("04", codePostal="69000"), adresse()]), ege("010011914", categorie="238"))
    complet["contact"] = [{"telecom": {"telephone": "0400000000"}}]
    avant, apres = io.BytesIO(json.dumps({"pmej": [complet]}).encode()), io.BytesIO()
    reduire(avant, apres)
    reduit = gzip.decompress(apres.getvalue())
    assert b"telecom" not in reduit
    assert b"69000" not in reduit
    assert reduit.count(b"JASSERON") == 1
    avant.seek(0)
    assert list(lire_structures(io.BytesIO(reduit))) == list(lire_structures(avant))


def test_un_etablissement_lu_en_entier():
    assert esms() == LigneESMS(
        ligne=1,
        finess="010780195",
        finess_og="010000156",
        nom="Clinique Convert",
        nom_long="CLINIQUE CONVERT",
        categorie="500",
        siret="77220148900022",
        commune_cog="01053",
        code_postal="01000",
        ville="Bourg en Bresse",
        departement="01",
        adresse="62 AVENUE DE JASSERON",
        ouvert_le=date(1956, 11, 16),
        ferme_le=None,
        actif=True,
        longitude=None,
        latitude=None,
    )


def test_l_og_precede_les_siens_avec_son_siege():
    og, premier, second = lire(pmej(ege(), ege("010011914")))
    assert isinstance(og, LigneOG)
    assert (og.ligne, og.finess, og.siren, og.statut_juridique) == (1, "010000156", "772201489", "73")
    assert (og.code_postal, og.departement) == ("01000", "01")
    assert (premier.finess_og, second.finess_og, second.ligne) == ("010000156", "010000156", 2)


@pytest.mark.parametrize(
    ("etat", "fermeture", "actif"),
    [("A", None, True), ("A", "", True), ("I", None, False), ("A", "2020-01-01", False), ("I", "2020-01-01", False)],
)
def test_actif_demande_l_etat_et_l_absence_de_fermeture(etat, fermeture, actif):
    assert esms(etat=etat, fermeture=fermeture).actif is actif


def test_une_fermeture_illisible_reste_une_fermeture():
    ligne = esms(fermeture="l'an passé")
    assert (ligne.actif, ligne.ferme_le) == (False, None)


@pytest.mark.parametrize("code", ["500", {"system": "s", "code": "500"}, {"code": "500", "system": "s"}])
def test_code_nu_ou_objet_du_schema(code):
    etablissement = ege(categorie=code, etat={"code": "A", "system": "s"})
    etablissement["categorieEntiteGeographiqueExercice"] = etablissement.pop("categorieentiteGeographiqueExercice")
    etablissement["siret"] = etablissement["informationsGeneralesEGE"].pop("siret")
    og, ligne = lire(pmej(etablissement, cle="informationsGeneralesPmej"))
    assert (og.finess, ligne.categorie, ligne.actif, ligne.siret) == ("010000156", "500", True, "77220148900022")


def test_identite_apres_les_etablissements():
    entree = pmej(ege(), ege("010011914"))
    entree["informationsGeneralesPMEJ"] = entree.pop("informationsGeneralesPMEJ")
    assert [(ligne.finess, ligne.ligne) for ligne in lire(entree)] == [
        ("010000156", 1),
        ("010780195", 1),
        ("010011914", 2),
    ]
    assert lire(entree)[1].finess_og == "010000156"
    assert [ligne.finess for ligne in lire(entree, pmej(numero="010000339"))][2:] == ["010011914", "010000339"]


def test_adresse_d_usage_03_ou_la_premiere():
    ailleurs, ici = adresse("04", codePostal="69000"), adresse("03", codePostal="01000")
    assert esms(adresses=[ailleurs, ici, ailleurs]).code_postal == "01000"
    assert esms(adresses=[ailleurs]).code_postal == "69000"
    assert esms(adresses=[]).departement == ""


def test_adresse_composee_de_ses_morceaux_quand_la_ligne_quatre_manque():
    morceaux = {"ligneQuatre": None, "numeroVoie": "9", "typeVoie": "R   ", "libelleVoie": "BASSE", "lieuDit": "LE PRÉ"}
    assert esms(adresses=[adresse(**morceaux)]).adresse == "9 RUE BASSE, LE PRÉ"
    batiment = adresse(complementPointGeographique="BATIMENT C", lieuDit="BP 132")
    assert esms(adresses=[batiment]).adresse == "BATIMENT C, 62 AVENUE DE JASSERON, BP 132"


@pytest.mark.parametrize(
    ("x", "y", "latitude", "longitude", "attendu"),
    [
        ("5.25", "46.21", "6570414.61", "873766.07", (5.25, 46.21)),
        ("882630.01", "6542638.96", "45.95", "5.35", (5.35, 45.95)),
        ("46.21", "5.25", "6570414.61", "873766.07", (5.25, 46.21)),
        ("-61.5", "16.2", None, None, (None, None)),
        ("873766.07", "6570414.61", "", "", (None, None)),
        ("nan", "inf", "x", "y", (None, None)),
        ("0", "0", "0", "0", (None, None)),
    ],
)
def test_coordonnees_rangees_de_travers(x, y, latitude, longitude, attendu):
    coordonnees = {"coordonneeX": x, "coordonneeY": y, "directionLatitude": latitude, "directionLongitude": longitude}
    ligne = esms(adresses=[adresse(coordonneesGeographique=coordonnees)])
    assert (ligne.longitude, ligne.latitude) == attendu


def test_adresse_a_taire():
    coordonnees = {"coordonneeX": "5.25", "coordonneeY": "46.21"}
    ligne = esms(categorie="238", adresses=[adresse(coordonneesGeographique=coordonnees)])
    assert (ligne.adresse, ligne.longitude, ligne.ville) == ("", None, "Bourg en Bresse")


def test_numero_faux_rejete_le_reste_lu():
    og, rejet, bon = lire(pmej(ege("010780196"), ege("010011914")))
    assert isinstance(rejet, Rejet)
    assert (rejet.ligne, rejet.numero, rejet.colonne) == (1, "010780196", "numFinessEge")
    assert bon.finess == "010011914"


def test_og_sans_numero_rejete_ses_etablissements_gardes():
    rejet, ligne = lire(pmej(ege(), numero=None))
    assert (rejet.colonne, ligne.finess, ligne.finess_og) == ("numFinessPm", "010780195", "")


def test_memoire_constante_pour_un_gestionnaire_geant():
    entree = json.dumps(ege(adresses=[adresse()] * 5)).encode()
    tete = json.dumps({"informationsGeneralesPMEJ": {"numFinessPm": "010000156"}}).encode()[:-1]

    def pic(nombre):
        flux = io.BytesIO(b'{"pmej":[' + tete + b',"ege":[' + b",".join([entree] * nombre) + b"]}]}")
        tracemalloc.start()
        assert sum(isinstance(ligne, LigneESMS) for ligne in lire_structures(flux)) == nombre
        _, maximum = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return maximum

    assert pic(4000) < pic(1000) * 1.2
