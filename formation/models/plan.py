"""Le plan de formation d'une grappe : ses modules, à qui ils s'adressent, ce qu'un ESMS en fait, qui les anime."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from formation.enums import Modalite, NatureFormation
from formation.models.communs import touchent
from programme.models import Grappe, Metier, Module, OrganismeGestionnaire, Parcours
from programme.socle.champs import TexteCourtField, TexteLibreField

SEUIL_COUVERTURE = 80
SEUIL_SATISFACTION = 60
SEUIL_ACQUIS = 60
DELAI_ARRIVANT = 30
DELAI_A_FROID = 42
"""Valeurs du produit, réglables par grappe : quatre sur cinq formés ; trois sur cinq satisfaits ou sûrs de leur
acquis ; un mois pour former un arrivant ; six semaines avant l'avis à froid."""


class PlanFormation(models.Model):
    """Les seuils et les délais d'une grappe, en pour cent et en jours. Sans ligne, ceux du produit."""

    grappe = models.OneToOneField(Grappe, models.CASCADE, related_name="plan_formation")
    seuil_couverture = models.PositiveSmallIntegerField(
        "couverture demandée pour ouvrir, en %", default=SEUIL_COUVERTURE
    )
    seuil_satisfaction = models.PositiveSmallIntegerField("satisfaction attendue, en %", default=SEUIL_SATISFACTION)
    seuil_acquis = models.PositiveSmallIntegerField("acquis attendu, en %", default=SEUIL_ACQUIS)
    delai_arrivant = models.PositiveSmallIntegerField("délai pour former un arrivant, en jours", default=DELAI_ARRIVANT)
    delai_a_froid = models.PositiveSmallIntegerField("avis à froid après, en jours", default=DELAI_A_FROID)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "plan de formation"
        verbose_name_plural = "plans de formation"
        constraints = [
            models.CheckConstraint(
                condition=Q(seuil_couverture__lte=100, seuil_satisfaction__lte=100, seuil_acquis__lte=100),
                name="plan_seuils",
                violation_error_message="Un seuil est une part : entre 0 et 100.",
            )
        ]

    def __str__(self) -> str:
        return f"plan de formation, {self.grappe}"

    @property
    def rattache_a(self) -> Grappe:
        """Ce qui dit son périmètre."""
        return self.grappe


class ModuleFormationQuerySet(models.QuerySet):
    """Modules de formation."""

    def visibles_par(self, utilisateur: Any) -> "ModuleFormationQuerySet":
        """Ceux des grappes dont il est, ou dont il lit un ESMS ; pas le financeur."""
        lisibles = Parcours.objects.lisibles_par(utilisateur).dans_le_projet().order_by().values("grappe")
        siennes = Grappe.objects.de_pres(utilisateur).order_by().values("pk")
        return self.filter(Q(grappe__in=lisibles) | Q(grappe__in=siennes))

    def en_vigueur(self) -> "ModuleFormationQuerySet":
        """Pas retirés du plan."""
        return self.filter(retire_le__isnull=True)

    def du_socle(self) -> "ModuleFormationQuerySet":
        """En vigueur, et que tout leur public doit avoir suivis : ce que mesure la couverture."""
        return self.en_vigueur().filter(est_socle=True)


class ModuleFormation(models.Model):
    """Un module du plan de formation. `publics` : les métiers à qui il s'adresse ; vide, tout le monde.

    `modules` : ceux du DUI qu'il enseigne ; vide, tous. `duree_minutes` : pour une personne. `validite_mois` : au-delà,
    il faut y revenir ; nul, l'acquis ne passe pas. `est_socle` : il compte dans la couverture.
    """

    grappe = models.ForeignKey(Grappe, models.PROTECT, related_name="modules_formation")
    code = models.SlugField("code", max_length=40)
    nom = TexteCourtField("nom", max_length=120)
    nature = models.CharField("nature", max_length=16, choices=NatureFormation.choices, default=NatureFormation.DUI)
    modalite = models.CharField("modalité", max_length=12, choices=Modalite.choices, default=Modalite.INTERNE)
    objectif = TexteLibreField("à la fin, on sait", max_length=600)
    duree_minutes = models.PositiveSmallIntegerField("durée, en minutes", default=180)
    est_socle = models.BooleanField("au socle : tout son public le suit", default=True)
    validite_mois = models.PositiveSmallIntegerField("à refaire après, en mois", null=True, blank=True)
    places_par_session = models.PositiveSmallIntegerField("places par session", default=10)
    publics = models.ManyToManyField(Metier, related_name="modules_formation", blank=True, verbose_name="publics")
    modules = models.ManyToManyField(
        Module, related_name="modules_formation", blank=True, verbose_name="modules du DUI enseignés"
    )
    ordre = models.PositiveSmallIntegerField("ordre", default=0)
    retire_le = models.DateField("retiré du plan le", null=True, blank=True, editable=False)

    objects = ModuleFormationQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "module de formation"
        verbose_name_plural = "modules de formation"
        ordering = ["ordre", "nom", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(nature__in=NatureFormation.values), name="moduleformation_nature"),
            models.CheckConstraint(condition=Q(modalite__in=Modalite.values), name="moduleformation_modalite"),
            models.CheckConstraint(
                condition=Q(duree_minutes__gt=0, places_par_session__gt=0),
                name="moduleformation_nombres",
                violation_error_message="Une durée et un nombre de places sont au moins de 1.",
            ),
            models.UniqueConstraint(
                fields=["grappe", "code"],
                name="moduleformation_code_unique",
                violation_error_message="Un module de formation de cette grappe porte déjà ce code.",
            ),
        ]

    def __str__(self) -> str:
        return self.nom

    @property
    def rattache_a(self) -> Grappe:
        """Ce qui dit son périmètre."""
        return self.grappe


class DeclinaisonQuerySet(models.QuerySet):
    """Déclinaisons."""

    def visibles_par(self, utilisateur: Any) -> "DeclinaisonQuerySet":
        """Celles des ESMS dont il lit la préparation."""
        return self.filter(parcours__in=Parcours.objects.lisibles_par(utilisateur).order_by().values("pk"))


class Declinaison(models.Model):
    """Ce qu'un ESMS change au plan de la grappe pour un module : sans objet (motif), autre modalité, date visée."""

    module = models.ForeignKey(ModuleFormation, models.CASCADE, related_name="declinaisons")
    parcours = models.ForeignKey(Parcours, models.CASCADE, related_name="declinaisons", verbose_name="ESMS")
    sans_objet = models.BooleanField("sans objet ici", default=False)
    motif = TexteCourtField("pourquoi", max_length=200, blank=True)
    modalite = models.CharField("modalité ici", max_length=12, choices=Modalite.choices, blank=True)
    date_visee = models.DateField("à finir avant le", null=True, blank=True)

    objects = DeclinaisonQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "déclinaison du plan"
        verbose_name_plural = "déclinaisons du plan"
        ordering = ["parcours", "module__ordre", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["module", "parcours"], name="declinaison_unique"),
            models.CheckConstraint(
                condition=Q(sans_objet=False) | ~Q(motif=""),
                name="declinaison_motif",
                violation_error_message="Dites pourquoi ce module est sans objet ici.",
            ),
            models.CheckConstraint(
                condition=Q(modalite="") | Q(modalite__in=Modalite.values), name="declinaison_modalite"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.module}, {self.parcours}"

    @property
    def rattache_a(self) -> Parcours:
        """Ce qui dit son périmètre."""
        return self.parcours


class FormateurQuerySet(models.QuerySet):
    """Formateurs."""

    def visibles_par(self, utilisateur: Any) -> "FormateurQuerySet":
        """Ceux des grappes dont il est ; un formateur rattaché à un ESMS, à qui lit cet ESMS ou sa grappe."""
        return self.filter(touchent(utilisateur))


class Formateur(models.Model):
    """Qui anime : une fonction plutôt qu'un nom (« référente DUI du pôle enfance »), et son temps, en heures.

    Interne, il est d'un organisme de la grappe ; sinon `organisme` dit de quelle entreprise.
    """

    grappe = models.ForeignKey(Grappe, models.PROTECT, related_name="formateurs")
    parcours = models.ForeignKey(
        Parcours, models.PROTECT, null=True, blank=True, related_name="formateurs", verbose_name="ESMS"
    )
    fonction = TexteCourtField("fonction", max_length=120)
    og = models.ForeignKey(
        OrganismeGestionnaire, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="organisme"
    )
    organisme = TexteCourtField("entreprise, s'il est extérieur", max_length=120, blank=True)
    heures_prevues = models.PositiveSmallIntegerField("temps prévu, en heures", null=True, blank=True)
    heures_accordees = models.PositiveSmallIntegerField("temps accordé, en heures", null=True, blank=True)
    modules = models.ManyToManyField(ModuleFormation, related_name="formateurs", blank=True, verbose_name="anime")
    cree_le = models.DateTimeField("créé le", default=timezone.now, editable=False)

    objects = FormateurQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "formateur"
        ordering = ["fonction", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["grappe", "fonction"],
                name="formateur_unique",
                violation_error_message="Un formateur de cette grappe porte déjà cette fonction.",
            )
        ]

    def __str__(self) -> str:
        return self.fonction

    @property
    def rattache_a(self) -> Parcours | Grappe:
        """Ce qui dit son périmètre."""
        return self.parcours or self.grappe
