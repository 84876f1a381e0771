"""Ce qu'une visite a fait constater, et comment chacun le code : thème, sens, force, preuve (metier §10)."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from programme.socle.champs import TexteCourtField, TexteLibreField
from usages.enums import ForceEffet, NatureConstat, PreuveEffet, SensEffet, ThemeEffet
from usages.models.verbatims import Verbatim
from usages.models.visites import NoteDeVisite, Visite, des_siennes


class ConstatQuerySet(models.QuerySet):
    """Constats."""

    def visibles_par(self, utilisateur: Any) -> "ConstatQuerySet":
        """Ceux des études dont il est de l'équipe."""
        return self.filter(des_siennes(utilisateur, "visite__etude"))

    def pour_lecture(self) -> "ConstatQuerySet":
        """Avec ce que toute page nomme."""
        return self.select_related("visite__parcours__esms", "visite__etude", "verbatim", "note")


class Constat(models.Model):
    """Un effet, un levier ou un frein, en une phrase ; `verbatim`, `note` : d'où il vient."""

    visite = models.ForeignKey(Visite, models.CASCADE, related_name="constats")
    nature = models.CharField("nature", max_length=6, choices=NatureConstat.choices, default=NatureConstat.EFFET)
    libelle = TexteCourtField("constat", max_length=240)
    theme_propose = models.CharField("thème", max_length=17, choices=ThemeEffet.choices)
    recurrence = TexteCourtField("se rapproche de", max_length=120, blank=True)
    verbatim = models.ForeignKey(Verbatim, models.SET_NULL, null=True, blank=True, related_name="constats")
    note = models.ForeignKey(NoteDeVisite, models.SET_NULL, null=True, blank=True, related_name="constats")
    ecrit_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    ecrit_le = models.DateField("écrit le", default=timezone.localdate, editable=False)

    objects = ConstatQuerySet.as_manager()

    class Meta:
        verbose_name = "constat"
        ordering = ["theme_propose", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(nature__in=NatureConstat.values), name="constat_nature_connue"),
            models.CheckConstraint(condition=Q(theme_propose__in=ThemeEffet.values), name="constat_theme_connu"),
        ]

    def __str__(self) -> str:
        return self.libelle


class Codage(models.Model):
    """Le code qu'un codeur donne à un constat, sans voir celui des autres."""

    constat = models.ForeignKey(Constat, models.CASCADE, related_name="codages")
    codeur = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    theme = models.CharField("thème", max_length=17, choices=ThemeEffet.choices)
    sens = models.CharField("sens", max_length=7, choices=SensEffet.choices)
    force = models.CharField("force", max_length=7, choices=ForceEffet.choices)
    preuve = models.CharField("preuve", max_length=8, choices=PreuveEffet.choices)
    commentaire = TexteLibreField("ce qui a fait hésiter", max_length=500)
    code_le = models.DateField("codé le", default=timezone.localdate)

    class Meta:
        verbose_name = "codage"
        ordering = ["constat", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["constat", "codeur"], name="codage_un_par_codeur"),
            models.CheckConstraint(condition=Q(theme__in=ThemeEffet.values), name="codage_theme_connu"),
            models.CheckConstraint(condition=Q(sens__in=SensEffet.values), name="codage_sens_connu"),
            models.CheckConstraint(condition=Q(force__in=ForceEffet.values), name="codage_force_connue"),
            models.CheckConstraint(condition=Q(preuve__in=PreuveEffet.values), name="codage_preuve_connue"),
        ]

    def __str__(self) -> str:
        return f"{self.constat} : {self.get_sens_display().lower()}, {self.get_force_display().lower()}"
