"""Ce que le financeur peut lire des risques : rien, sauf un partage daté et révocable (metier §1)."""

from typing import Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from programme.enums import Role
from programme.models import Grappe, Parcours
from programme.models.partages import PartageFinanceur, PartageQuerySet
from risques.enums import ObjetPartage


def confiees(utilisateur: Any, parcours: str, grappe: str) -> Q:
    """Les lignes d'un ESMS dont il lit la préparation, et celles d'une grappe dont il est. Jamais en financeur.

    `parcours`, `grappe` : chemins de la ligne vers son ESMS (nul si elle vaut pour toute la grappe) et sa grappe.
    """
    confie = utilisateur.perimetre.sauf(Role.ARS)
    if confie.est_national:
        return Q(pk__isnull=False)
    if not confie.affectes:
        return Q(pk__in=[])
    lisibles = Parcours.objects.lisibles_par(utilisateur).order_by().values("pk")
    siennes = Grappe.objects.de_pres(utilisateur).order_by().values("pk")
    return Q(**{f"{parcours}__in": lisibles}) | Q(**{f"{parcours}__isnull": True, f"{grappe}__in": siennes})


def partagees(utilisateur: Any, parcours: str, grappe: str, *, objet: str | ObjetPartage) -> Q:
    """Les lignes qu'un partage en vigueur ouvre à ce financeur.

    `objet` : ce qui est partagé, ou le chemin de la ligne vers son objet (mêmes valeurs que `ObjetPartage`).
    """
    finance = utilisateur.perimetre.seul(Role.ARS)
    if not finance.affectes:
        return Q(pk__in=[])
    quoi: Any = objet if isinstance(objet, ObjetPartage) else OuterRef(objet)
    ouverts = PartageRisques.objects.en_vigueur().filter(objet=quoi)
    vus = Parcours.objects.visibles_par(utilisateur).order_by().values("pk")
    grappes = Grappe.objects.visibles_par(utilisateur).order_by().values("pk")
    d_esms = ouverts.filter(parcours=OuterRef(parcours))
    de_grappe = ouverts.filter(grappe=OuterRef(grappe), parcours__isnull=True)
    return Q(**{f"{parcours}__in": vus}) & Q(Exists(d_esms)) | Q(
        **{f"{parcours}__isnull": True, f"{grappe}__in": grappes}
    ) & Q(Exists(de_grappe))


class PartageRisquesQuerySet(PartageQuerySet):
    """Partages."""

    def visibles_par(self, utilisateur: Any) -> "PartageRisquesQuerySet":
        """Ceux d'un ESMS ou d'une grappe dont il est, et ceux qui lui sont ouverts."""
        vus = Q(parcours__in=Parcours.objects.visibles_par(utilisateur).order_by().values("pk"))
        grappes = Grappe.objects.visibles_par(utilisateur).order_by().values("pk")
        de_loin = (vus | Q(parcours__isnull=True, grappe__in=grappes)) & self.courent()
        return self.filter(confiees(utilisateur, "parcours", "grappe") | de_loin)


class PartageRisques(PartageFinanceur):
    """Un ESMS, ou une grappe pour ce qui la concerne toute, ouvre au financeur une part de ce qu'il évalue.

    Volontaire, daté, révocable ; sans lui, personne ne répondrait vrai.
    """

    grappe = models.ForeignKey(Grappe, models.PROTECT, related_name="partages_risques")
    parcours = models.ForeignKey(
        Parcours, models.PROTECT, null=True, blank=True, related_name="partages_risques", verbose_name="ESMS"
    )
    objet = models.CharField("ce qui est ouvert", max_length=16, choices=ObjetPartage.choices)

    objects = PartageRisquesQuerySet.as_manager()

    class Meta(PartageFinanceur.Meta):
        abstract = False
        verbose_name = "partage avec le financeur"
        verbose_name_plural = "partages avec le financeur"
        constraints = [
            models.CheckConstraint(condition=Q(objet__in=ObjetPartage.values), name="partage_objet_connu"),
            models.CheckConstraint(
                condition=Q(au__isnull=True) | Q(au__gte=F("du")),
                name="partage_dates",
                violation_error_message="La fin du partage précède son début : corrigez l'une des deux dates.",
            ),
        ]
        indexes = [models.Index(fields=["parcours", "objet"], name="partage_parcours")]

    def __str__(self) -> str:
        return f"{self.get_objet_display()}, {self.parcours or self.grappe}"

    @property
    def rattache_a(self) -> Parcours | Grappe:
        """Ce qui dit son périmètre."""
        return self.parcours or self.grappe
