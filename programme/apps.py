"""Le tronc : OG, ESMS, grappes, parcours, comptes et périmètres."""

from django.apps import AppConfig


class ProgrammeConfig(AppConfig):
    """App du programme."""

    name = "programme"
    verbose_name = "Programme"

    def ready(self) -> None:
        """L'annuaire se lit beaucoup et s'écrit peu : ses totaux se gardent."""
        from programme import models
        from programme.socle import ecritures

        annuaire = (models.Esms, models.OrganismeGestionnaire, models.Categorie, models.Departement, models.Region)
        ecritures.suivre(*(modele._meta.db_table for modele in annuaire))
