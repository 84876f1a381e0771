"""Un verbatim : des mots dits, le rôle de qui les a dits, et son accord. Sans accord, il ne sort d'aucun document."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from programme.models import Parcours
from programme.socle.champs import TexteCourtField, TexteLibreField
from usages.enums import Consentement


class VerbatimQuerySet(models.QuerySet):
    """Verbatims."""

    def visibles_par(self, utilisateur: Any) -> "VerbatimQuerySet":
        """Ceux des ESMS dont il lit la préparation."""
        return self.filter(parcours__in=Parcours.objects.lisibles_par(utilisateur).order_by().values("pk"))

    def citables(self) -> "VerbatimQuerySet":
        """Ceux dont l'accord est donné."""
        return self.filter(consentement=Consentement.DONNE)

    def pour_lecture(self) -> "VerbatimQuerySet":
        """Avec ce que toute page nomme."""
        return self.select_related("parcours__esms__departement", "parcours__grappe", "recueilli_par")


class Verbatim(models.Model):
    """Des mots d'une équipe. `qui` : un rôle (« une éducatrice »), jamais un nom."""

    parcours = models.ForeignKey(Parcours, models.PROTECT, related_name="verbatims", verbose_name="ESMS")
    texte = TexteLibreField("ce qui a été dit", max_length=1000, blank=False)
    qui = TexteCourtField("qui l'a dit (un rôle)", max_length=80)
    consentement = models.CharField(
        "accord", max_length=12, choices=Consentement.choices, default=Consentement.A_DEMANDER
    )
    consentement_le = models.DateField("accord du", null=True, blank=True)
    recueilli_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recueilli_le = models.DateField("recueilli le", default=timezone.localdate)

    objects = VerbatimQuerySet.as_manager()

    class Meta:
        verbose_name = "verbatim"
        ordering = ["-recueilli_le", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(consentement__in=Consentement.values), name="verbatim_accord_connu"),
            models.CheckConstraint(
                condition=~Q(consentement=Consentement.DONNE) | Q(consentement_le__isnull=False),
                name="verbatim_accord_date",
            ),
        ]

    def __str__(self) -> str:
        return self.texte if len(self.texte) < 80 else self.texte[:79] + "…"

    @property
    def rattache_a(self) -> Parcours:
        """Ce qui dit son périmètre."""
        return self.parcours
