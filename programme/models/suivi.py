"""Ce qui suit un parcours : ses dates, ses faits, les passages proposés."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from simple_history.models import HistoricalRecords

from programme.enums import EtatParcours, NatureFait
from programme.models.parcours import Parcours
from programme.socle.champs import TexteCourtField, TexteLibreField


class EtapeQuerySet(models.QuerySet):
    """Dates des parcours."""

    def en_retard(self, au: date) -> "EtapeQuerySet":
        """Prévues avant cette date, et pas encore atteintes."""
        return self.filter(reelle__isnull=True).filter(Q(revisee__lt=au) | Q(revisee__isnull=True, reference__lt=au))


class Etape(models.Model):
    """Entrée dans un état : date de référence (figée), révisée, réelle (écrite par la porte)."""

    parcours = models.ForeignKey(Parcours, models.CASCADE, related_name="etapes")
    etat = models.CharField("état", max_length=20, choices=EtatParcours.choices)
    reference = models.DateField("référence", null=True, blank=True)
    revisee = models.DateField("révisée", null=True, blank=True)
    reelle = models.DateField("réelle", null=True, blank=True)

    objects = EtapeQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "étape"
        constraints = [models.UniqueConstraint(fields=["parcours", "etat"], name="etape_unique")]

    def __str__(self) -> str:
        return f"{self.get_etat_display()} : {self.prevue or self.reelle or 'sans date'}"

    @property
    def prevue(self) -> date | None:
        """Date attendue : révisée si elle l'est, sinon de référence."""
        return self.revisee or self.reference


class Fait(models.Model):
    """Un fait daté du parcours : une date, une référence, deux lignes au plus."""

    parcours = models.ForeignKey(Parcours, models.CASCADE, related_name="faits")
    nature = models.CharField("nature", max_length=20, choices=NatureFait.choices)
    date = models.DateField("date")
    reference = TexteCourtField("référence", max_length=120, blank=True)
    note = TexteLibreField("précision", max_length=500)
    saisi_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="faits_saisis")
    saisi_le = models.DateTimeField("saisi le", auto_now=True)

    class Meta:
        verbose_name = "fait daté"
        verbose_name_plural = "faits datés"
        constraints = [models.UniqueConstraint(fields=["parcours", "nature"], name="fait_unique")]

    def __str__(self) -> str:
        return f"{self.get_nature_display()} : {self.date}"


class PropositionQuerySet(models.QuerySet):
    """Passages proposés au directeur."""

    def en_attente(self) -> "PropositionQuerySet":
        """Ni décidées, ni retirées."""
        return self.filter(close_le__isnull=True)

    def reportees(self) -> "PropositionQuerySet":
        """Celles à qui la direction a répondu « plus tard », et que rien n'a suivies."""
        suivantes = Proposition.objects.filter(parcours=OuterRef("parcours"), pk__gt=OuterRef("pk"))
        return self.filter(issue="reportee").exclude(Exists(suivantes))


class Proposition(models.Model):
    """Le chef de projet propose un passage ; le directeur décide en un clic."""

    parcours = models.ForeignKey(Parcours, models.CASCADE, related_name="propositions")
    transition = models.CharField("passage proposé", max_length=30)
    date_visee = models.DateField("date visée", null=True, blank=True)
    mot = TexteLibreField("mot au directeur", max_length=300)
    proposee_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="propositions")
    proposee_le = models.DateTimeField("proposée le", auto_now_add=True)
    close_le = models.DateTimeField("close le", null=True, blank=True)
    issue = models.CharField("issue", max_length=10, blank=True)
    reponse = TexteLibreField("réponse du directeur", max_length=300)
    close_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reponses",
        verbose_name="close par",
    )
    reportee_au = models.DateField("reportée au", null=True, blank=True)

    objects = PropositionQuerySet.as_manager()

    class Meta:
        verbose_name = "proposition de passage"
        verbose_name_plural = "propositions de passage"
        constraints = [
            models.UniqueConstraint(
                fields=["parcours", "transition"], condition=Q(close_le__isnull=True), name="proposition_en_attente"
            )
        ]

    def __str__(self) -> str:
        return f"{self.parcours} : {self.transition}"
