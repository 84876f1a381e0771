"""Les personnes ressources d'un ESMS et leurs heures (ANAP 3.4), le temps d'écrire et de lire par métier (PEP 76)."""

from typing import Any

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from programme.enums import Expertise, TempsEcriture
from programme.models.parcours import Parcours
from programme.models.referentiel import Metier
from programme.socle.champs import TexteCourtField

HEURES_MAX = 160
"""Un temps plein, à peu près : au-delà, ce sont des heures par an."""
MINUTES_MAX = 240


class LigneDeParcoursQuerySet(models.QuerySet):
    """Lignes d'un ESMS qui se préparent."""

    def visibles_par(self, utilisateur: Any) -> "LigneDeParcoursQuerySet":
        """Celles des ESMS dont il lit la préparation."""
        return self.filter(parcours__in=Parcours.objects.lisibles_par(utilisateur).order_by())


def _heures(libelle: str) -> models.PositiveSmallIntegerField:
    trop = f"{HEURES_MAX} heures par mois au plus : au-delà, ce sont sans doute des heures par an."
    return models.PositiveSmallIntegerField(
        libelle, null=True, blank=True, validators=[MaxValueValidator(HEURES_MAX, trop)]
    )


class PersonneRessource(models.Model):
    """Quelqu'un sur qui le projet compte : une fonction, un nom professionnel s'il le faut, des heures par mois."""

    parcours = models.ForeignKey(Parcours, models.CASCADE, related_name="ressources")
    fonction = TexteCourtField("fonction", max_length=120)
    nom = TexteCourtField("nom", max_length=120, blank=True)
    expertise = models.CharField("apporte", max_length=12, choices=Expertise.choices)
    heures_demandees = _heures("heures demandées")
    heures_accordees = _heures("heures accordées")
    heures_degagees = _heures("heures réellement dégagées")

    objects = LigneDeParcoursQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "personne ressource"
        verbose_name_plural = "personnes ressources"
        ordering = ["expertise", "pk"]

    def __str__(self) -> str:
        return f"{self.nom}, {self.fonction}" if self.nom else self.fonction


class TempsMetier(models.Model):
    """Le temps d'écrire et de lire d'un métier dans un ESMS : décidé, non décidé ou refusé, et par qui."""

    parcours = models.ForeignKey(Parcours, models.CASCADE, related_name="temps_par_metier")
    metier = models.ForeignKey(Metier, models.PROTECT, related_name="temps", verbose_name="métier")
    decision = models.CharField(
        "décision", max_length=12, choices=TempsEcriture.choices, default=TempsEcriture.NON_DECIDE
    )
    minutes = models.PositiveSmallIntegerField(
        "minutes par jour",
        null=True,
        blank=True,
        validators=[MaxValueValidator(MINUTES_MAX, f"{MINUTES_MAX} minutes par jour au plus : vérifiez l'unité.")],
    )
    decide_par = TexteCourtField("par qui", max_length=120, blank=True)

    objects = LigneDeParcoursQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "temps d'écriture d'un métier"
        verbose_name_plural = "temps d'écriture par métier"
        ordering = ["metier__ordre", "metier__nom", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["parcours", "metier"],
                name="temps_metier_unique",
                violation_error_message="Ce métier a déjà sa ligne dans cet ESMS : corrigez-la.",
            ),
            models.CheckConstraint(
                condition=~Q(decision=TempsEcriture.DECIDE) | Q(minutes__isnull=False, minutes__gt=0),
                name="temps_metier_decide_chiffre",
                violation_error_message="Un temps décidé se dit en minutes par jour.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.metier} : {self.get_decision_display().lower()}"
