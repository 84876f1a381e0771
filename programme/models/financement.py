"""Financement d'une grappe : version d'instruction, convention, jalons, avenants."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django_fsm import GET_STATE, transition
from simple_history.models import HistoricalRecords

from programme.enums import EtatJalon, NatureAvenant
from programme.models.grappes import Grappe
from programme.models.parcours import Parcours
from programme.models.referentiel import Solution
from programme.socle.champs import TexteCourtField, TexteLibreField
from programme.socle.dates import date_courte
from programme.socle.erreurs import Refus
from programme.socle.machine import ModeleAEtats, ModeleAEtatsQuerySet, champ_etat, etats_connus
from programme.socle.models import Passage
from programme.socle.nombres import euros
from programme.socle.recherche import mots_contenus
from programme.socle.texte import en_phrase

E = EtatJalon
A_LA_MAIN = (E.A_PRODUIRE, E.PRECISION)
"""États où le jalon est entre les mains du chef de projet : il le corrige, y joint et en retire des pièces."""
_PRECEDENT = {E.TRANSMIS: E.A_PRODUIRE, E.ACCEPTE: E.TRANSMIS, E.VERSE: E.ACCEPTE}


def _lues_par(utilisateur: Any) -> Any:
    """Clés des grappes dont ce lecteur lit le financement."""
    return Grappe.objects.financement_lu_par(utilisateur).order_by().values("pk")


class VersionInstruction(models.Model):
    """Une version de l'instruction qui finance : ses tranches sont des données, jamais des constantes du produit."""

    code = models.SlugField("code", max_length=40, unique=True)
    nom = TexteCourtField("nom", max_length=120)
    publiee_le = models.DateField("publiée le", null=True, blank=True)
    source = TexteCourtField("source", max_length=200, blank=True)
    est_officielle = models.BooleanField("texte officiel", default=False)

    class Meta:
        verbose_name = "version d'instruction"
        verbose_name_plural = "versions d'instruction"
        ordering = ["-publiee_le", "nom"]

    def __str__(self) -> str:
        return self.nom


class Tranche(models.Model):
    """Une tranche d'une version d'instruction : ce qu'elle paie, ce qu'elle demande. `taux` : part de 0 à 1."""

    instruction = models.ForeignKey(VersionInstruction, models.CASCADE, related_name="tranches")
    rang = models.PositiveSmallIntegerField("rang")
    libelle = TexteCourtField("libellé", max_length=120)
    piece_attendue = TexteCourtField("pièce attendue", max_length=200, blank=True)
    taux = models.DecimalField(
        "part du montant",
        max_digits=5,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(1))],
    )
    preuve_usage = models.BooleanField("preuve d'usage demandée", default=False)

    class Meta:
        verbose_name = "tranche"
        ordering = ["instruction", "rang"]
        constraints = [
            models.UniqueConstraint(fields=["instruction", "rang"], name="tranche_rang_unique"),
            models.CheckConstraint(
                condition=Q(taux__isnull=True) | Q(taux__gte=0, taux__lte=1), name="tranche_taux_borne"
            ),
        ]

    def __str__(self) -> str:
        return self.libelle


class ConventionQuerySet(models.QuerySet):
    """Conventions."""

    def visibles_par(self, utilisateur: Any) -> "ConventionQuerySet":
        """Celles des grappes dont on lit le financement."""
        return self.filter(grappe__in=_lues_par(utilisateur))


class Convention(models.Model):
    """La convention qui finance une grappe. Montants en euros ; une somme inconnue reste vide, jamais zéro."""

    grappe = models.OneToOneField(Grappe, models.PROTECT, related_name="convention")
    instruction = models.ForeignKey(
        VersionInstruction, models.PROTECT, null=True, blank=True, verbose_name="version d'instruction"
    )
    reference = TexteCourtField("référence", max_length=120)
    financeur = TexteCourtField("financeur", max_length=120, blank=True)
    signee_le = models.DateField("signée le")
    fin = models.DateField("fin prévue", null=True, blank=True)
    montant = models.DecimalField("montant de l'aide", max_digits=12, decimal_places=2, null=True, blank=True)
    note = TexteLibreField("à savoir", max_length=500)

    objects = ConventionQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "convention de financement"
        verbose_name_plural = "conventions de financement"
        constraints = [
            models.CheckConstraint(
                condition=Q(fin__isnull=True) | Q(fin__gte=models.F("signee_le")), name="convention_dates"
            ),
            models.CheckConstraint(condition=Q(montant__isnull=True) | Q(montant__gte=0), name="convention_montant"),
        ]

    def __str__(self) -> str:
        return f"convention {self.reference}"


class JalonQuerySet(ModeleAEtatsQuerySet):
    """Jalons de financement."""

    def visibles_par(self, utilisateur: Any) -> "JalonQuerySet":
        """Ceux des grappes dont on lit le financement."""
        return self.filter(convention__grappe__in=_lues_par(utilisateur))

    def chercher(self, texte: str) -> "JalonQuerySet":
        """Jalons d'une grappe dont le nom contient tous les mots, accents ignorés."""
        return self.filter(mots_contenus("convention__grappe__tri", texte))

    def a_produire(self) -> "JalonQuerySet":
        """Ceux dont la pièce est attendue du chef de projet, précision comprise."""
        return self.filter(etat__in=A_LA_MAIN)

    def pour_lecture(self) -> "JalonQuerySet":
        """Avec la convention et la grappe, que toute ligne nomme."""
        return self.select_related("convention__grappe__region")


class Jalon(ModeleAEtats):
    """Un jalon de la convention : une pièce attendue, une échéance, un montant, un état (métier §2)."""

    convention = models.ForeignKey(Convention, models.PROTECT, related_name="jalons")
    rang = models.PositiveSmallIntegerField("rang")
    libelle = TexteCourtField("libellé", max_length=120)
    piece_attendue = TexteCourtField("pièce attendue", max_length=200, blank=True)
    echeance = models.DateField("échéance", null=True, blank=True)
    montant = models.DecimalField("montant prévu", max_digits=12, decimal_places=2, null=True, blank=True)
    preuve_usage = models.BooleanField("preuve d'usage demandée", default=False)
    etat = champ_etat(EtatJalon, E.A_PRODUIRE)
    montant_verse = models.DecimalField("montant versé", max_digits=12, decimal_places=2, null=True, blank=True)
    verse_le = models.DateField("versé le", null=True, blank=True, editable=False)

    chemin_grappe: ClassVar[str | None] = "convention__grappe_id"
    relations_lues: ClassVar[tuple[str, ...]] = ("convention__grappe",)

    objects = JalonQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        base_manager_name = "objects"
        verbose_name = "jalon"
        verbose_name_plural = "jalons"
        ordering = ["convention", "rang"]
        constraints = [
            etats_connus(EtatJalon, "jalon_etat_connu"),
            models.UniqueConstraint(fields=["convention", "rang"], name="jalon_rang_unique"),
            models.CheckConstraint(
                condition=(Q(montant__isnull=True) | Q(montant__gte=0))
                & (Q(montant_verse__isnull=True) | Q(montant_verse__gte=0)),
                name="jalon_montants",
            ),
        ]

    def __str__(self) -> str:
        return self.libelle

    @property
    def est_a_la_main(self) -> bool:
        """Vrai tant que le chef de projet peut le corriger : rien n'est parti, ou une précision est demandée."""
        return self.etat in A_LA_MAIN

    def transmis_depuis(self) -> datetime | None:
        """Instant de la dernière transmission qui tient encore ; None si rien n'est parti ou si l'on y est revenu."""
        instant = None
        for passage in Passage.objects.de(self):
            if passage.vers == E.A_PRODUIRE:
                instant = None
            elif passage.transition == "transmettre":
                instant = passage.enregistre_le
        return instant

    def motif_propre(self, transition: str, effet: date, details: dict[str, Any]) -> str:
        """Une avance, ou plus que prévu : ce n'est pas impossible, cela s'explique en une ligne."""
        if transition != "verser":
            return ""
        if self.echeance and effet < self.echeance:
            return (
                f"Ce versement est daté d'avant l'échéance du jalon ({date_courte(self.echeance)}) : "
                "dites pourquoi en une ligne, une avance par exemple."
            )
        montant = self._montant_verse(details.get("montant"))
        if self.montant is not None and montant > self.montant:
            return f"{euros(montant)} dépassent les {euros(self.montant)} prévus : dites pourquoi en une ligne."
        return ""

    def consequence(self, transition: str) -> str:
        """Ce que la transmission ouvre au financeur, ce que l'abandon retire."""
        if transition == "transmettre":
            return "Le financeur lira ce jalon et ses pièces."
        if transition == "abandonner" and self.montant:
            return f"Les {euros(self.montant)} prévus ne seront pas demandés."
        return ""

    def _montant_verse(self, saisi: Any) -> Decimal:
        """La somme, en euros ; celle du jalon si l'on n'en dit pas d'autre. Lève `Refus` au champ."""
        phrase = "Donnez la somme reçue, en euros : un nombre plus grand que zéro, deux décimales au plus."
        try:
            champ: Any = self._meta.get_field("montant_verse")
            montant = champ.clean(self.montant if saisi is None else saisi, self)
        except ValidationError:
            montant = None
        if montant is None or montant <= 0:
            raise Refus("champ", "montant", champs={"montant": [phrase]})
        return montant

    @transition(
        "etat",
        [E.A_PRODUIRE, E.PRECISION],
        E.TRANSMIS,
        custom={"verbe": "Transmettre au financeur", "motif_requis_depuis": (E.PRECISION,)},
    )
    def transmettre(self) -> None:
        """La pièce part au financeur ; après une demande de précision, le motif porte la réponse."""

    @transition(
        "etat",
        E.TRANSMIS,
        E.PRECISION,
        custom={"verbe": "Demander une précision", "motif_requis": True, "de_cote": True},
    )
    def demander_precision(self) -> None:
        """La seule écriture du financeur : il demande, il ne change rien."""

    @transition("etat", E.TRANSMIS, E.ACCEPTE, custom={"verbe": "Consigner l'accord"})
    def accepter(self) -> None:
        """Le financeur a dit oui, par courrier ou en comité."""

    @transition("etat", E.ACCEPTE, E.VERSE, custom={"verbe": "Consigner le versement"})
    def verser(self, montant: Any = None, **_: Any) -> None:
        """La somme est arrivée ; `montant` en euros, celui du jalon à défaut."""
        self.montant_verse = self._montant_verse(montant)

    @transition(
        "etat",
        [E.A_PRODUIRE, E.TRANSMIS, E.PRECISION, E.ACCEPTE],
        E.ABANDONNE,
        custom={"verbe": "Abandonner ce jalon", "motif_requis": True, "de_cote": True},
    )
    def abandonner(self) -> None:
        """La tranche ne sera pas demandée."""

    @transition(
        "etat",
        [*_PRECEDENT, E.ABANDONNE],
        GET_STATE(lambda self, **_: _PRECEDENT.get(E(self.etat), E.A_PRODUIRE), states=[*_PRECEDENT.values()]),
        custom={"verbe": "Revenir en arrière", "motif_requis": True, "de_cote": True},
    )
    def revenir(self) -> None:
        """Correction d'un geste de trop."""

    def apres_passage(self, passage: Any) -> None:
        """Tient la date de versement ; un retour l'efface, et le montant avec elle."""
        self.verse_le = passage.date_effet if passage.vers == E.VERSE else None
        if self.verse_le is None:
            self.montant_verse = None
        self.save(update_fields=["verse_le", "montant_verse"])


class AvenantQuerySet(models.QuerySet):
    """Avenants."""

    def visibles_par(self, utilisateur: Any) -> "AvenantQuerySet":
        """Ceux des grappes dont on lit le financement."""
        return self.filter(convention__grappe__in=_lues_par(utilisateur))


class Avenant(models.Model):
    """Un avenant à la convention : un événement daté. Ce qu'il change se fait ensuite, guidé, jamais d'office."""

    convention = models.ForeignKey(Convention, models.PROTECT, related_name="avenants")
    numero = models.PositiveSmallIntegerField("numéro")
    nature = models.CharField("nature", max_length=12, choices=NatureAvenant.choices)
    signe_le = models.DateField("signé le")
    reference = TexteCourtField("référence", max_length=120, blank=True)
    objet = TexteLibreField("objet", max_length=500)
    parcours = models.ManyToManyField(Parcours, blank=True, related_name="avenants", verbose_name="ESMS concernés")
    nouvelle_fin = models.DateField("nouvelle fin", null=True, blank=True)
    solution = models.ForeignKey(
        Solution, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="nouvelle solution"
    )
    saisi_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="avenants_saisis")
    saisi_le = models.DateTimeField("saisi le", auto_now_add=True)

    objects = AvenantQuerySet.as_manager()

    class Meta:
        verbose_name = "avenant"
        ordering = ["convention", "numero"]
        constraints = [
            models.UniqueConstraint(fields=["convention", "numero"], name="avenant_numero_unique"),
            models.CheckConstraint(condition=Q(nature__in=NatureAvenant.values), name="avenant_nature_connue"),
        ]

    def __str__(self) -> str:
        return f"avenant {self.numero} : {en_phrase(self.get_nature_display())}"
