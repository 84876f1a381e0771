"""Ce qu'on ouvre au financeur : volontaire, daté, révocable (metier §1). La base de tous les partages."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from programme.socle.champs import TexteCourtField


class PartageQuerySet(models.QuerySet):
    """Partages."""

    @staticmethod
    def courent() -> Q:
        """Commencés, pas finis, pas révoqués, en critère."""
        jour = timezone.localdate()
        return Q(du__lte=jour, revoque_le__isnull=True) & (Q(au__isnull=True) | Q(au__gte=jour))

    def en_vigueur(self) -> Any:
        """Commencés, pas finis, pas révoqués."""
        return self.filter(self.courent())


class PartageFinanceur(models.Model):
    """Ce que tout partage dit : jusqu'à quand, pourquoi, par qui. L'objet ouvert est à la sous-classe.

    Sans partage, le financeur ne lit ni risques, ni comptes rendus : sinon personne ne répondrait vrai.
    """

    du = models.DateField("du", default=timezone.localdate)
    au = models.DateField("au", null=True, blank=True)
    pourquoi = TexteCourtField("pourquoi", max_length=200)
    ouvert_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="ouvert par"
    )
    ouvert_le = models.DateTimeField("ouvert le", default=timezone.now, editable=False)
    revoque_le = models.DateTimeField("révoqué le", null=True, blank=True, editable=False)
    revoque_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="révoqué par"
    )

    class Meta:
        abstract = True
        ordering = ["-ouvert_le", "-pk"]

    @property
    def est_en_vigueur(self) -> bool:
        """Vrai s'il ouvre aujourd'hui."""
        jour = timezone.localdate()
        return self.revoque_le is None and self.du <= jour and (self.au is None or self.au >= jour)
