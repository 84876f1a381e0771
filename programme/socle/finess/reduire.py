"""Réduit un fichier FINESS+ aux champs que le produit lit, pour la démonstration et les essais.

    python -m programme.socle.finess.reduire FICHIER SORTIE.json.gz

Ni contacts, ni événements, ni engagements ; une adresse par objet ; pas de voie ni de coordonnées pour les
catégories dont l'adresse peut être un domicile. Deux passages donnent le même fichier, octet pour octet.
"""

import gzip
import json
import sys
from collections.abc import Iterator
from typing import IO, Any

import ijson

from programme.socle.finess.secteurs import CATEGORIES_ADRESSE_MASQUEE
from programme.socle.finess.structures import (
    CHAMPS_ADRESSE,
    CHAMPS_COORDONNEES,
    CHAMPS_OG,
    USAGE_ETABLISSEMENT,
    USAGE_SIEGE,
)

Brut = dict[str, Any]

_CHAMPS_COMMUNE = ("usageAdresse", "cogCommune", "ligneAcheminement", "codePostal")
_CHAMPS_EGE = ("numFinessEge", "nomEgeCourt", "nomEgeLong", "dateOuverture", "dateFermeture", "siret")
_CATEGORIE = "categorieentiteGeographiqueExercice"


def reduire(entree: IO[bytes], sortie: IO[bytes]) -> None:
    """Lit du JSON FINESS+ décompressé (forme du fichier réel), écrit du JSON gzippé."""
    tete = {"schemaVersion": _valeur(entree, "schemaVersion"), "generatedAt": _valeur(entree, "generatedAt")}
    entree.seek(0)
    tete["pmej"] = [_pmej(p) for p in ijson.items(entree, "pmej.item")]
    texte = json.dumps(tete, ensure_ascii=False, separators=(",", ":"))
    # Ni date ni nom dans l'en-tête gzip : le fichier ne change que si son contenu change.
    with gzip.GzipFile(filename="", mode="wb", fileobj=sortie, compresslevel=9, mtime=0) as archive:
        archive.write(texte.encode("utf-8"))


def _valeur(entree: IO[bytes], champ: str) -> Any:
    entree.seek(0)
    return next(ijson.items(entree, champ), None)


def _pmej(pmej: Brut) -> Brut:
    return {
        "informationsGeneralesPMEJ": _garder(pmej["informationsGeneralesPMEJ"], CHAMPS_OG),
        "adresse": list(_adresses(pmej["adresse"], USAGE_SIEGE, _CHAMPS_COMMUNE)),
        "ege": [_ege(e) for e in pmej["ege"]],
    }


def _ege(ege: Brut) -> Brut:
    masquee = ege[_CATEGORIE] in CATEGORIES_ADRESSE_MASQUEE
    champs = _CHAMPS_COMMUNE if masquee else (*CHAMPS_ADRESSE, "coordonneesGeographique")
    return {
        "informationsGeneralesEGE": _garder(ege["informationsGeneralesEGE"], _CHAMPS_EGE),
        _CATEGORIE: ege[_CATEGORIE],
        "adresse": list(_adresses(ege["adresse"], USAGE_ETABLISSEMENT, champs)),
        "etatObjet": ege["etatObjet"],
    }


def _adresses(adresses: list[Brut], usage: str, champs: tuple[str, ...]) -> Iterator[Brut]:
    retenues = [a for a in adresses if a.get("usageAdresse") == usage] or adresses
    for adresse in retenues[:1]:
        gardee = _garder(adresse, champs)
        if gardee.get("coordonneesGeographique"):
            gardee["coordonneesGeographique"] = _garder(gardee["coordonneesGeographique"], CHAMPS_COORDONNEES)
        yield gardee


def _garder(objet: Brut, champs: tuple[str, ...]) -> Brut:
    return {champ: objet[champ] for champ in champs if objet.get(champ) is not None}


def main(arguments: list[str]) -> int:
    """Point d'entrée de la commande décrite en tête."""
    if len(arguments) != 2:
        sys.stderr.write("Usage : python -m programme.socle.finess.reduire FICHIER SORTIE.json.gz\n")
        return 2
    with open(arguments[0], "rb") as brut:
        compresse = brut.read(2) == b"\x1f\x8b"
    ouvrir: Any = gzip.open if compresse else open
    with ouvrir(arguments[0], "rb") as entree, open(arguments[1], "wb") as sortie:
        reduire(entree, sortie)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
