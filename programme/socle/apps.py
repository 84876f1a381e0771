"""Le socle : ce que toutes les apps partagent, et qui n'en connaît aucune."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules

MODULES_INSCRITS = (
    "permissions", "conditions", "indicateurs", "a_faire", "rappels", "chapitres", "propositions", "travaux",
)  # fmt: skip


class SocleConfig(AppConfig):
    """Charge les registres de chaque app et garde le journal en ajout seul."""

    name = "programme.socle"
    label = "socle"
    verbose_name = "Socle"

    def ready(self) -> None:
        """Branche la protection des états, puis découvre ce que chaque app inscrit."""
        from programme.socle import declencheurs, machine

        machine.brancher()
        post_migrate.connect(declencheurs.poser, sender=self, dispatch_uid="socle.declencheurs")
        autodiscover_modules(*MODULES_INSCRITS)
