"""Qui recueille les retours dans un service, et les délais qu'une grappe se donne pour les lire et y répondre."""

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Case, DateField, DurationField, ExpressionWrapper, F, IntegerField, Q, Value, When
from django.db.models.functions import Cast, Coalesce

from programme.models import Grappe, Parcours, Unite


class RelaisQuerySet(models.QuerySet):
    """Relais des retours."""

    def visibles_par(self, utilisateur: Any) -> "RelaisQuerySet":
        """Ceux des ESMS dont il lit la préparation."""
        return self.filter(parcours__in=Parcours.objects.lisibles_par(utilisateur).order_by().values("pk"))

    def pour_lecture(self) -> "RelaisQuerySet":
        """Avec ce que toute ligne nomme."""
        return self.select_related("parcours__esms__departement", "parcours__grappe", "unite", "compte")


class Relais(models.Model):
    """Qui, dans un service, recueille les retours et rapporte les réponses."""

    parcours = models.ForeignKey(Parcours, models.CASCADE, related_name="relais_des_retours", verbose_name="ESMS")
    unite = models.ForeignKey(
        Unite, models.CASCADE, null=True, blank=True, related_name="relais_des_retours", verbose_name="unité"
    )
    compte = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="relais_des_retours")

    objects = RelaisQuerySet.as_manager()

    class Meta:
        verbose_name = "relais des retours"
        verbose_name_plural = "relais des retours"
        ordering = ["parcours", "unite", "compte"]
        constraints = [
            models.UniqueConstraint(fields=["parcours", "unite", "compte"], name="relais_d_unite_unique"),
            models.UniqueConstraint(
                fields=["parcours", "compte"], condition=Q(unite__isnull=True), name="relais_d_esms_unique"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.compte}, {self.unite or self.parcours}"

    @property
    def rattache_a(self) -> Parcours:
        """Ce qui dit son périmètre."""
        return self.parcours


class ReglageRetours(models.Model):
    """Les délais qu'une grappe se donne : lire un retour, y répondre. Valeurs du produit sans réglage."""

    QUALIFIER, REPONDRE = 7, 30

    grappe = models.OneToOneField(Grappe, models.CASCADE, related_name="reglage_retours")
    jours_qualifier = models.PositiveSmallIntegerField("jours pour lire un retour", default=QUALIFIER)
    jours_repondre = models.PositiveSmallIntegerField("jours pour y répondre", default=REPONDRE)

    class Meta:
        verbose_name = "réglage des retours"
        verbose_name_plural = "réglages des retours"
        constraints = [
            models.CheckConstraint(
                condition=Q(jours_qualifier__gte=1, jours_repondre__gte=F("jours_qualifier"), jours_repondre__lte=365),
                name="reglage_retours_delais",
            )
        ]

    def __str__(self) -> str:
        return f"{self.jours_qualifier} jours, {self.jours_repondre} jours"


def jour_limite(champ: str, defaut: int) -> Cast:
    """`recu_le`, tant de jours plus tard : ceux du réglage de sa grappe, à défaut ceux du produit."""
    jours = Coalesce(F(f"parcours__grappe__reglage_retours__{champ}"), Value(defaut), output_field=IntegerField())
    duree = ExpressionWrapper(jours * Value(timedelta(days=1)), output_field=DurationField())
    return Cast(ExpressionWrapper(F("recu_le") + duree, output_field=DateField()), DateField())


def en_retard_avant(au: date, champ: str, delais: set[int], defaut: int) -> Case:
    """Le jour avant lequel un retour est en retard, selon le réglage de sa grappe."""
    chemin = f"parcours__grappe__reglage_retours__{champ}"
    cas = [When(**{chemin: n}, then=Value(au - timedelta(days=n))) for n in sorted(delais)]
    return Case(*cas, default=Value(au - timedelta(days=defaut)), output_field=DateField())
