"""Les règles d'alerte d'une grappe : ce qu'elle veut savoir sans le chercher."""

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from programme.models import Grappe
from usages.enums import NatureSurveillance
from usages.models.communs import grappes_de_pres
from usages.models.indicateurs import Indicateur


class RegleIndicateurQuerySet(models.QuerySet):
    """Règles d'alerte."""

    def visibles_par(self, utilisateur: Any) -> "RegleIndicateurQuerySet":
        """Celles des grappes dont il est ; pas le financeur."""
        return self.filter(grappe__in=grappes_de_pres(utilisateur))

    def actives(self) -> "RegleIndicateurQuerySet":
        """Qui surveillent."""
        return self.filter(est_active=True)


class RegleIndicateur(models.Model):
    """Ce qu'une grappe surveille d'un indicateur. `part` : la chute (0..1) ; `releves` : sur combien de relevés."""

    grappe = models.ForeignKey(Grappe, models.CASCADE, related_name="regles_indicateurs")
    indicateur = models.ForeignKey(Indicateur, models.PROTECT, related_name="regles")
    nature = models.CharField("ce qu'elle surveille", max_length=8, choices=NatureSurveillance.choices)
    part = models.DecimalField(
        "chute",
        max_digits=3,
        decimal_places=2,
        default=Decimal("0.30"),
        validators=[MinValueValidator(Decimal("0.01")), MaxValueValidator(Decimal(1))],
    )
    releves = models.PositiveSmallIntegerField(
        "sur combien de relevés", default=2, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    est_active = models.BooleanField("active", default=True)

    objects = RegleIndicateurQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "règle d'alerte"
        verbose_name_plural = "règles d'alerte"
        ordering = ["grappe", "indicateur", "nature", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(nature__in=NatureSurveillance.values), name="regle_nature_connue"),
            models.CheckConstraint(condition=Q(part__gt=0) & Q(part__lte=1), name="regle_part"),
            models.CheckConstraint(condition=Q(releves__gte=1) & Q(releves__lte=12), name="regle_releves"),
            models.UniqueConstraint(
                fields=["grappe", "indicateur", "nature"],
                name="regle_unique",
                violation_error_message="Cette grappe a déjà cette règle pour cet indicateur : changez-la.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_nature_display()}, {self.indicateur}"

    def clean(self) -> None:
        """Refuse ce qui ne donne jamais l'alerte : un nombre de tickets, un indicateur sans sens, sans nombre."""
        if self.indicateur_id and (motif := self.indicateur.pourquoi_pas_surveille):
            raise ValidationError({"indicateur": motif})

    @property
    def rattache_a(self) -> Grappe:
        """Ce qui dit son périmètre."""
        return self.grappe
