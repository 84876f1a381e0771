"""Les rappels par courriel : ce que chacun a choisi, et ce qui est parti. Jamais ce qu'ils disaient."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from programme.calculs.cadence import Cadence
from programme.enums import FrequenceRappel, IssueRappel, JourRappel
from programme.socle.dates import date_courte


class PreferenceRappelQuerySet(models.QuerySet["PreferenceRappel"]):
    """Réglages des rappels."""

    def visibles_par(self, utilisateur: Any) -> "PreferenceRappelQuerySet":
        """Chacun le sien, et lui seul."""
        return self.filter(utilisateur=utilisateur)


class PreferenceRappel(models.Model):
    """Ce qu'un compte veut recevoir. Sans elle : chaque semaine, le lundi, depuis que le compte existe."""

    utilisateur = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="preference_rappel", verbose_name="utilisateur"
    )
    frequence = models.CharField(
        "fréquence", max_length=10, choices=FrequenceRappel.choices, default=FrequenceRappel.SEMAINE
    )
    frequence_avant = models.CharField(
        "fréquence d'avant la coupure", max_length=10, choices=FrequenceRappel.choices, default=FrequenceRappel.SEMAINE
    )
    jour = models.PositiveSmallIntegerField("jour", choices=JourRappel.choices, default=JourRappel.LUNDI)
    muet_jusqu_au = models.DateField("suspendu jusqu'au", null=True, blank=True)
    depuis = models.DateField("réglé le", default=timezone.localdate)

    objects = PreferenceRappelQuerySet.as_manager()

    class Meta:
        verbose_name = "réglage des rappels"
        verbose_name_plural = "réglages des rappels"
        constraints = [
            models.CheckConstraint(
                condition=Q(frequence__in=FrequenceRappel.values), name="preference_rappel_frequence_connue"
            ),
            models.CheckConstraint(condition=Q(jour__in=JourRappel.values), name="preference_rappel_jour_connu"),
        ]

    def __str__(self) -> str:
        return f"rappels de {self.utilisateur} : {self.get_frequence_display().lower()}"

    @property
    def cadence(self) -> Cadence:
        """De quoi calculer ses jours de rappel."""
        return Cadence(self.frequence, self.jour, self.muet_jusqu_au, self.depuis)

    @property
    def en_mots(self) -> str:
        """« chaque semaine, le lundi », « le premier lundi du mois, suspendus jusqu'au 3 nov. 2026 », « aucun »."""
        if self.frequence == FrequenceRappel.JAMAIS:
            return "aucun"
        jour = JourRappel(self.jour).label.lower()
        mensuel = self.frequence == FrequenceRappel.MOIS
        quand = f"le premier {jour} du mois" if mensuel else f"{self.get_frequence_display().lower()}, le {jour}"
        return quand + (f", suspendus jusqu'au {date_courte(self.muet_jusqu_au)}" if self.muet_jusqu_au else "")


class RappelQuerySet(models.QuerySet["Rappel"]):
    """Rappels."""

    def visibles_par(self, utilisateur: Any) -> "RappelQuerySet":
        """Chacun les siens ; l'administrateur lit le compte rendu du travail, pas ce que chacun reçoit."""
        return self.filter(utilisateur=utilisateur)

    def servis(self) -> "RappelQuerySet":
        """Ceux qu'on ne reprend pas : partis, peut-être partis, ou sans rien à dire."""
        return self.exclude(issue=IssueRappel.ECHEC)


class Rappel(models.Model):
    """Le rappel d'un compte pour une semaine. Réservé avant l'envoi : au plus un courriel, même à deux travailleurs.

    `creneau` : le lundi de la semaine. Resté « réservé », on ne sait pas s'il est parti : il n'est jamais repris.
    """

    utilisateur = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="rappels", verbose_name="utilisateur"
    )
    creneau = models.DateField("semaine du")
    issue = models.CharField("issue", max_length=8, choices=IssueRappel.choices, default=IssueRappel.RESERVE)
    nb_lignes = models.PositiveSmallIntegerField("lignes", default=0)
    reserve_le = models.DateTimeField("réservé le", auto_now_add=True)
    envoye_le = models.DateTimeField("envoyé le", null=True, blank=True)

    objects = RappelQuerySet.as_manager()

    class Meta:
        verbose_name = "rappel"
        ordering = ["-creneau", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["utilisateur", "creneau"], name="rappel_un_par_semaine"),
            models.CheckConstraint(condition=Q(issue__in=IssueRappel.values), name="rappel_issue_connue"),
            models.CheckConstraint(
                condition=Q(issue=IssueRappel.ENVOYE, envoye_le__isnull=False)
                | ~Q(issue=IssueRappel.ENVOYE) & Q(envoye_le__isnull=True),
                name="rappel_envoye_avec_sa_date",
            ),
        ]

    def __str__(self) -> str:
        return f"rappel de {self.utilisateur}, semaine du {self.creneau}"
