"""Vues enregistrées d'une liste, ou de la page d'un objet."""

from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse

from programme.socle.champs import TexteCourtField
from programme.socle.enums import Partage


class FiltreQuerySet(models.QuerySet):
    """Vues enregistrées."""

    def visibles_par(self, utilisateur: Any) -> "FiltreQuerySet":
        """Les siennes, celles de son rôle, des grappes et OG dont on est ; l'administrateur n'y peut rien."""
        roles = ("", *utilisateur.perimetre.roles)
        siennes = models.Q(par=utilisateur) | models.Q(partage=Partage.ROLE, role__in=roles[1:])
        if utilisateur.perimetre.est_de_loin:
            return self.filter(siennes)
        en_grappe = models.Q(models.Exists(self._de_pres("grappe", utilisateur)), role__in=roles)
        en_og = models.Q(models.Exists(self._de_pres("og", utilisateur)), partage=Partage.OG)
        return self.filter(siennes | models.Q(partage=Partage.GRAPPE) & en_grappe | en_og)

    def _de_pres(self, champ: str, utilisateur: Any) -> Any:
        modele: Any = self.model._meta.get_field(champ).related_model
        return modele.objects.de_pres(utilisateur).filter(pk=models.OuterRef(champ))


class Filtre(models.Model):
    """Une vue enregistrée d'une liste, ou de la page d'un objet : ses réglages, pour soi, une grappe, un OG ou un rôle.

    `liste` : nom de route de la liste, ou de la page ; `objet` : la clé de ce que la page montre, vide pour une liste.
    `criteres` : paramètres d'adresse, nom → valeurs. Une vue ne donne aucun droit : chacun n'y lit que ce qu'il voit.
    `est_defaut` : celle que la liste ouvre à qui elle s'adresse ; une page n'en a pas.
    """

    liste = models.CharField("liste", max_length=80)
    objet = models.CharField("objet de la page", max_length=40, blank=True, default="")
    nom = TexteCourtField("nom", max_length=80)
    criteres = models.JSONField("critères", default=dict)
    par = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="filtres", verbose_name="par")
    partage = models.CharField("partage", max_length=8, choices=Partage.choices, default=Partage.MOI)
    grappe = models.ForeignKey("programme.Grappe", models.CASCADE, null=True, blank=True, related_name="filtres")
    og = models.ForeignKey(
        "programme.OrganismeGestionnaire",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="filtres",
        verbose_name="OG",
    )
    role = models.CharField("rôle", max_length=20, blank=True)
    est_defaut = models.BooleanField("ouverte par défaut", default=False)
    modifie_le = models.DateTimeField("modifiée le", auto_now=True)

    objects = FiltreQuerySet.as_manager()

    class Meta:
        verbose_name = "vue enregistrée"
        verbose_name_plural = "vues enregistrées"
        ordering = ["nom", "pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(partage__in=Partage.values), name="filtre_partage_connu"),
            models.CheckConstraint(
                condition=models.Q(partage=Partage.MOI, grappe__isnull=True, og__isnull=True, role="")
                | models.Q(partage=Partage.GRAPPE, grappe__isnull=False, og__isnull=True)
                | models.Q(partage=Partage.OG, og__isnull=False, grappe__isnull=True, role="")
                | (models.Q(partage=Partage.ROLE, grappe__isnull=True, og__isnull=True) & ~models.Q(role="")),
                name="filtre_a_qui",
            ),
            models.UniqueConstraint(
                fields=["liste", "par"],
                condition=models.Q(partage=Partage.MOI, est_defaut=True),
                name="filtre_defaut_de_moi",
            ),
            models.UniqueConstraint(
                fields=["liste", "grappe", "role"],
                condition=models.Q(partage=Partage.GRAPPE, est_defaut=True),
                name="filtre_defaut_de_grappe",
            ),
            models.UniqueConstraint(
                fields=["liste", "og"],
                condition=models.Q(partage=Partage.OG, est_defaut=True),
                name="filtre_defaut_d_og",
            ),
            models.UniqueConstraint(
                fields=["liste", "role"],
                condition=models.Q(partage=Partage.ROLE, est_defaut=True),
                name="filtre_defaut_de_role",
            ),
        ]

    criteres_lus: dict[str, list[str]]
    """Ses critères, moins les objets que le lecteur ne voit pas : posé par `vues.lire_criteres`."""

    def __str__(self) -> str:
        return self.nom

    @property
    def page(self) -> str:
        """La liste, ou la page, sans réglage."""
        return reverse(self.liste, args=[self.objet] if self.objet else [])

    @property
    def adresse(self) -> str:
        """De quoi l'ouvrir."""
        return f"{self.page}?vue={self.pk}"
