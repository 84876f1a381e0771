"""La carte « à qui m'adresser » : un interlocuteur nommé par sujet, pour une grappe, un OG ou un ESMS."""

from typing import Any

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from programme.enums import Sujet
from programme.models.annuaire import Esms, OrganismeGestionnaire
from programme.models.grappes import Grappe
from programme.socle.champs import TexteCourtField, TexteLibreField

_CIBLES = ("grappe", "og", "esms")


def _une_cible(nom: str) -> Q:
    return Q(**{f"{autre}__isnull": autre != nom for autre in _CIBLES})


class Interlocuteur(models.Model):
    """À qui s'adresser pour un sujet. Celui de l'ESMS passe avant celui de l'OG, puis celui de la grappe.

    Des coordonnées professionnelles seulement : une fonction, un nom, un numéro de service.
    """

    sujet = models.CharField("sujet", max_length=20, choices=Sujet.choices)
    grappe = models.ForeignKey(Grappe, models.CASCADE, null=True, blank=True, related_name="interlocuteurs")
    og = models.ForeignKey(
        OrganismeGestionnaire, models.CASCADE, null=True, blank=True, related_name="interlocuteurs", verbose_name="OG"
    )
    esms = models.ForeignKey(
        Esms, models.CASCADE, null=True, blank=True, related_name="interlocuteurs", verbose_name="ESMS"
    )
    nom = TexteCourtField("nom ou service", max_length=120)
    fonction = TexteCourtField("fonction", max_length=120, blank=True)
    telephone = TexteCourtField("téléphone professionnel", max_length=30, blank=True)
    courriel = models.EmailField("courriel professionnel", blank=True)
    precision = TexteLibreField("quand et comment le joindre", max_length=200)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "interlocuteur"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=_une_cible("grappe") | _une_cible("og") | _une_cible("esms"), name="interlocuteur_une_cible"
            ),
            models.UniqueConstraint(fields=["sujet", "grappe"], name="interlocuteur_grappe"),
            models.UniqueConstraint(fields=["sujet", "og"], name="interlocuteur_og"),
            models.UniqueConstraint(fields=["sujet", "esms"], name="interlocuteur_esms"),
        ]

    def __str__(self) -> str:
        return f"{self.get_sujet_display()} : {self.nom}"

    @property
    def cible(self) -> Any:
        """La grappe, l'OG ou l'ESMS pour qui cette personne répond."""
        return self.esms or self.og or self.grappe
