"""Instances, mandats, séances, décisions, alertes, journal du projet."""

from django.apps import AppConfig


class GouvernanceConfig(AppConfig):
    """App de la gouvernance d'une grappe."""

    name = "gouvernance"
    verbose_name = "Gouvernance"
