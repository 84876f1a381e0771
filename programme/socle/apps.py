"""Le socle : ce que toutes les apps partagent, et qui n'en connaît aucune."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules

MODULES_INSCRITS = (
    "permissions", "conditions", "indicateurs", "a_faire", "chapitres", "propositions", "travaux", "origines",
    "temoins", "references", "onglets", "alertes", "forms.passages",
)  # fmt: skip


class SocleConfig(AppConfig):
    """Charge les registres de chaque app garde le journal en ajout seul, compte les écritures."""

    name = "programme.socle"
    label = "socle"
    verbose_name = "Socle"

    def ready(self) -> None:
        """Branche la protection des états, puis découvre ce que chaque app inscrit."""
        from programme.socle import declencheurs, ecritures, machine

        machine.brancher()
        post_migrate.connect(declencheurs.poser, sender=self, dispatch_uid="socle.declencheurs")
        post_migrate.connect(ecritures.poser, sender=self, dispatch_uid="socle.ecritures")
        autodiscover_modules(*MODULES_INSCRITS)
