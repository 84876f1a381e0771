"""Instances, mandats, séances, décisions, alertes, journal du projet."""

from django.apps import AppConfig


class GouvernanceConfig(AppConfig):
    """App de la gouvernance d'une grappe."""

    name = "gouvernance"
    verbose_name = "Gouvernance"

    def ready(self) -> None:
        """Branche ce qui suit le passage d'une séance : reports, compte rendu figé, courriels."""
        from gouvernance.services import suites_de_seance

        suites_de_seance.brancher()
