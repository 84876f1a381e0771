"""La garde : ce qui tuerait le lecteur JSON est refusé avant lui, et rien d'honnête ne l'est."""

import gzip
import io
import random

import pytest
from django.conf import settings

from programme.socle.finess.garde import CHAINE_MAXIMALE, Garde
from programme.socle.finess.refus import FichierRefuse
from programme.socle.finess.source import ouvrir
from programme.socle.finess.structures import TAILLE_DE_LECTURE

ECHANTILLON = settings.RACINE / "fixtures" / "demo" / "finess-structures-echantillon.json.gz"
DEBUT = b'{"generatedAt":"2026-08-13","pmej":['
LOIN = b" " * (TAILLE_DE_LECTURE - 30)


def refus(contenu: bytes) -> str:
    with pytest.raises(FichierRefuse) as capture:
        list(ouvrir(io.BytesIO(contenu)).lignes())
    return capture.value.message


def par_blocs(contenu: bytes, taille: int) -> None:
    garde = Garde()
    for debut in range(0, len(contenu), taille):
        garde.passer(contenu[debut : debut + taille])


@pytest.mark.parametrize("avant", [b"", LOIN], ids=["en tête", "plus loin"])
@pytest.mark.parametrize(
    ("piege", "mot"),
    [
        (b'{"x":' + b"9" * 5_000 + b"}", "64 chiffres"),
        (b'{"x":-0.' + b"9" * 5_000 + b"}", "64 chiffres"),
        (b"[" * 30_000, "64 niveaux"),
        (b'{"a":' * 10_000, "64 niveaux"),
        (b'["\\""' + b",[" * 65, "64 niveaux"),
    ],
)
def test_un_json_piege_est_refuse_avant_le_lecteur(avant: bytes, piege: bytes, mot: str) -> None:
    assert mot in refus(DEBUT + avant + piege)
    assert mot in refus(gzip.compress(DEBUT + avant + piege))


@pytest.mark.parametrize("piege", [b"9" * 5_000, b"[" * 2_000])
def test_la_tete_est_gardee_des_le_depot(piege: bytes) -> None:
    with pytest.raises(FichierRefuse, match="n'est pas un fichier FINESS"):
        ouvrir(io.BytesIO(b'{"pmej":[{"x":' + piege))


def test_une_chaine_sans_fin_est_refusee() -> None:
    assert "démesuré" in refus(DEBUT + b'{"x":"' + b"a" * (3 * CHAINE_MAXIMALE))


@pytest.mark.parametrize(
    "honnete",
    [
        b'["' + b"9" * 5_000 + b'"]',
        b'["' + b"[{" * 5_000 + b'"]',
        b'["\\\\", "\\"' + b"[" * 200 + b'", ' + b"9" * 64 + b"]",
        b"[" * 64 + b"]" * 64,
        b"[" + b"[]," * 5_000 + b"{}]",
    ],
)
def test_ce_qui_est_honnete_passe_quel_que_soit_le_decoupage(honnete: bytes) -> None:
    for taille in (1, 2, 3, 7, 64, 1 << 16):
        par_blocs(honnete, taille)


@pytest.mark.parametrize("taille", [1, 2, 7, 64, 100, 1 << 16])
def test_un_piege_coupe_par_les_blocs_est_vu(taille: int) -> None:
    for piege in (b'{"a":"\\"", "b":' + b"9" * 65 + b"}", b'["\\\\"' + b",[" * 64):
        with pytest.raises(FichierRefuse):
            par_blocs(piege, taille)


def test_le_fichier_national_passe_par_n_importe_quels_blocs() -> None:
    clair, hasard, garde = gzip.decompress(ECHANTILLON.read_bytes()), random.Random(1), Garde()
    while clair:
        taille = hasard.randrange(1, 4_000)
        garde.passer(clair[:taille])
        clair = clair[taille:]


def test_un_entier_trop_grand_pour_la_machine_est_un_json_abime() -> None:
    assert "abîmé" in refus(DEBUT + b'{"x":' + b"9" * 60 + b"}]}")
