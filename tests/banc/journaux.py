"""Un journal de connexion inventé, et deux façons de le lire, chacune dans son processus, sur un seul cœur."""

import json
import os
import random
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from programme.socle.finess.numero import luhn_juste

COMPTES, ESMS, JOURS = 4_000, 80, 333
DEBUT = datetime(2026, 1, 1)
LOT = 10_000
DJANGO = "import django; django.setup()"

NUE = """
vus = []
for m in pd.read_csv({chemin!r}, sep=";", usecols=[0, 1, 2], chunksize=500_000, dtype=str):
    jour = pd.to_datetime(m.iloc[:, 1], format="%d/%m/%Y %H:%M:%S", errors="coerce")
    vus.append(pd.DataFrame({{"c": m.iloc[:, 0], "e": m.iloc[:, 2], "m": jour.dt.to_period("M")}}).drop_duplicates())
print(len(pd.concat(vus).drop_duplicates().groupby(["e", "m"]).size()))
"""
TREILLE = """
from datetime import date
from usages.donnees.connexions import Regles, depouiller
regles = Regles(rangs={{"compte": 0, "instant": 1, "esms": 2}}, nb_colonnes=4, separateur=";", ligne_entete=1,
                au=date(2026, 11, 30), parcours=int)
with open({chemin!r}, "rb") as fichier:
    print(len(depouiller(fichier, regles).mois))
"""
MESURER = r"""
import os, json, re, time
import pandas as pd
{avant}
os.sched_setaffinity(0, [max(os.sched_getaffinity(0))])
debut, calcul = time.perf_counter(), time.process_time()
{code}
print(json.dumps({{"mur": time.perf_counter() - debut, "calcul": time.process_time() - calcul,
                  "memoire": int(re.search(r"VmHWM:\s+(\d+)", open("/proc/self/status").read())[1]) / 1024}}))
"""


def finess(rang: int) -> str:
    """Un numéro FINESS juste, de Gironde."""
    huit = f"33{rang:06d}"
    return huit + next(c for c in "0123456789" if luhn_juste(huit + c))


def ecrire_journal(chemin: Path, lignes: int) -> Path:
    """`lignes` connexions de 4 000 comptes dans 80 ESMS, de janvier à novembre 2026, toutes à la seconde près."""
    hasard = random.Random(7)
    numeros = [finess(n) for n in range(ESMS)]
    comptes = [(f"u{n:06d}", numeros[n % ESMS]) for n in range(COMPTES)]
    with chemin.open("w", encoding="utf-8") as fichier:
        fichier.write("Utilisateur;Date et heure;FINESS;Poste\n")
        for debut in range(0, lignes, LOT):
            combien = min(LOT, lignes - debut)
            tirage = zip(hasard.choices(comptes, k=combien), range(combien), strict=True)
            fichier.write("".join(_ligne(hasard, compte, esms) for (compte, esms), _ in tirage))
    return chemin


def _ligne(hasard: random.Random, compte: str, esms: str) -> str:
    instant = DEBUT + timedelta(seconds=hasard.randrange(JOURS * 86_400))
    return f"{compte};{instant:%d/%m/%Y %H:%M:%S};{esms};P{hasard.randrange(50)}\n"


def mesurer_a_part(code: str, chemin: Path, *, avant: str = "") -> dict[str, Any]:
    """Durée au mur, temps de calcul (s), mémoire au plus haut (Mo), nombre de mois lus ; dans un processus neuf.

    `avant` : ce qui se charge hors de la mesure.
    """
    environnement = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.base"}
    script = MESURER.format(avant=avant, code=code.format(chemin=str(chemin)))
    ordre = [sys.executable, "-c", script]
    rendu = subprocess.run(ordre, cwd=settings.RACINE, env=environnement, capture_output=True, text=True, check=True)
    mois, mesures = rendu.stdout.strip().splitlines()[-2:]
    return json.loads(mesures) | {"mois": int(mois)}
