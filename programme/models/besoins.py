"""Les besoins exprimés par les ESMS, et ceux que la grappe rapproche : la matière du cahier des charges (ANAP 3.3)."""

from typing import Any

from django.db import models
from django.db.models import Case, Exists, IntegerField, OuterRef, Value, When
from simple_history.models import HistoricalRecords

from programme.enums import MethodeRecolte, PerimetreSollicite, PrioriteBesoin
from programme.models.grappes import Grappe
from programme.models.parcours import Parcours
from programme.models.referentiel import Module
from programme.socle.champs import TexteCourtField, TexteLibreField
from programme.socle.recherche import mots_contenus
from programme.socle.texte import normaliser


class BesoinCommunQuerySet(models.QuerySet):
    """Besoins communs."""

    def visibles_par(self, utilisateur: Any) -> "BesoinCommunQuerySet":
        """Ceux que demande au moins un ESMS dont il lit la préparation : les autres ne le regardent pas."""
        return self.filter(Exists(Besoin.objects.visibles_par(utilisateur).filter(commun=OuterRef("pk"))))


class BesoinCommun(models.Model):
    """Un besoin de la grappe : plusieurs besoins rapprochés, qui gardent chacun leur ESMS et leurs mots."""

    grappe = models.ForeignKey(Grappe, models.CASCADE, related_name="besoins_communs")
    libelle = TexteCourtField("besoin", max_length=200)

    objects = BesoinCommunQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "besoin commun"
        verbose_name_plural = "besoins communs"
        ordering = ["libelle", "pk"]

    def __str__(self) -> str:
        return self.libelle


class BesoinQuerySet(models.QuerySet):
    """Besoins."""

    def visibles_par(self, utilisateur: Any) -> "BesoinQuerySet":
        """Ceux des ESMS dont il lit la préparation."""
        return self.filter(parcours__in=Parcours.objects.lisibles_par(utilisateur).order_by())

    def pour_lecture(self) -> "BesoinQuerySet":
        """Avec ce qu'une liste affiche, et `rang` pour trier par priorité."""
        ordre = [When(priorite=priorite, then=Value(rang)) for rang, priorite in enumerate(PrioriteBesoin)]
        lus = self.annotate(rang=Case(*ordre, output_field=IntegerField()))
        return lus.select_related("module", "commun", "parcours__grappe", "parcours__esms__og")

    def chercher(self, texte: str) -> "BesoinQuerySet":
        """Besoins dont les mots contiennent tous ceux-ci, accents ignorés."""
        return self.filter(mots_contenus("recherche", texte))


class Besoin(models.Model):
    """Ce qu'un ESMS demande au DUI, dans ses mots : qui l'a dit, comment on l'a recueilli, ce qu'il vaut."""

    parcours = models.ForeignKey(Parcours, models.CASCADE, related_name="besoins")
    libelle = TexteCourtField("besoin", max_length=200)
    module = models.ForeignKey(Module, models.PROTECT, null=True, blank=True, related_name="besoins")
    priorite = models.CharField("priorité", max_length=14, choices=PrioriteBesoin.choices, default=PrioriteBesoin.UTILE)
    perimetre = models.CharField("à qui l'on a demandé", max_length=10, choices=PerimetreSollicite.choices, blank=True)
    methode = models.CharField("comment", max_length=12, choices=MethodeRecolte.choices, blank=True)
    precision = TexteLibreField("précision", max_length=300)
    commun = models.ForeignKey(
        BesoinCommun, models.SET_NULL, null=True, blank=True, related_name="besoins", verbose_name="besoin commun"
    )
    recherche = models.CharField("recherche", max_length=300, editable=False, default="")

    objects = BesoinQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["recherche"])

    class Meta:
        verbose_name = "besoin"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.libelle

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Enregistre avec la forme de recherche à jour."""
        self.recherche = normaliser(self.libelle)[:300]
        super().save(*args, **kwargs)
