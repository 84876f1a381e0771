"""Ce qu'un retour est devenu ailleurs : une action, un risque, une demande, un verbatim…"""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils import timezone

from usages.enums import NatureSuite
from usages.models.retours import Retour


class SuiteDeRetour(models.Model):
    """Ce qu'un retour est devenu ailleurs dans Treille : l'objet créé, et qui l'a fait."""

    retour = models.ForeignKey(Retour, models.PROTECT, related_name="suites")
    nature = models.CharField("nature", max_length=14, choices=NatureSuite.choices)
    objet_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    objet_id = models.PositiveBigIntegerField()
    objet = GenericForeignKey("objet_type", "objet_id")
    faite_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    faite_le = models.DateField("faite le", default=timezone.localdate, editable=False)

    class Meta:
        verbose_name = "suite d'un retour"
        verbose_name_plural = "suites des retours"
        ordering = ["faite_le", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(nature__in=NatureSuite.values), name="suite_de_retour_nature_connue"),
            models.UniqueConstraint(fields=["retour", "objet_type", "objet_id"], name="suite_de_retour_unique"),
        ]
        indexes = [models.Index(fields=["objet_type", "objet_id"], name="suite_de_retour_objet")]

    def __str__(self) -> str:
        return str(NatureSuite(self.nature).label)
