"""Ce qui reste des fichiers de l'éditeur : des comptes par ESMS et par mois, jamais par personne (metier §8)."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from programme.models import Parcours
from programme.socle.champs import TexteCourtField
from usages.enums import LieuConnexion, SourceUsage, TrancheDuJour


class UsageMensuelQuerySet(models.QuerySet):
    """Usages d'un mois."""

    def visibles_par(self, utilisateur: Any) -> "UsageMensuelQuerySet":
        """Ceux des ESMS dont il lit la préparation : le financeur lit les relevés transmis, pas les fichiers."""
        return self.filter(parcours__in=Parcours.objects.lisibles_par(utilisateur).order_by().values("pk"))


class UsageMensuel(models.Model):
    """Combien de comptes se sont connectés dans un ESMS, un mois, d'après une source. Un fichier le remplace entier.

    `actifs` : comptes de personnes en poste avec au moins une connexion ; `partages` : comptes à plusieurs, à part ;
    `inconnus` : comptes qu'aucune personne en poste ne porte. `est_complet` : le fichier couvre tout le mois.
    """

    parcours = models.ForeignKey(Parcours, models.PROTECT, related_name="usages_mensuels", verbose_name="ESMS")
    mois = models.DateField("mois")
    source = models.CharField("source", max_length=8, choices=SourceUsage.choices)
    actifs = models.PositiveIntegerField("comptes actifs")
    partages = models.PositiveIntegerField("comptes partagés", default=0)
    inconnus = models.PositiveIntegerField("comptes non rapprochés", default=0)
    connexions = models.PositiveBigIntegerField("connexions", default=0)
    premier_jour = models.DateField("premier jour lu", null=True, blank=True)
    dernier_jour = models.DateField("dernier jour lu", null=True, blank=True)
    est_complet = models.BooleanField("mois entier", default=True)
    empreinte = models.CharField("empreinte du fichier", max_length=64, blank=True)
    importe_le = models.DateTimeField("importé le", default=timezone.now)

    objects = UsageMensuelQuerySet.as_manager()

    class Meta:
        verbose_name = "usage d'un mois"
        verbose_name_plural = "usages par mois"
        ordering = ["parcours", "-mois", "source"]
        constraints = [
            models.UniqueConstraint(fields=["parcours", "mois", "source"], name="usage_mensuel_unique"),
            models.CheckConstraint(condition=Q(source__in=SourceUsage.values), name="usage_source_connue"),
            models.CheckConstraint(condition=Q(mois__day=1), name="usage_premier_du_mois"),
        ]

    def __str__(self) -> str:
        return f"usage de {self.mois:%m/%Y}, {self.parcours}"

    @property
    def rattache_a(self) -> Parcours:
        """Ce qui dit son périmètre."""
        return self.parcours


class HorairesAllumesQuerySet(models.QuerySet):
    """Réglages des heures et des lieux."""

    def visibles_par(self, utilisateur: Any) -> "HorairesAllumesQuerySet":
        """Ceux des ESMS dont il lit la préparation."""
        return self.filter(parcours__in=Parcours.objects.lisibles_par(utilisateur).order_by().values("pk"))


class HorairesAllumes(models.Model):
    """Cet ESMS compte ses connexions par tranche du jour et par lieu, depuis une consultation du CSE.

    Sans cette ligne, rien n'en est lu : une heure et une unité désignent la veilleuse de nuit.
    """

    parcours = models.OneToOneField(Parcours, models.CASCADE, related_name="horaires_allumes", verbose_name="ESMS")
    cse_le = models.DateField("CSE consulté le")
    reference = TexteCourtField("référence de la consultation", max_length=160, blank=True)
    allume_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="allumé par"
    )
    allume_le = models.DateTimeField("allumé le", default=timezone.now, editable=False)

    objects = HorairesAllumesQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "connexions par heure et lieu"
        verbose_name_plural = "connexions par heure et lieu"

    def __str__(self) -> str:
        return f"connexions par heure et lieu, {self.parcours}"

    @property
    def rattache_a(self) -> Parcours:
        """Ce qui dit son périmètre."""
        return self.parcours


class TrancheUsageQuerySet(models.QuerySet):
    """Connexions par tranche et par lieu."""

    def visibles_par(self, utilisateur: Any) -> "TrancheUsageQuerySet":
        """Celles des ESMS dont il lit la préparation ; jamais le financeur."""
        lisibles = Parcours.objects.lisibles_par(utilisateur).order_by().values("pk")
        return self.filter(usage__parcours__in=lisibles)


class TrancheUsage(models.Model):
    """Les connexions d'un mois dans une tranche du jour et un lieu ; dès dix comptes, jamais par unité."""

    usage = models.ForeignKey(UsageMensuel, models.CASCADE, related_name="tranches")
    tranche = models.CharField("tranche du jour", max_length=10, choices=TrancheDuJour.choices)
    lieu = models.CharField("lieu", max_length=10, choices=LieuConnexion.choices, blank=True, default="")
    connexions = models.PositiveIntegerField("connexions")
    comptes = models.PositiveIntegerField("comptes")

    objects = TrancheUsageQuerySet.as_manager()

    class Meta:
        verbose_name = "connexions d'une tranche"
        verbose_name_plural = "connexions par tranche"
        ordering = ["usage", "tranche", "lieu"]
        constraints = [
            models.UniqueConstraint(fields=["usage", "tranche", "lieu"], name="tranche_usage_unique"),
            models.CheckConstraint(condition=Q(tranche__in=TrancheDuJour.values), name="tranche_connue"),
            models.CheckConstraint(condition=Q(lieu__in=LieuConnexion.values), name="tranche_lieu_connu"),
            models.CheckConstraint(condition=Q(comptes__gte=10), name="tranche_dix_comptes"),
            models.CheckConstraint(condition=Q(connexions__gte=F("comptes")), name="tranche_connexions"),
        ]

    def __str__(self) -> str:
        return f"{self.get_tranche_display()}, {self.usage}"
