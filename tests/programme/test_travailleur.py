"""Le travailleur, pour de vrai : un processus à part, sa propre base, et des signaux."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.db import connection

from programme.socle.finess.numero import luhn_juste

RACINE = settings.RACINE
# Le travailleur est un autre processus : c'est lui qui touche la base.
pytestmark = pytest.mark.deux_bases

PATIENCE = 60
NOMBRE = 10_000


class Machine:
    """Une installation jetable : sa base, ses fichiers, ses processus."""

    def __init__(self, var: Path, base: str, lien: Any) -> None:
        self.environnement = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings.base",
            "TREILLE_VAR": str(var),
            "TREILLE_BASE": base,
            "TREILLE_DELAI_BATTEMENT": "2",
        }
        self.var = var
        self.lien = lien
        self.processus: list[subprocess.Popen[bytes]] = []

    def gerer(self, *arguments: str) -> str:
        rendu = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=RACINE,
            env=self.environnement,
            capture_output=True,
            text=True,
            check=False,
        )
        assert rendu.returncode == 0, rendu.stderr
        return rendu.stdout

    def executer(self, code: str) -> Any:
        return json.loads(self.gerer("shell", "-v0", "-c", f"import json\n{code}").strip().splitlines()[-1])

    def lire(self, requete: str) -> tuple:
        """Une ligne lue droit dans la base : assez vite pour saisir le travail au vol."""
        return tuple(self.lien.execute(requete).fetchone())

    def etat(self, pk: int) -> tuple:
        return self.lire(f"SELECT etat, message, erreur FROM socle_travail WHERE id = {pk}")

    def nb_esms(self) -> int:
        return self.lire("SELECT count(*) FROM programme_esms")[0]

    def travailler(self) -> subprocess.Popen[bytes]:
        enfant = subprocess.Popen(
            [sys.executable, "manage.py", "travailler", "-v0"],
            cwd=RACINE,
            env=self.environnement,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.processus.append(enfant)
        return enfant

    def attendre(self, pk: int, voulu: Callable[[tuple], bool]) -> tuple:
        limite = time.monotonic() + PATIENCE
        while not voulu(vu := self.etat(pk)):
            assert time.monotonic() < limite, f"toujours {vu}"
            time.sleep(0.01)
        return vu

    def arreter(self) -> None:
        for enfant in self.processus:
            if enfant.poll() is None:
                enfant.kill()
            enfant.wait()


def _base_neuve(dossier: Path) -> tuple[str, Callable[[], Any], Callable[[], None]]:
    """Une base à côté de celle des tests, sur le même moteur : son adresse, comment s'y lier, comment l'effacer."""
    if connection.vendor == "sqlite":
        chemin = dossier / "base.sqlite3"
        return f"sqlite:///{chemin}", lambda: sqlite3.connect(chemin, isolation_level=None), lambda: None
    import psycopg
    from psycopg import sql

    p = connection.settings_dict
    acces = {"host": p["HOST"], "port": p["PORT"], "user": p["USER"], "password": p["PASSWORD"]}
    acces = {cle: valeur for cle, valeur in acces.items() if valeur}
    nom = f"treille_travailleur_{os.getpid()}"

    def ordonner(ordre: str) -> None:
        with psycopg.connect(**acces, dbname="postgres", autocommit=True) as lien:
            lien.execute(sql.SQL(ordre).format(sql.Identifier(nom)))

    ordonner("DROP DATABASE IF EXISTS {}")
    ordonner("CREATE DATABASE {}")
    adresse = f"postgres:///{nom}?{urlencode(acces)}"
    return (
        adresse,
        lambda: psycopg.connect(**acces, dbname=nom, autocommit=True),
        lambda: ordonner("DROP DATABASE IF EXISTS {} WITH (FORCE)"),
    )


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    var = tmp_path_factory.mktemp("machine")
    adresse, lier, effacer = _base_neuve(var)
    machine = Machine(var, adresse, None)
    try:
        machine.gerer("migrate", "-v0")
        machine.gerer("charger_reference", "-v0")
        machine.lien = lier()
        yield machine
    finally:
        machine.arreter()
        if machine.lien:
            machine.lien.close()
        effacer()


def _gros_extrait(machine: Machine, departement: str) -> str:
    modele = (RACINE / "fixtures/imports/finess-etalab-451.csv").read_text(encoding="utf-8").splitlines()[1].split(";")
    chemin = machine.var / f"extrait-{departement}.csv"
    with chemin.open("w", encoding="utf-8") as fichier:
        fichier.write("finess;etalab;111;2026-08-13\n")
        for rang in range(NOMBRE):
            huit = f"{departement}{rang:06d}"
            cle = next(c for c in "0123456789" if luhn_juste(huit + c))
            fichier.write(";".join([modele[0], huit + cle, *modele[2:]]) + "\n")
    return str(chemin)


CONFIRMER = """
from django.core.files import File
from programme.models import Affectation, Utilisateur
from programme.socle.imports import confirmer, deposer
from programme.socle.travaux import executer
from programme.socle.models import Travail
admin, neuf = Utilisateur.objects.get_or_create(identifiant="admin-essai", defaults={{"nom": "Administrateur"}})
if neuf:
    Affectation.objects.create(utilisateur=admin, role="admin", portee="national", du="2020-01-01")
with open({chemin!r}, "rb") as fichier:
    apercu = deposer("finess", fichier=File(fichier, name="extrait.csv"), par=admin)
executer(apercu.pk)
print(json.dumps(confirmer(Travail.objects.get(pk=apercu.pk), par=admin).pk))
"""
RELANCER = """
from programme.socle.models import Travail
from programme.socle.travaux import relancer
print(json.dumps(relancer(Travail.objects.get(pk={pk})).etat))
"""


SCHEMA = {
    "sqlite": (
        "SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' AND type <> 'table'",
        'SELECT m.name, c.name, c.type, c."notnull", c.pk FROM sqlite_master m, pragma_table_info(m.name) c'
        " WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'",
    ),
    "postgresql": (
        "SELECT tablename, indexname FROM pg_indexes WHERE schemaname = 'public'",
        "SELECT event_object_table, trigger_name FROM information_schema.triggers",
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE connamespace = 'public'::regnamespace",
        "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns"
        " WHERE table_schema = 'public'",
    ),
}


@pytest.mark.django_db
def test_les_migrations_donnent_le_schema_des_modeles(machine: Machine) -> None:
    """Colonnes, index, contraintes, déclencheurs : les autres essais tirent leurs tables des modèles."""
    for requete in SCHEMA[connection.vendor]:
        migre = set(machine.lien.execute(requete).fetchall())
        with connection.cursor() as curseur:
            curseur.execute(requete)
            modeles = set(curseur.fetchall())
        # Les tables de Django n'ont pas la même clé, migrées ou créées : les nôtres seules comptent.
        differents = {x for x in migre ^ modeles if not str(x[0]).startswith(("auth_", "django_"))}
        assert not differents


def _ecrit(vu: tuple) -> bool:
    return vu[1].startswith("Écriture") or vu[0] == "termine"


def test_tue_au_milieu_d_un_import_la_base_est_comme_avant_et_le_travail_se_relance(machine: Machine) -> None:
    avant = machine.nb_esms()
    pk = machine.executer(CONFIRMER.format(chemin=_gros_extrait(machine, "33")))
    victime = machine.travailler()
    machine.attendre(pk, _ecrit)
    victime.kill()
    victime.wait()
    assert machine.etat(pk)[0] == "en_cours", "tué trop tard : l'essai n'éprouve rien"

    machine.travailler()
    fini = machine.attendre(pk, lambda vu: vu[0] != "en_cours")
    assert fini[0] == "interrompu" and "comme avant" in fini[2] and machine.nb_esms() == avant

    assert machine.executer(RELANCER.format(pk=pk)) == "en_attente"
    fini = machine.attendre(pk, lambda vu: vu[0] not in ("en_attente", "en_cours"))
    assert fini[0] == "termine" and machine.nb_esms() == avant + NOMBRE
    machine.arreter()


def test_sigterm_rend_interrompu_l_import_en_cours_sans_rien_ecrire(machine: Machine) -> None:
    avant = machine.nb_esms()
    pk = machine.executer(CONFIRMER.format(chemin=_gros_extrait(machine, "34")))
    travailleur = machine.travailler()
    machine.attendre(pk, _ecrit)
    travailleur.send_signal(signal.SIGTERM)
    travailleur.wait(timeout=20)
    assert machine.etat(pk)[0] == "interrompu" and machine.nb_esms() == avant


def test_sigterm_arrete_proprement_un_travailleur_au_repos(machine: Machine) -> None:
    travailleur = machine.travailler()
    pk = machine.executer("from programme.socle.travaux import lancer\nprint(json.dumps(lancer('menage').pk))")
    machine.attendre(pk, lambda vu: vu[0] == "termine")
    travailleur.send_signal(signal.SIGTERM)
    assert travailleur.wait(timeout=15) == 0
