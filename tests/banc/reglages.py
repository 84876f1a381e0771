"""Réglages du serveur du banc : ceux du produit, plus les pages nues qui servent de repère."""

from config.settings.base import *  # noqa: F403

ROOT_URLCONF = "tests.banc.nues"
