"""Durées observées : le relevé dont se déduit toute prévision."""

from collections.abc import Collection

from django.db import models
from django.db.models import Q

from programme.enums import EtatParcours, Portee


class DureesObserveesQuerySet(models.QuerySet):
    """Relevés."""

    def autour(self, grappes: Collection[int], regions: Collection[str]) -> "DureesObserveesQuerySet":
        """Ceux de ces grappes, de ces régions, et du pays."""
        des_grappes = Q(portee=Portee.GRAPPE, cle__in=[str(pk) for pk in grappes])
        return self.filter(
            des_grappes | Q(portee=Portee.REGION, cle__in=list(regions)) | Q(portee=Portee.NATIONAL, cle="")
        )


class DureesObservees(models.Model):
    """Les durées d'une étape dans une étendue (grappe, région, pays) : cinq ESMS au moins l'y ont franchie.

    `cle` : clé de la grappe, code de la région, vide pour le pays. `durees` : des triplets (jours, passages en ce
    temps, ESMS censurés à ce temps). `manage.py prevoir` refait la table ; rien d'autre n'y écrit.
    """

    portee = models.CharField("portée", max_length=8, choices=Portee.choices)
    cle = models.CharField("clé", max_length=20, blank=True)
    de = models.CharField("état quitté", max_length=20, choices=EtatParcours.choices)
    vers = models.CharField("état atteint", max_length=20, choices=EtatParcours.choices)
    durees = models.JSONField("durées")
    relevees_le = models.DateField("relevées le")

    objects = DureesObserveesQuerySet.as_manager()

    class Meta:
        verbose_name = "durées observées"
        verbose_name_plural = "durées observées"
        constraints = [models.UniqueConstraint(fields=["portee", "cle", "de", "vers"], name="durees_observees_unique")]

    def __str__(self) -> str:
        return f"{self.get_de_display()} → {self.get_vers_display()}"
