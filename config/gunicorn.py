"""Réglages du serveur web : `gunicorn config.wsgi -c python:config.gunicorn`.

L'application se charge une fois, avant les processus, et le ramasse-miettes oublie tout ce qui vient d'être chargé : il
n'a plus à reparcourir des centaines de milliers d'objets qui ne mourront pas, ce qui faisait des pics au milieu des
pages. La mémoire chargée reste partagée entre les processus.
"""

import gc
import os
from typing import Any

from config.prechauffe import prechauffer

preload_app = True
bind = os.environ.get("TREILLE_ECOUTE", "127.0.0.1:8000")
workers = int(os.environ.get("TREILLE_PROCESSUS", str(os.cpu_count() or 2)))
threads = int(os.environ.get("TREILLE_FILS", "4"))


def when_ready(server: Any) -> None:
    """Juste avant de créer les processus : tout est chargé, plus rien de cela n'est à ramasser."""
    prechauffer()
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
