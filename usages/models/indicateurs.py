"""Le catalogue des indicateurs : des données, jamais des constantes du produit (metier §8)."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from programme.models import Categorie, Grappe, VersionInstruction
from programme.socle.champs import TexteCourtField, TexteLibreField
from programme.socle.recherche import mots_contenus
from programme.socle.texte import normaliser
from usages.calculs.surveillance import pourquoi_pas
from usages.enums import CadenceReleve, Denominateur, Famille, Forme, Origine, Sens


class IndicateurQuerySet(models.QuerySet):
    """Indicateurs."""

    def visibles_par(self, utilisateur: Any) -> "IndicateurQuerySet":
        """Le catalogue est ouvert à tout connecté : une définition n'est le secret de personne."""
        return self if utilisateur.is_authenticated else self.none()

    def en_vigueur(self, au: date) -> "IndicateurQuerySet":
        """Pas encore retirés à cette date."""
        return self.filter(Q(retire_le__isnull=True) | Q(retire_le__gt=au))

    def chercher(self, texte: str) -> "IndicateurQuerySet":
        """Ceux dont le nom ou le code portent tous les mots, accents ignorés."""
        return self.filter(mots_contenus("tri", texte))


class Indicateur(models.Model):
    """Ce qu'on mesure, à qui cela sert, et comment.

    `calcul` : le code de ce qui le calcule, au registre du socle ; vide, il se saisit ou s'importe.
    `denominateur_commun` : l'indicateur dont la valeur sert de dénominateur, pour ne le demander qu'une fois.
    `parts` : le nom de chaque part d'une répartition, par code, dans l'ordre où on les lit.
    `seuil_chute` : part perdue d'un relevé au suivant (0..1) au-delà de laquelle un mot est demandé.
    """

    code = models.SlugField("code", max_length=60, unique=True)
    libelle = TexteCourtField("nom", max_length=160)
    famille = models.CharField("famille", max_length=12, choices=Famille.choices)
    forme = models.CharField("forme", max_length=12, choices=Forme.choices)
    numerateur = TexteCourtField("ce qu'on compte", max_length=240)
    denominateur = TexteCourtField("rapporté à", max_length=240, blank=True)
    population = models.CharField(
        "population de référence", max_length=12, choices=Denominateur.choices, default=Denominateur.AUCUN
    )
    denominateur_commun = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="rapportes", verbose_name="dénominateur partagé"
    )
    fenetre = TexteCourtField("fenêtre", max_length=160, blank=True)
    unite = TexteCourtField("unité", max_length=40, blank=True)
    sens = models.CharField("sens", max_length=8, choices=Sens.choices, default=Sens.NEUTRE)
    cadence = models.CharField("cadence", max_length=10, choices=CadenceReleve.choices, default=CadenceReleve.MOIS)
    origine = models.CharField("origine", max_length=8, choices=Origine.choices)
    calcul = models.SlugField("calcul", max_length=60, blank=True)
    sert_a = TexteCourtField("à qui sert ce chiffre", max_length=240)
    definition = TexteLibreField("définition", max_length=1200)
    source = TexteCourtField("source", max_length=160, blank=True)
    non_concernees = models.ManyToManyField(
        Categorie, blank=True, related_name="indicateurs_non_concernes", verbose_name="catégories non concernées"
    )
    plafonne = models.BooleanField("le numérateur ne dépasse pas le dénominateur", default=False)
    borne_min = models.DecimalField(
        "valeur la plus basse attendue", max_digits=14, decimal_places=2, null=True, blank=True
    )
    borne_max = models.DecimalField(
        "valeur la plus haute attendue", max_digits=14, decimal_places=2, null=True, blank=True
    )
    seuil_chute = models.DecimalField(
        "chute qui demande un mot",
        max_digits=3,
        decimal_places=2,
        default=Decimal("0.30"),
        validators=[MinValueValidator(Decimal("0.01")), MaxValueValidator(Decimal(1))],
    )
    transmis_au_financeur = models.BooleanField("lu par le financeur une fois transmis", default=True)
    est_officiel = models.BooleanField("définition officielle", default=False)
    rang = models.PositiveSmallIntegerField("rang", default=0)
    parts = models.JSONField("noms des parts", default=dict, blank=True)
    retire_le = models.DateField("retiré le", null=True, blank=True)
    tri = models.CharField("tri", max_length=240, editable=False, default="", db_index=True)

    objects = IndicateurQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["tri"])

    class Meta:
        verbose_name = "indicateur"
        ordering = ["famille", "rang", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(famille__in=Famille.values), name="indicateur_famille_connue"),
            models.CheckConstraint(condition=Q(forme__in=Forme.values), name="indicateur_forme_connue"),
            models.CheckConstraint(condition=Q(cadence__in=CadenceReleve.values), name="indicateur_cadence_connue"),
            models.CheckConstraint(
                condition=Q(origine=Origine.CALCULE) & ~Q(calcul="") | ~Q(origine=Origine.CALCULE) & Q(calcul=""),
                name="indicateur_calcul",
                violation_error_message="Un indicateur calculé dit par quoi ; les autres n'ont pas de calcul.",
            ),
            models.CheckConstraint(
                condition=Q(forme=Forme.RAPPORT) & ~Q(denominateur="") | ~Q(forme=Forme.RAPPORT),
                name="indicateur_rapport_rapporte",
                violation_error_message="Un rapport dit à quoi l'on rapporte.",
            ),
            models.CheckConstraint(
                condition=Q(borne_min__isnull=True) | Q(borne_max__isnull=True) | Q(borne_min__lte=F("borne_max")),
                name="indicateur_bornes",
                violation_error_message="La valeur la plus basse dépasse la plus haute.",
            ),
            models.CheckConstraint(
                condition=Q(seuil_chute__gt=0) & Q(seuil_chute__lte=1), name="indicateur_seuil_chute"
            ),
        ]

    def __str__(self) -> str:
        return self.libelle

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Enregistre avec la forme de recherche et de tri à jour."""
        self.tri = self.en_tri()
        super().save(*args, **kwargs)

    def en_tri(self) -> str:
        """La forme de recherche et de tri : le nom, le code, accents ôtés."""
        return normaliser(f"{self.libelle} {self.code}")[:240]

    @property
    def est_un_rapport(self) -> bool:
        """Vrai s'il se lit en pour cent."""
        return self.forme == Forme.RAPPORT

    @property
    def est_saisi(self) -> bool:
        """Vrai s'il se tape : ce que compte le budget de saisie."""
        return self.origine == Origine.SAISI

    @property
    def pourquoi_pas_surveille(self) -> str:
        """Pourquoi aucune règle d'alerte ne s'y pose ; vide s'il se surveille."""
        return pourquoi_pas(code=self.code, calcul=self.calcul, forme=self.forme, sens=self.sens)


class SuiviQuerySet(models.QuerySet):
    """Indicateurs suivis."""

    def visibles_par(self, utilisateur: Any) -> "SuiviQuerySet":
        """Ceux des grappes qu'il voit."""
        return self.filter(grappe__in=Grappe.objects.visibles_par(utilisateur).order_by().values("pk"))

    def a_la_date(self, au: date) -> "SuiviQuerySet":
        """Suivis ce jour-là."""
        return self.filter(depuis__lte=au).filter(Q(jusqu_au__isnull=True) | Q(jusqu_au__gte=au))


class Suivi(models.Model):
    """Une grappe relève cet indicateur, depuis un jour, jusqu'à un autre si elle cesse."""

    grappe = models.ForeignKey(Grappe, models.CASCADE, related_name="suivis")
    indicateur = models.ForeignKey(Indicateur, models.PROTECT, related_name="suivis")
    depuis = models.DateField("depuis")
    jusqu_au = models.DateField("jusqu'au", null=True, blank=True)
    choisi_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="choisi par"
    )

    objects = SuiviQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "indicateur suivi"
        verbose_name_plural = "indicateurs suivis"
        ordering = ["grappe", "indicateur__famille", "indicateur__rang", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["grappe", "indicateur"], condition=Q(jusqu_au__isnull=True), name="suivi_en_cours_unique"
            ),
            models.CheckConstraint(
                condition=Q(jusqu_au__isnull=True) | Q(jusqu_au__gte=F("depuis")), name="suivi_dates"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicateur}, {self.grappe}"


class CibleQuerySet(models.QuerySet):
    """Cibles."""

    def visibles_par(self, utilisateur: Any) -> "CibleQuerySet":
        """Celles d'une instruction, à tous ; celles d'une grappe, à qui la voit."""
        vues = Grappe.objects.visibles_par(utilisateur).order_by().values("pk")
        return self.filter(Q(grappe__isnull=True) | Q(grappe__in=vues))

    def a_la_date(self, au: date) -> "CibleQuerySet":
        """En vigueur ce jour-là."""
        return self.filter(du__lte=au).filter(Q(au__isnull=True) | Q(au__gte=au))


class Cible(models.Model):
    """Ce qu'on vise pour un indicateur, et à partir d'où l'on s'inquiète : par grappe ou par version d'instruction.

    Celle de la grappe l'emporte sur celle de son instruction. Une cible inconnue n'est pas zéro : elle n'existe pas.
    `valeur`, `seuil` : un rapport se dit de 0 à 1.
    """

    indicateur = models.ForeignKey(Indicateur, models.CASCADE, related_name="cibles")
    grappe = models.ForeignKey(Grappe, models.CASCADE, null=True, blank=True, related_name="cibles")
    instruction = models.ForeignKey(
        VersionInstruction, models.PROTECT, null=True, blank=True, related_name="cibles", verbose_name="instruction"
    )
    valeur = models.DecimalField("cible", max_digits=14, decimal_places=4, null=True, blank=True)
    seuil = models.DecimalField("seuil d'alerte", max_digits=14, decimal_places=4, null=True, blank=True)
    du = models.DateField("du")
    au = models.DateField("au", null=True, blank=True)
    source = TexteCourtField("source", max_length=160, blank=True)

    objects = CibleQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "cible"
        ordering = ["indicateur", "grappe", "-du", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(grappe__isnull=True, instruction__isnull=False)
                | Q(grappe__isnull=False, instruction__isnull=True),
                name="cible_grappe_ou_instruction",
                violation_error_message="Une cible est celle d'une grappe, ou celle d'une version d'instruction.",
            ),
            models.CheckConstraint(
                condition=Q(valeur__isnull=False) | Q(seuil__isnull=False),
                name="cible_dite",
                violation_error_message="Donnez la cible, le seuil d'alerte, ou les deux.",
            ),
            models.CheckConstraint(
                condition=Q(au__isnull=True) | Q(au__gte=F("du")),
                name="cible_dates",
                violation_error_message="La cible finit avant de commencer : corrigez l'une des deux dates.",
            ),
            models.UniqueConstraint(
                fields=["indicateur", "grappe", "du"], condition=Q(grappe__isnull=False), name="cible_grappe_unique"
            ),
            models.UniqueConstraint(
                fields=["indicateur", "instruction", "du"],
                condition=Q(grappe__isnull=True),
                name="cible_instruction_unique",
            ),
        ]

    def __str__(self) -> str:
        return f"cible de {self.indicateur}"
