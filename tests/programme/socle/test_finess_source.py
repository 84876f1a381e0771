"""Reconnaître un fichier par son contenu, le plafonner, le refuser en une phrase."""

import gzip
import hashlib
import io
import json
import tempfile
import zipfile
from datetime import date
from pathlib import Path

import pytest

from programme.socle.finess.lignes import LigneESMS, Rejet
from programme.socle.finess.refus import FichierRefuse
from programme.socle.finess.source import ETALAB, FINESS_PLUS, ouvrir

FIXTURES = Path(__file__).parents[3] / "fixtures"
ECHANTILLON = FIXTURES / "demo" / "finess-structures-echantillon.json.gz"
ETALAB_451 = FIXTURES / "imports" / "finess-etalab-451.csv"
JSON_CLAIR = gzip.decompress(ECHANTILLON.read_bytes())


def refus(contenu, **plafonds):
    """La phrase de refus, à l'ouverture ou en cours de lecture ; une seule phrase, sans chemin."""
    with pytest.raises(FichierRefuse) as capture:
        list(ouvrir(io.BytesIO(contenu), **plafonds).lignes())
    message = capture.value.message
    assert message.endswith(".")
    assert ". " not in message.replace("Mo. ", "")
    return message


def archive_zip(*noms):
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w") as archive:
        for nom in noms:
            archive.writestr(nom, "x")
    return tampon.getvalue()


@pytest.mark.parametrize(
    ("contenu", "format_attendu", "nombre"),
    [
        (ECHANTILLON.read_bytes(), FINESS_PLUS, 1753),
        (JSON_CLAIR, FINESS_PLUS, 1753),
        (b"\xef\xbb\xbf" + JSON_CLAIR, FINESS_PLUS, 1753),
        (ETALAB_451.read_bytes(), ETALAB, 451),
        (gzip.compress(ETALAB_451.read_bytes()), ETALAB, 451),
        (b"\xef\xbb\xbf" + ETALAB_451.read_bytes(), ETALAB, 451),
    ],
)
def test_reconnu_par_son_contenu_et_relisible(contenu, format_attendu, nombre):
    source = ouvrir(io.BytesIO(contenu))
    assert (source.format, source.millesime) == (format_attendu, date(2026, 8, 13))
    premiere, seconde = list(source.lignes()), list(source.lignes())
    assert premiere == seconde
    assert sum(isinstance(ligne, LigneESMS) for ligne in premiere) == nombre


def test_par_chemin_le_nom_ne_compte_pas(tmp_path):
    deguise = tmp_path / "photo.png"
    deguise.write_bytes(ECHANTILLON.read_bytes())
    source = ouvrir(deguise)
    assert (source.nom, source.format, source.compresse) == ("photo.png", FINESS_PLUS, True)
    assert source.taille == ECHANTILLON.stat().st_size


def test_fichier_prete_en_ecriture_lu_sans_etre_ferme():
    with tempfile.SpooledTemporaryFile(mode="w+b") as envoi:
        envoi.write(ECHANTILLON.read_bytes())
        source = ouvrir(envoi)
        assert source.format == FINESS_PLUS
        assert next(source.lignes())
        assert not envoi.closed


def test_empreinte_du_fichier_tel_que_recu():
    assert ouvrir(ECHANTILLON).empreinte() == hashlib.sha256(ECHANTILLON.read_bytes()).hexdigest()


def test_millesime_absent_ou_illisible():
    entete = b'{"pmej":[]}'
    assert ouvrir(io.BytesIO(entete)).millesime is None
    assert ouvrir(io.BytesIO(b"finess;etalab;111;hier\nstructureet;")).millesime is None


def test_numero_repete_dans_finess_plus():
    brut = json.loads(JSON_CLAIR)
    entree = next(p for p in brut["pmej"] if len(p["ege"]) == 1)
    lignes = list(ouvrir(io.BytesIO(json.dumps({"pmej": [entree, entree]}).encode())).lignes())
    assert [type(ligne) is Rejet for ligne in lignes] == [False, False, True, True]
    assert "ligne 1" in lignes[2].raison


@pytest.mark.parametrize(
    ("contenu", "mots"),
    [
        (b"", "vide"),
        (b"  \r\n ", "blanc"),
        (b"\x89PNG\r\n\x1a\n....", "une image"),
        (b"\xff\xd8\xff\xe0....", "une image"),
        (b"%PDF-1.7", "un PDF"),
        (archive_zip("lisez-moi.txt"), "une archive zip"),
        (archive_zip("[Content_Types].xml", "xl/workbook.xml"), "classeur Excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "ancien classeur"),
        (b"<!DOCTYPE html><html>", "page web"),
        (gzip.compress(gzip.compress(b"x", mtime=0), mtime=0), "en contient une autre"),
        (b'{"type": "FeatureCollection", "features": []}', "n'est pas FINESS+"),
        (b'[{"pmej": 1}]', "n'est pas FINESS+"),
        (b"{pas du json", "n'est pas FINESS+"),
        (b'{"schemaVersion": "v1", "egalite": []}', "« pmej »"),
        ((FIXTURES / "imports" / "finess-etalab-tabulations.csv").read_bytes(), "tabulations"),
        (b"finess,etalab,111,2026-08-13\nstructureet,010011914", "virgules"),
        (b"nom;prenom\na;b", "La ligne 1"),
        (b"finess;autre;111", "autre extrait"),
        (b"finess;etalab;111;2026-08-13\n", "aucune ligne"),
        (b"finess;etalab;111;2026-08-13\nequipsocial;010011914\n", "La ligne 2 commence par « equipsocial »"),
        ("finess;etalab;é".encode("utf-16"), "encodage"),
        (b"finess;etalab\x00\x01\x02", "encodage"),
        (b"finess;etalab;111;2026-08-13\n" + b"x" * 200_000, "La ligne 2 est démesurée"),
    ],
)
def test_mauvais_fichier_refuse_en_une_phrase(contenu, mots):
    assert mots in refus(contenu)


def test_fichier_absent(tmp_path):
    with pytest.raises(FichierRefuse, match="« absent.csv » ne s'ouvre pas") as capture:
        ouvrir(tmp_path / "absent.csv")
    assert str(tmp_path) not in capture.value.message


def test_json_coupe_dit_apres_combien():
    message = refus(JSON_CLAIR[: len(JSON_CLAIR) // 2])
    assert "coupé" in message
    lus = sum(isinstance(ligne, LigneESMS) for ligne in _lire_tant_que_possible(JSON_CLAIR[: len(JSON_CLAIR) // 2]))
    assert 0 < lus < 1753
    assert f"après {lus} établissements" in message


def _lire_tant_que_possible(contenu):
    try:
        yield from ouvrir(io.BytesIO(contenu)).lignes()
    except FichierRefuse:
        return


def test_json_abime_et_json_mal_encode():
    milieu = JSON_CLAIR.index(b'"ege"', len(JSON_CLAIR) // 3)
    assert "abîmé" in refus(JSON_CLAIR[:milieu] + b"!!" + JSON_CLAIR[milieu:])
    assert "encodage" in refus(JSON_CLAIR.decode().encode("cp1252", "replace"))


def test_gzip_coupe_ou_abime():
    entier = ECHANTILLON.read_bytes()
    assert "coupée" in refus(entier[: len(entier) // 2])
    assert "avant le premier établissement" in refus(entier[:200])
    # Des octets changés au milieu donnent d'abord du faux JSON ; une somme de contrôle fausse, tout à la fin.
    assert "abîmé" in refus(entier[:60_000] + b"\x00" * 50 + entier[60_050:])
    assert "abîmée après" in refus(entier[:-8] + b"\x00" * 8)
    assert "abîmée" in refus(entier[:10] + b"\xff" * 50)
    assert "coupée" in refus(gzip.compress(ETALAB_451.read_bytes())[:9000])


def test_plafond_du_fichier():
    contenu = ETALAB_451.read_bytes()
    assert "0,1 Mo, le maximum est 0,1 Mo" in refus(contenu, plafond=100_000)
    assert ouvrir(io.BytesIO(contenu), plafond=len(contenu)).format == ETALAB


def test_plafond_decompresse_arrete_une_archive_piegee():
    bombe = gzip.compress(b'{"pmej":[' + b" " * 20_000_000)
    assert len(bombe) < 50_000
    assert "1 Mo une fois décompressé" in refus(bombe, plafond_decompresse=1_000_000)
