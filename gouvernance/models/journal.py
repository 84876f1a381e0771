"""Le journal du projet : ce qu'on raconte, à qui, et la page ouverte aux personnes accompagnées (metier §4)."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from gouvernance.enums import Public
from gouvernance.models.instances import Instance, conduit_ou_administre
from programme.enums import Role
from programme.models import Grappe, Parcours
from programme.socle.champs import TexteCourtField, TexteLibreField


class EntreeQuerySet(models.QuerySet):
    """Entrées du journal du projet."""

    def visibles_par(self, utilisateur: Any) -> "EntreeQuerySet":
        """Celles qu'il écrit ou conduit, et celles publiées à un public dont il est, dans ce qu'il voit."""
        p = utilisateur.perimetre
        vus = Parcours.objects.visibles_par(utilisateur).order_by().values("pk")
        grappes = Grappe.objects.visibles_par(utilisateur).order_by().values("pk")
        ici = Q(parcours__in=vus) | Q(parcours__isnull=True, grappe__in=grappes)
        publiees = Publication.objects.en_cours().filter(entree=OuterRef("pk"), public__in=_publics_de(utilisateur))
        diriges = Q(parcours__esms__in=p.seul(Role.DIRECTEUR).esms)
        return self.filter(
            conduit_ou_administre(utilisateur, "grappe")
            | diriges
            | Q(auteur=utilisateur) & ici
            | ici & Exists(publiees)
        )

    def publiees_pour(self, public: str) -> "EntreeQuerySet":
        """Celles qu'on a publiées à ce public, et pas retirées."""
        return self.filter(Exists(Publication.objects.en_cours().filter(entree=OuterRef("pk"), public=public)))

    def pour_lecture(self) -> "EntreeQuerySet":
        """Avec ce que toute ligne nomme."""
        return self.select_related("grappe", "parcours__esms__departement", "parcours__grappe", "auteur")


def _publics_de(utilisateur: Any) -> list[str]:
    """Les publics dont un compte est, d'après ses rôles."""
    p, publics = utilisateur.perimetre, [Public.PERSONNES]
    if p.sauf(Role.ARS).affectes:
        publics.append(Public.EQUIPES)
    if any(p.tient(role) for role in (Role.DIRECTEUR, Role.SIEGE)):
        publics.append(Public.DIRECTIONS)
    if p.tient(Role.ARS):
        publics.append(Public.FINANCEUR)
    if p.tient(Role.MEMBRE) or Instance.objects.suivies_par(utilisateur).exists():
        publics.append(Public.INSTANCES)
    return [str(public) for public in publics]


class Entree(models.Model):
    """Une entrée du journal du projet : une date, un titre, quelques lignes. Sans `parcours`, elle est de la grappe."""

    grappe = models.ForeignKey(Grappe, models.PROTECT, related_name="entrees")
    parcours = models.ForeignKey(
        Parcours, models.PROTECT, null=True, blank=True, related_name="entrees", verbose_name="ESMS"
    )
    le = models.DateField("le", default=timezone.localdate)
    titre = TexteCourtField("titre", max_length=120)
    texte = TexteLibreField("texte", max_length=2000, blank=False)
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="entrees", verbose_name="écrite par"
    )
    ecrite_le = models.DateTimeField("écrite le", default=timezone.now, editable=False)

    objects = EntreeQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "entrée du journal"
        verbose_name_plural = "entrées du journal"
        ordering = ["-le", "-pk"]
        indexes = [models.Index(fields=["grappe", "parcours", "le"], name="entree_grappe")]

    def __str__(self) -> str:
        return self.titre

    @property
    def rattache_a(self) -> Parcours | Grappe:
        """Ce qui dit son périmètre."""
        return self.parcours or self.grappe


class PublicationQuerySet(models.QuerySet):
    """Publications."""

    def en_cours(self) -> "PublicationQuerySet":
        """Pas retirées."""
        return self.filter(retiree_le__isnull=True)


class Publication(models.Model):
    """Une entrée, publiée à un public ; retirée, elle garde qui et quand."""

    entree = models.ForeignKey(Entree, models.CASCADE, related_name="publications", verbose_name="entrée")
    public = models.CharField("public", max_length=12, choices=Public.choices)
    publiee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="publiée par"
    )
    publiee_le = models.DateTimeField("publiée le", default=timezone.now, editable=False)
    retiree_le = models.DateTimeField("retirée le", null=True, blank=True)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = "publication"
        ordering = ["entree", "public", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(public__in=Public.values), name="publication_public_connu"),
            models.UniqueConstraint(
                fields=["entree", "public"], condition=Q(retiree_le__isnull=True), name="publication_unique"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entree}, {self.get_public_display().lower()}"


class PageOuverteQuerySet(models.QuerySet):
    """Pages ouvertes sans compte."""

    def ouvertes(self) -> "PageOuverteQuerySet":
        """Pas fermées."""
        return self.filter(fermee_le__isnull=True)


class PageOuverte(models.Model):
    """La page des personnes accompagnées et de leurs proches : sans compte, éteinte par défaut, son lien se révoque.

    Sans `parcours`, elle est celle de la grappe. Rouvrir donne un autre lien.
    """

    grappe = models.ForeignKey(Grappe, models.PROTECT, related_name="pages_ouvertes")
    parcours = models.ForeignKey(
        Parcours, models.PROTECT, null=True, blank=True, related_name="pages_ouvertes", verbose_name="ESMS"
    )
    jeton = models.UUIDField("jeton", default=uuid.uuid4, unique=True, editable=False)
    presentation = TexteLibreField("en quelques mots simples", max_length=600)
    contact = TexteCourtField("à qui poser une question", max_length=160, blank=True)
    ouverte_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="ouverte par"
    )
    ouverte_le = models.DateTimeField("ouverte le", default=timezone.now, editable=False)
    fermee_le = models.DateTimeField("fermée le", null=True, blank=True, editable=False)

    objects = PageOuverteQuerySet.as_manager()

    class Meta:
        verbose_name = "page ouverte"
        verbose_name_plural = "pages ouvertes"
        ordering = ["-ouverte_le", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["parcours"], condition=Q(fermee_le__isnull=True), name="page_ouverte_une_par_esms"
            ),
            models.UniqueConstraint(
                fields=["grappe"],
                condition=Q(fermee_le__isnull=True, parcours__isnull=True),
                name="page_ouverte_une_par_grappe",
            ),
        ]

    def __str__(self) -> str:
        return f"page ouverte, {self.parcours or self.grappe}"

    @property
    def rattache_a(self) -> Parcours | Grappe:
        """Ce qui dit son périmètre."""
        return self.parcours or self.grappe
