"""Les chantiers de la préparation : ce qu'on en dit de plus que le calcul, et les données à reprendre (ANAP 3.6)."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from simple_history.models import HistoricalRecords

from programme.enums import Chantier, EtatChantier, MoyenReprise, SourceReprise
from programme.models.parcours import Parcours
from programme.models.ressources import LigneDeParcoursQuerySet
from programme.socle.champs import TexteCourtField, TexteLibreField


class AvisChantier(models.Model):
    """L'état d'un chantier, dit par l'ESMS à la place du calcul, avec une raison. Le retirer revient au calcul."""

    parcours = models.ForeignKey(Parcours, models.CASCADE, related_name="avis_de_chantier")
    chantier = models.CharField("chantier", max_length=12, choices=Chantier.choices)
    etat = models.CharField("état", max_length=12, choices=EtatChantier.choices)
    motif = TexteLibreField("pourquoi", max_length=300, blank=False)
    par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="avis_de_chantier")
    le = models.DateTimeField("dit le", auto_now=True)

    objects = LigneDeParcoursQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "avis sur un chantier"
        verbose_name_plural = "avis sur les chantiers"
        constraints = [
            models.UniqueConstraint(fields=["parcours", "chantier"], name="avis_chantier_unique"),
            models.CheckConstraint(
                condition=Q(chantier__in=Chantier.values, etat__in=EtatChantier.values), name="avis_chantier_connu"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_chantier_display()} : {self.get_etat_display().lower()}"


class LigneRepriseQuerySet(LigneDeParcoursQuerySet):
    """Données à reprendre."""

    def faites(self) -> "LigneRepriseQuerySet":
        """Plus rien n'en reste, ou l'on a dit qu'on ne les reprend pas."""
        return self.filter(LIGNE_FAITE)

    def du_parcours(self, chemin: str) -> "LigneRepriseQuerySet":
        """Celles du parcours de la requête extérieure ; `chemin` : vers sa clé."""
        return self.filter(parcours=OuterRef(chemin)).order_by()


LIGNE_FAITE = Q(moyen=MoyenReprise.AUCUN) | Q(reste=0)


def a_des_lignes(chemin: str, **criteres: Any) -> Q:
    """Le parcours de la ligne a dit quelles données il reprend ; `criteres` : parmi celles-là seulement."""
    return Q(Exists(LigneReprise.objects.du_parcours(chemin).filter(**criteres)))


class LigneReprise(models.Model):
    """Des données à reprendre : d'où, combien, par quels moyens, pour quand, et combien il en reste.

    `volume` et `reste` se comptent dans la même `unite` ; None : pas encore compté. `securite_soins` : l'unité ne peut
    pas ouvrir sans elles.
    """

    parcours = models.ForeignKey(Parcours, models.CASCADE, related_name="reprises")
    quoi = TexteCourtField("données", max_length=120)
    source = models.CharField("source", max_length=12, choices=SourceReprise.choices)
    moyen = models.CharField("moyen", max_length=12, choices=MoyenReprise.choices, blank=True)
    qui = TexteCourtField("qui s'en charge", max_length=120, blank=True)
    volume = models.PositiveIntegerField("volume", null=True, blank=True)
    unite = TexteCourtField("unité", max_length=40, default="dossiers")
    reste = models.PositiveIntegerField("reste", null=True, blank=True)
    echeance = models.DateField("pour le", null=True, blank=True)
    securite_soins = models.BooleanField("la sécurité des soins en dépend", default=False)

    objects = LigneRepriseQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "données à reprendre"
        verbose_name_plural = "données à reprendre"
        ordering = ["-securite_soins", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(source__in=SourceReprise.values) & Q(moyen__in=["", *MoyenReprise.values]),
                name="reprise_valeurs_connues",
            ),
            models.CheckConstraint(
                condition=Q(volume__isnull=True) | Q(reste__isnull=True) | Q(reste__lte=F("volume")),
                name="reprise_reste_au_plus",
                violation_error_message="Il ne peut pas rester plus que le volume : corrigez l'un des deux.",
            ),
        ]
        indexes = [models.Index(fields=["parcours", "securite_soins"], name="reprise_parcours")]

    def __str__(self) -> str:
        return self.quoi

    @property
    def est_faite(self) -> bool:
        """Plus rien n'en reste, ou l'on a dit qu'on ne les reprend pas (`LIGNE_FAITE` en SQL)."""
        return self.moyen == MoyenReprise.AUCUN or self.reste == 0
