"""Le partage d'un compte rendu avec le financeur : sans lui, il n'en lit aucun (metier §1)."""

from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from programme.enums import Role
from programme.models import Grappe, Parcours
from programme.models.partages import PartageFinanceur, PartageQuerySet


def partagees(utilisateur: Any) -> Q:
    """Les séances dont un partage en vigueur ouvre le compte rendu à ce financeur, une fois diffusé."""
    finance = utilisateur.perimetre.seul(Role.ARS)
    if not finance.affectes:
        return Q(pk__in=[])
    ouvertes = PartageSeance.objects.en_vigueur().order_by().values("seance")
    vues = Grappe.objects.visibles_par(utilisateur)
    if not finance.est_national:
        # En financeur de cette grappe : financer ailleurs n'ouvre pas ce qui se partage là où l'on dirige un ESMS.
        ici = Parcours.objects.filter(grappe=OuterRef("pk"), esms__departement__region__in=finance.regions)
        vues = vues.filter(Q(pk__in=finance.grappes) | Q(region__in=finance.regions) | Q(Exists(ici)))
    return Q(pk__in=ouvertes, comite__grappe__in=vues.order_by().values("pk"), compte_rendu__isnull=False)


class PartageSeanceQuerySet(PartageQuerySet):
    """Partages de comptes rendus."""

    def visibles_par(self, utilisateur: Any) -> "PartageSeanceQuerySet":
        """Ceux des séances qu'il voit."""
        seances = apps.get_model("gouvernance", "Seance").objects.visibles_par(utilisateur)
        return self.filter(seance__in=seances.order_by().values("pk"))


class PartageSeance(PartageFinanceur):
    """Un compte rendu diffusé, ouvert au financeur."""

    seance = models.ForeignKey("gouvernance.Seance", models.PROTECT, related_name="partages", verbose_name="séance")

    objects = PartageSeanceQuerySet.as_manager()

    class Meta(PartageFinanceur.Meta):
        abstract = False
        verbose_name = "partage d'un compte rendu"
        verbose_name_plural = "partages de comptes rendus"
        constraints = [
            models.CheckConstraint(
                condition=Q(au__isnull=True) | Q(au__gte=F("du")),
                name="partage_seance_dates",
                violation_error_message="La fin du partage précède son début : corrigez l'une des deux dates.",
            ),
        ]

    def __str__(self) -> str:
        return f"compte rendu, {self.seance}"

    @property
    def rattache_a(self) -> Grappe:
        """Ce qui dit son périmètre."""
        return self.seance.comite.grappe
