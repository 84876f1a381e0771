"""Le Chromium des tests : celui du système, installé par apt là où c'est possible sans rien demander."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NOMS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
ABSENT = (
    "Chromium est introuvable et les tests navigateur vont échouer : installez-le"
    " (sous Debian : apt-get install chromium), ou donnez son chemin dans la variable TREILLE_CHROMIUM."
)


def trouver() -> str | None:
    """Rend le chemin du navigateur, ou rien."""
    return os.environ.get("TREILLE_CHROMIUM") or next(filter(None, map(shutil.which, NOMS)), None)


def _est_debian() -> bool:
    # Ubuntu nomme aussi un paquet « chromium », mais il renvoie vers snap, absent des conteneurs.
    os_release = Path("/etc/os-release")
    return os_release.exists() and "ID=debian" in os_release.read_text().splitlines()


def _installer() -> None:
    print("Installation de Chromium par apt…", flush=True)
    apt = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120"]
    environnement = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for suite in (["update"], ["install", "--yes", "--no-install-recommends", "chromium", "fonts-liberation"]):
        subprocess.run([*apt, *suite], env=environnement, stdout=subprocess.DEVNULL, check=False)


def main() -> None:
    """Installe Chromium s'il manque ; s'il manque encore, le dit et laisse les tests navigateur échouer."""
    if trouver() is None and os.geteuid() == 0 and _est_debian():
        _installer()
    if trouver() is None:
        print(ABSENT, file=sys.stderr)


if __name__ == "__main__":
    main()
