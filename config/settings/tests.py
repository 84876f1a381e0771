"""Réglages des tests : hachage rapide, courriels en mémoire, tâches dans l'appel."""

import os
import tempfile

os.environ.setdefault("TREILLE_VAR", tempfile.mkdtemp(prefix="treille-tests-"))

from config.settings.base import *  # noqa: E402,F403
from config.settings.base import LOGGING as JOURNAUX
from config.settings.base import VAR

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
MEDIA_ROOT = VAR / "fichiers"
DEMONSTRATION = False
# Un refus attendu n'a pas à dérouler sa pile dans la sortie de chaque essai ; une erreur du serveur, si.
LOGGING = JOURNAUX | {"loggers": {"django.request": {"level": "ERROR"}}}
