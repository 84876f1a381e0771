"""Les programmes du système que les essais emploient, installés par apt là où c'est possible sans rien demander.

Chromium, sans lequel les essais au navigateur échouent ; LibreOffice et poppler, qui relisent les documents : sans
eux, leurs essais se disent sautés.
"""

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


LECTEURS = {"soffice": "libreoffice-writer-nogui", "pdftotext": "poppler-utils"}
"""Ce qui relit un DOCX, un PDF, et le paquet qui l'apporte."""


def _manquants() -> list[str]:
    """Les paquets à demander."""
    chromium = [] if trouver() else ["chromium", "fonts-liberation"]
    return chromium + [paquet for programme, paquet in LECTEURS.items() if shutil.which(programme) is None]


def _installer(paquets: list[str]) -> None:
    print(f"Installation par apt : {', '.join(paquets)}…", flush=True)
    apt = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120"]
    environnement = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for suite in (["update"], ["install", "--yes", "--no-install-recommends", *paquets]):
        subprocess.run([*apt, *suite], env=environnement, stdout=subprocess.DEVNULL, check=False)


def main() -> None:
    """Installe ce qui manque ; sans Chromium, le dit et laisse les essais au navigateur échouer."""
    if (paquets := _manquants()) and os.geteuid() == 0 and _est_debian():
        _installer(paquets)
    if trouver() is None:
        print(ABSENT, file=sys.stderr)


if __name__ == "__main__":
    main()
