"""Import FINESS à l'échelle du pays : première fois, sans changement, et la mémoire."""

import gzip
import json
import resource
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from django.conf import settings

from programme.models import Esms, OrganismeGestionnaire
from programme.services.annuaire import Choix, analyser
from programme.services.reference import charger_reference
from programme.socle.finess.numero import luhn_juste
from programme.socle.finess.source import Source, ouvrir
from tests.banc.mesures import NB_ESMS, noter

FIXTURES: Path = settings.RACINE / "fixtures"


def _numeros(departement: str) -> Iterator[str]:
    for rang in count():
        huit = f"{departement}{rang:06d}"
        yield huit + next(c for c in "0123456789" if luhn_juste(huit + c))


def _extrait(chemin: Path) -> Path:
    modeles = (FIXTURES / "imports/finess-etalab-451.csv").read_text(encoding="utf-8").splitlines()[1:]
    with chemin.open("w", encoding="utf-8") as fichier:
        fichier.write("finess;etalab;111;2026-08-13\n")
        for rang, numero in zip(range(NB_ESMS), _numeros("33"), strict=False):
            champs = modeles[rang % len(modeles)].split(";")
            fichier.write(";".join([champs[0], numero, *champs[2:]]) + "\n")
    return chemin


def _renumeroter(pmej: Any, og: str, esms: Iterator[str]) -> str:
    """La même entrée sous d'autres numéros, en texte JSON."""

    def changer(valeur: Any) -> Any:
        if isinstance(valeur, list):
            return [changer(v) for v in valeur]
        if isinstance(valeur, dict):
            neufs = {"numFinessPm": lambda: og, "numFinessEge": lambda: next(esms)}
            return {c: neufs[c]() if c in neufs and isinstance(v, str) else changer(v) for c, v in valeur.items()}
        return valeur

    return json.dumps(changer(pmej))


def _finess_plus(chemin: Path) -> Path:
    """L'échantillon réel répété sous d'autres numéros, jusqu'à 34 000 établissements."""
    echantillon = json.loads(gzip.decompress((FIXTURES / "demo/finess-structures-echantillon.json.gz").read_bytes()))
    entrees, ogs, esms = echantillon["pmej"], _numeros("34"), _numeros("35")
    with gzip.open(chemin, "wt", encoding="utf-8", compresslevel=1) as fichier:
        fichier.write('{"generatedAt": "2026-08-13", "pmej": [')
        for tour in range(round(NB_ESMS / 1753)):
            textes = [_renumeroter(pmej, next(ogs), esms) for pmej in entrees]
            fichier.write(("," if tour else "") + ",".join(textes))
        fichier.write("]}")
    return chemin


def _importer(source: Source) -> tuple[float, str]:
    debut = perf_counter()
    with analyser(source.lignes(), millesime=source.millesime, choix=Choix(tout=True)) as analyse:
        analyse.ecrire()
    return perf_counter() - debut, str(analyse.bilan)


def _memoire() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fabriquer", "visees"),
    [
        (_extrait, ({"maximum": 4}, {"maximum": 1.5})),
        (_finess_plus, ({"rapport_max": 3}, {"rapport_max": 3})),
    ],
    ids=["etalab", "finess+"],
)
def test_import_de_tout_le_pays(tmp_path: Path, fabriquer: Any, visees: tuple[str, str]) -> None:
    charger_reference()
    Esms.objects.all().delete()
    OrganismeGestionnaire.objects.all().delete()
    source = ouvrir(fabriquer(tmp_path / "finess"))
    debut = perf_counter()
    nombre = sum(1 for _ in source.lignes())
    lecture, avant = perf_counter() - debut, _memoire()
    for fois, visee in zip(("première fois", "sans changement"), visees, strict=True):
        duree, bilan = _importer(source)
        print(f"\n  {bilan}", end="")
        noter("Import FINESS", f"{source.format}, {nombre} lignes, {fois}", duree, unite="s", repere=lecture,
              repere_nom="lire le fichier", **visee)  # fmt: skip
    noter("Import FINESS", f"{source.format} : mémoire en plus de la lecture", _memoire() - avant, unite="Mo")
