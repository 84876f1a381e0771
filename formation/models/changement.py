"""Le plan de changement sur quatre leviers : l'annonce, les actions, les objectifs de départ, le bilan (ANAP 2)."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from formation.enums import Levier, MesureObjectif, PublicVise
from formation.models.communs import touchent
from programme.models import Action, Grappe, Parcours
from programme.socle.champs import TexteCourtField, TexteLibreField


class MesureChangementQuerySet(models.QuerySet):
    """Actions du plan de changement."""

    def visibles_par(self, utilisateur: Any) -> "MesureChangementQuerySet":
        """Celles des ESMS dont il lit la préparation, et de la grappe dont il est ; pas le financeur."""
        return self.filter(touchent(utilisateur, "action__parcours", "action__grappe"))

    def pour_lecture(self) -> "MesureChangementQuerySet":
        """Avec ce que toute ligne nomme."""
        return self.select_related("action__grappe", "action__parcours__esms", "action__responsable")


class MesureChangement(models.Model):
    """Une action du plan de changement : son levier, son public. Qui, pour quand, où elle en est : l'action le dit."""

    action = models.OneToOneField(Action, models.CASCADE, related_name="mesure_changement")
    levier = models.CharField("levier", max_length=14, choices=Levier.choices)
    public = models.CharField("public", max_length=14, choices=PublicVise.choices, default=PublicVise.EQUIPES)

    objects = MesureChangementQuerySet.as_manager()

    class Meta:
        verbose_name = "action du plan de changement"
        verbose_name_plural = "actions du plan de changement"
        ordering = ["levier", "action__echeance", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(levier__in=Levier.values), name="mesure_levier_connu"),
            models.CheckConstraint(condition=Q(public__in=PublicVise.values), name="mesure_public_connu"),
        ]

    def __str__(self) -> str:
        return str(self.action)

    @property
    def rattache_a(self) -> Parcours | Grappe:
        """Ce qui dit son périmètre."""
        return self.action.cible


class AnnonceQuerySet(models.QuerySet):
    """Annonces."""

    def visibles_par(self, utilisateur: Any) -> "AnnonceQuerySet":
        """Celles des ESMS dont il lit la préparation."""
        return self.filter(parcours__in=Parcours.objects.lisibles_par(utilisateur).order_by().values("pk"))


class Annonce(models.Model):
    """L'annonce du projet aux équipes, en trois temps : le contexte, l'ambition, la démarche (ANAP 2).

    Tenue, elle donne sa date au fait « annonce » que demande le cadrage.
    """

    parcours = models.OneToOneField(Parcours, models.CASCADE, related_name="annonce", verbose_name="ESMS")
    contexte = TexteLibreField("1. Pourquoi maintenant", max_length=1000)
    ambition = TexteLibreField("2. Ce qui va changer, et ce qui ne changera pas", max_length=1000)
    demarche = TexteLibreField("3. Comment on s'y prend, et la place de vos idées", max_length=1000)
    lieu = TexteCourtField("où", max_length=120, blank=True)
    date_prevue = models.DateField("prévue le", null=True, blank=True)
    date_tenue = models.DateField("tenue le", null=True, blank=True)
    version = models.PositiveIntegerField("version", default=0, editable=False)

    objects = AnnonceQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["version"])

    class Meta:
        verbose_name = "annonce du projet"
        verbose_name_plural = "annonces du projet"

    def __str__(self) -> str:
        return f"annonce, {self.parcours}"

    @property
    def rattache_a(self) -> Parcours:
        """Ce qui dit son périmètre."""
        return self.parcours


class ObjectifQuerySet(models.QuerySet):
    """Objectifs de départ."""

    def visibles_par(self, utilisateur: Any) -> "ObjectifQuerySet":
        """Ceux des ESMS dont il lit la préparation, et de la grappe dont il est ; pas le financeur."""
        return self.filter(touchent(utilisateur))


class Objectif(models.Model):
    """Un objectif de départ, et le fait qui dira s'il est atteint. `part_visee` : en %, quand un fait le mesure.

    `resultat` : ce que dit l'équipe, quand rien dans Treille ne le mesure, ou pour l'éclairer.
    """

    grappe = models.ForeignKey(Grappe, models.PROTECT, related_name="objectifs")
    parcours = models.ForeignKey(
        Parcours, models.PROTECT, null=True, blank=True, related_name="objectifs", verbose_name="ESMS"
    )
    intitule = TexteCourtField("objectif", max_length=200)
    mesure = models.CharField(
        "mesuré par", max_length=14, choices=MesureObjectif.choices, default=MesureObjectif.A_DIRE
    )
    part_visee = models.PositiveSmallIntegerField("part visée, en %", null=True, blank=True)
    resultat = TexteLibreField("ce qu'on en dit", max_length=600)
    ordre = models.PositiveSmallIntegerField("ordre", default=0)
    pose_le = models.DateField("posé le", default=timezone.localdate)

    objects = ObjectifQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "objectif de départ"
        verbose_name_plural = "objectifs de départ"
        ordering = ["ordre", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(mesure__in=MesureObjectif.values), name="objectif_mesure_connue"),
            models.CheckConstraint(
                condition=Q(part_visee__isnull=True) | Q(part_visee__lte=100),
                name="objectif_part_visee",
                violation_error_message="Une part visée va de 0 à 100.",
            ),
        ]

    def __str__(self) -> str:
        return self.intitule

    @property
    def rattache_a(self) -> Parcours | Grappe:
        """Ce qui dit son périmètre."""
        return self.parcours or self.grappe


class BilanChangementQuerySet(models.QuerySet):
    """Bilans."""

    def visibles_par(self, utilisateur: Any) -> "BilanChangementQuerySet":
        """Ceux des ESMS dont il lit la préparation."""
        return self.filter(parcours__in=Parcours.objects.lisibles_par(utilisateur).order_by().values("pk"))


class BilanChangement(models.Model):
    """Le bilan au regard des objectifs de départ, arrêté et figé : `contenu` garde les chiffres de ce jour-là.

    Arrêté, il donne sa date au fait « bilan » que demande la routine.
    """

    parcours = models.ForeignKey(Parcours, models.PROTECT, related_name="bilans", verbose_name="ESMS")
    texte = TexteLibreField("ce qu'on retient", max_length=2000)
    contenu = models.JSONField("chiffres du jour", default=dict)
    empreinte = models.CharField("empreinte", max_length=64)
    arrete_le = models.DateField("arrêté le", default=timezone.localdate)
    arrete_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="arrêté par"
    )

    objects = BilanChangementQuerySet.as_manager()

    class Meta:
        verbose_name = "bilan du changement"
        verbose_name_plural = "bilans du changement"
        ordering = ["-arrete_le", "-pk"]

    def __str__(self) -> str:
        return f"bilan du {self.arrete_le:%d/%m/%Y}, {self.parcours}"

    @property
    def rattache_a(self) -> Parcours:
        """Ce qui dit son périmètre."""
        return self.parcours
