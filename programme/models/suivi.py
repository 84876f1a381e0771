"""Ce qui suit un parcours : ses dates, ses faits, les passages proposés."""

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import islice
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords
from simple_history.utils import bulk_create_with_history

from programme.enums import EtatParcours, NatureFait
from programme.models.parcours import Parcours
from programme.socle.champs import TexteCourtField, TexteLibreField
from programme.socle.lots import ecrire

CLES_PAR_ORDRE = 5_000
LIGNES_PAR_ORDRE = 1_000


class EtapeQuerySet(models.QuerySet):
    """Dates des parcours."""

    def en_retard(self, au: date) -> "EtapeQuerySet":
        """Prévues avant cette date, et pas encore atteintes."""
        return self.filter(reelle__isnull=True).filter(Q(revisee__lt=au) | Q(revisee__isnull=True, reference__lt=au))

    def constater(self, reelles: Mapping[int, Mapping[str, date]]) -> None:
        """Écrit des dates réelles constatées, par parcours puis par état, d'un coup et avec leur historique."""
        lues: Iterable[Any] = self.filter(parcours__in=list(reelles))
        connues: dict[tuple[int, str], Any] = {(e.parcours_id, e.etat): e for e in lues}
        neuves, changees = [], []
        for parcours, jours in reelles.items():
            for etat, jour in jours.items():
                etape = connues.get((parcours, etat))
                if etape is None:
                    neuves.append(Etape(parcours_id=parcours, etat=etat, reelle=jour))
                elif etape.reelle != jour:
                    etape.reelle = jour
                    changees.append(etape)
        bulk_create_with_history(neuves, Etape, batch_size=LIGNES_PAR_ORDRE)
        champs = ("id", "parcours_id", "etat", "reference", "revisee", "reelle")
        ecrire(Etape, champs, (tuple(getattr(e, champ) for champ in champs) for e in changees))
        Etape.history.bulk_history_create(changees, batch_size=LIGNES_PAR_ORDRE, update=True)
        rafraichir({etape.parcours_id for etape in changees})

    def update(self, **kwargs: Any) -> int:
        """Mise à jour par lot ; la prochaine date des parcours suit."""
        touches = set(self.order_by().values_list("parcours_id", flat=True))
        nombre = super().update(**kwargs)
        rafraichir(touches)
        return nombre

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        """Création par lot ; la prochaine date des parcours suit."""
        crees: list[Any] = super().bulk_create(objs, *args, **kwargs)
        rafraichir({etape.parcours_id for etape in crees})
        return crees

    def delete(self) -> tuple[int, dict[str, int]]:
        """Effacement par lot ; la prochaine date des parcours suit."""
        touches = set(self.order_by().values_list("parcours_id", flat=True))
        effets = super().delete()
        rafraichir(touches)
        return effets


def rafraichir(parcours: Iterable[int]) -> None:
    """Remet à jour la prochaine date de ces parcours, par paquets que les deux bases acceptent."""
    cles = iter(sorted(parcours))
    while paquet := list(islice(cles, CLES_PAR_ORDRE)):
        Parcours.objects.filter(pk__in=paquet).rafraichir_prochaine()


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

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Enregistre ; la prochaine date du parcours suit."""
        super().save(*args, **kwargs)
        rafraichir([self.parcours_id])

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Efface ; la prochaine date du parcours suit."""
        effets = super().delete(*args, **kwargs)
        rafraichir([self.parcours_id])
        return effets

    @property
    def prevue(self) -> date | None:
        """Date attendue : révisée si elle l'est, sinon de référence."""
        return self.revisee or self.reference


class Fait(models.Model):
    """Un fait daté du parcours : une date, une référence, deux lignes au plus.

    `services` et `changement` ne servent qu'à la concertation : qui l'on a rencontré, ce que cela a changé.
    """

    parcours = models.ForeignKey(Parcours, models.CASCADE, related_name="faits")
    nature = models.CharField("nature", max_length=20, choices=NatureFait.choices)
    date = models.DateField("date")
    reference = TexteCourtField("référence", max_length=120, blank=True)
    note = TexteLibreField("précision", max_length=500)
    services = TexteCourtField("services rencontrés", max_length=300, blank=True)
    changement = TexteLibreField("ce qui a changé grâce à eux", max_length=500)
    saisi_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="faits_saisis")
    saisi_le = models.DateTimeField("saisi le", auto_now=True)

    class Meta:
        verbose_name = "fait daté"
        verbose_name_plural = "faits datés"
        constraints = [models.UniqueConstraint(fields=["parcours", "nature"], name="fait_unique")]
        # Chaque condition cherche sa nature dans tous les faits : sans lui, elle les relirait tous à chaque lot.
        indexes = [models.Index(fields=["nature", "parcours"], name="fait_par_nature")]

    def __str__(self) -> str:
        return f"{self.get_nature_display()} : {self.date}"


class PropositionQuerySet(models.QuerySet):
    """Passages proposés au directeur."""

    def en_attente(self) -> "PropositionQuerySet":
        """Ni décidées, ni retirées."""
        return self.filter(close_le__isnull=True)

    def clore(self, transition: str) -> None:
        """Un passage répond à la proposition qui le demandait, et rend les autres caduques."""
        attente, instant = self.en_attente(), timezone.now()
        attente.filter(transition=transition).update(close_le=instant, issue="acceptee")
        attente.update(close_le=instant, issue="caduque")

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
