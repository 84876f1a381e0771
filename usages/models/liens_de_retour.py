"""Le lien d'une unité, qui reçoit des retours sans compte ; et ce qui borne les envois sans garder d'adresse."""

import secrets
from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from programme.models import Parcours, Unite


def tirer_jeton() -> str:
    """Vingt-deux signes pris au hasard : cent vingt-huit bits."""
    return secrets.token_urlsafe(16)


class LienDeRetourQuerySet(models.QuerySet):
    """Liens de retour."""

    def visibles_par(self, utilisateur: Any) -> "LienDeRetourQuerySet":
        """Ceux des ESMS dont il lit la préparation."""
        return self.filter(parcours__in=Parcours.objects.lisibles_par(utilisateur).order_by().values("pk"))

    def ouverts(self, au: date) -> "LienDeRetourQuerySet":
        """Ni révoqués, ni expirés."""
        return self.filter(Q(expire_le__isnull=True) | Q(expire_le__gte=au), revoque_le__isnull=True)

    def pour_lecture(self) -> "LienDeRetourQuerySet":
        """Avec ce que toute page nomme."""
        return self.select_related("parcours__esms__departement", "parcours__grappe", "unite", "cree_par")


class LienDeRetour(models.Model):
    """Une adresse imprimée ou envoyée : qui la tient donne un retour pour cette unité, sans compte, et rien d'autre.

    Le jeton se garde en clair, pour réimprimer l'affiche ; il n'ouvre que le dépôt et les réponses publiées.
    """

    parcours = models.ForeignKey(Parcours, models.CASCADE, related_name="liens_de_retour", verbose_name="ESMS")
    unite = models.ForeignKey(
        Unite, models.CASCADE, null=True, blank=True, related_name="liens_de_retour", verbose_name="unité"
    )
    jeton = models.CharField("jeton", max_length=43, unique=True, default=tirer_jeton, editable=False)
    cree_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="créé par")
    cree_le = models.DateField("créé le", default=timezone.localdate, editable=False)
    expire_le = models.DateField("jusqu'au", null=True, blank=True)
    revoque_le = models.DateField("révoqué le", null=True, blank=True, editable=False)

    objects = LienDeRetourQuerySet.as_manager()

    class Meta:
        verbose_name = "lien de retour"
        verbose_name_plural = "liens de retour"
        ordering = ["parcours", "unite", "-cree_le", "pk"]

    def __str__(self) -> str:
        return str(self.unite or self.parcours)

    @property
    def rattache_a(self) -> Parcours:
        """Ce qui dit son périmètre."""
        return self.parcours

    def est_ouvert(self, au: date) -> bool:
        """Vrai s'il reçoit encore."""
        return self.revoque_le is None and (self.expire_le is None or self.expire_le >= au)


class CleDuJour(models.Model):
    """La clé tirée au hasard qui brouille les adresses d'un jour ; effacée le lendemain, on n'en retrouve rien."""

    jour = models.DateField("jour", unique=True)
    cle = models.CharField("clé", max_length=64, editable=False)

    class Meta:
        verbose_name = "clé du jour"
        verbose_name_plural = "clés du jour"

    def __str__(self) -> str:
        return self.jour.isoformat()


class CompteurDeDepots(models.Model):
    """Combien d'envois d'un lien, ou d'une adresse brouillée par la clé du jour, dans une tranche de minutes."""

    empreinte = models.CharField("empreinte", max_length=64, editable=False)
    tranche = models.DateTimeField("tranche", editable=False)
    nombre = models.PositiveIntegerField("envois", default=0, editable=False)

    class Meta:
        verbose_name = "compteur de dépôts"
        verbose_name_plural = "compteurs de dépôts"
        constraints = [models.UniqueConstraint(fields=["empreinte", "tranche"], name="compteur_de_depots_unique")]

    def __str__(self) -> str:
        return f"{self.nombre} à {self.tranche:%H:%M}"
