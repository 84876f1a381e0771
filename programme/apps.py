"""Le tronc : OG, ESMS, grappes, parcours, comptes et périmètres."""

from django.apps import AppConfig


class ProgrammeConfig(AppConfig):
    """App du programme."""

    name = "programme"
    verbose_name = "Programme"
