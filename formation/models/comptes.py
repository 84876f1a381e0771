"""Les comptes du DUI : ce que l'éditeur en signale, et la connexion vérifiée dans chaque unité."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from formation.models.communs import parcours_geres
from formation.models.habilitations import Profil
from formation.models.professionnels import Professionnel
from programme.models import Parcours, Unite
from programme.socle.champs import TexteCourtField


class CompteDuiQuerySet(models.QuerySet):
    """Comptes du DUI."""

    def visibles_par(self, utilisateur: Any) -> "CompteDuiQuerySet":
        """Ceux des ESMS qu'il gère : un identifiant est presque un nom."""
        return self.filter(parcours__in=parcours_geres(utilisateur).order_by().values("pk"))

    def actifs(self) -> "CompteDuiQuerySet":
        """Que l'éditeur dit actifs."""
        return self.filter(est_actif=True)


class CompteDui(models.Model):
    """Un compte du DUI, tel que l'éditeur l'a signalé pour la dernière fois. `est_partage` : il sert à plusieurs.

    `professionnel` : à qui il est, une fois rapproché. `profil_signale` : le mot de l'éditeur ; `profil` : le nôtre.
    """

    parcours = models.ForeignKey(Parcours, models.PROTECT, related_name="comptes_dui", verbose_name="ESMS")
    identifiant = TexteCourtField("identifiant", max_length=120)
    professionnel = models.ForeignKey(Professionnel, models.SET_NULL, null=True, blank=True, related_name="comptes_dui")
    profil_signale = TexteCourtField("profil signalé", max_length=80, blank=True)
    profil = models.ForeignKey(
        Profil, models.SET_NULL, null=True, blank=True, related_name="comptes_dui", verbose_name="profil"
    )
    est_actif = models.BooleanField("actif", default=True)
    est_partage = models.BooleanField("partagé", default=False)
    cree_le = models.DateField("créé le", null=True, blank=True)
    derniere_connexion = models.DateField("dernière connexion", null=True, blank=True)
    signale_le = models.DateField("signalé le", default=timezone.localdate)

    objects = CompteDuiQuerySet.as_manager()

    class Meta:
        verbose_name = "compte du DUI"
        verbose_name_plural = "comptes du DUI"
        ordering = ["parcours", "identifiant", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["parcours", "identifiant"], name="compte_dui_unique"),
            models.CheckConstraint(
                condition=Q(est_partage=False) | Q(professionnel__isnull=True), name="compte_dui_partage_sans_personne"
            ),
        ]
        indexes = [models.Index(fields=["professionnel", "parcours"], name="compte_dui_personne")]

    def __str__(self) -> str:
        return self.identifiant

    @property
    def rattache_a(self) -> Parcours:
        """Ce qui dit son périmètre."""
        return self.parcours


class ConnexionVerifiee(models.Model):
    """« Chacun a son compte dans cette unité, et s'est connecté » : dit par quelqu'un, daté."""

    unite = models.OneToOneField(Unite, models.CASCADE, related_name="connexion_verifiee", verbose_name="unité")
    verifiee_le = models.DateField("vérifiée le", default=timezone.localdate)
    verifiee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="vérifiée par"
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = "connexion vérifiée"
        verbose_name_plural = "connexions vérifiées"

    def __str__(self) -> str:
        return f"connexion vérifiée, {self.unite}"

    @property
    def rattache_a(self) -> Parcours:
        """Ce qui dit son périmètre."""
        return self.unite.parcours
