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
        """Celles qu'il tient ou a écrites, et celles publiées à un public dont il est là où elles s'adressent."""
        ici = _chez(
            Parcours.objects.visibles_par(utilisateur).order_by().values("pk"),
            Grappe.objects.visibles_par(utilisateur).order_by().values("pk"),
        )
        return self.filter(tenues_par(utilisateur) | ici & (Q(auteur=utilisateur) | _adressees_a(utilisateur)))

    def publiees_pour(self, public: str) -> "EntreeQuerySet":
        """Celles qu'on a publiées à ce public, et pas retirées."""
        return self.filter(Exists(Publication.objects.en_cours().filter(entree=OuterRef("pk"), public=public)))

    def pour_lecture(self) -> "EntreeQuerySet":
        """Avec ce que toute ligne nomme."""
        return self.select_related("grappe", "parcours__esms__departement", "parcours__grappe", "auteur")


def tenues_par(utilisateur: Any) -> Q:
    """Les entrées qu'il peut écrire ou publier (`peut_tenir_journal`), et toutes pour qui administre."""
    p = utilisateur.perimetre
    diriges = p.seul(Role.DIRECTEUR).esms | p.seul(Role.REFERENT).esms
    return (
        conduit_ou_administre(utilisateur, "grappe")
        | Q(parcours__esms__in=diriges)
        | Q(parcours__esms__og__in=p.seul(Role.SIEGE).ogs)
    )


def _chez(parcours: models.QuerySet, grappes: models.QuerySet) -> Q:
    """Les entrées de ces ESMS, et celles de toute la grappe dans ces grappes."""
    return Q(parcours__in=parcours) | Q(parcours__isnull=True, grappe__in=grappes)


def _publiees(public: str) -> Exists:
    return Exists(Publication.objects.en_cours().filter(entree=OuterRef("pk"), public=public))


def _adressees_a(utilisateur: Any) -> Q:
    """Celles publiées à un public dont il est *là* : diriger ici n'ouvre pas ce qui s'adresse aux directions ailleurs.

    Ce qu'on dit aux personnes accompagnées est à tous ; ce qu'on dit au financeur, à qui l'est quelque part.
    """
    p, engages = utilisateur.perimetre, Parcours.objects.dans_le_projet().order_by()
    lisibles = Parcours.objects.lisibles_par(utilisateur).order_by()
    confie, dirige, siege = p.sauf(Role.ARS), p.seul(Role.DIRECTEUR).esms, p.seul(Role.SIEGE).ogs
    dirigees = Q(esms__in=dirige) | Q(esms__og__in=siege)
    proches = Grappe.objects.filter(
        Q(pk__in=confie.grappes) | Q(region__in=confie.regions) | Q(pk__in=lisibles.values("grappe"))
    )
    suivies = Instance.objects.suivies_par(utilisateur).order_by().values("grappe")
    q = Q(_publiees(Public.PERSONNES))
    q |= _chez(lisibles.values("pk"), proches.order_by().values("pk")) & Q(_publiees(Public.EQUIPES))
    if dirige or siege:
        ou = _chez(engages.filter(dirigees).values("pk"), engages.filter(dirigees).values("grappe"))
        q |= ou & Q(_publiees(Public.DIRECTIONS))
    if p.tient(Role.ARS):
        q |= Q(_publiees(Public.FINANCEUR))
    siegent = Q(grappe__in=p.seul(Role.MEMBRE).grappes) | Q(grappe__in=suivies)
    return q | siegent & Q(_publiees(Public.INSTANCES))


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
