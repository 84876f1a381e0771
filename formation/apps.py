"""Utilisateurs prévus, plan de formation et sessions, couverture, plan de changement, droits d'accès au DUI."""

from django.apps import AppConfig


class FormationConfig(AppConfig):
    """App de la formation, du changement et des droits d'accès."""

    name = "formation"
    verbose_name = "Formation et droits d'accès"

    def ready(self) -> None:
        """Branche ce qui suit le passage d'une session : acquis, courriels ; sous le seuil, une action de reprise."""
        from formation.services import reprises, suites_de_session

        suites_de_session.brancher()
        reprises.brancher()
