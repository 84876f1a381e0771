"""Les tickets tels que les dit l'outil d'assistance, et les irritants qui les rapprochent.

Ni auteur, ni texte : on compte, on date, on rapproche. Leur nombre n'est ni un mérite, ni un besoin (metier §8).
"""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import (
    Case,
    Count,
    DateField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from programme.enums import EtatOuverture
from programme.models import Editeur, Grappe, Module, Ouverture, Parcours
from programme.socle.champs import TexteCourtField
from programme.socle.recherche import mots_contenus
from programme.socle.texte import normaliser
from usages.models.communs import grappes_de_pres

SEUIL_DE_GRAPPE = 5
"""En dessous, qui ne lit pas toute la grappe ne sait pas combien d'autres ESMS ont le même irritant."""


class IrritantQuerySet(models.QuerySet):
    """Irritants."""

    def visibles_par(self, utilisateur: Any) -> "IrritantQuerySet":
        """Ceux des grappes dont il est ; pas le financeur."""
        return self.filter(grappe__in=grappes_de_pres(utilisateur))

    def chercher(self, texte: str) -> "IrritantQuerySet":
        """Ceux dont le nom porte tous les mots, accents ignorés."""
        return self.filter(mots_contenus("tri", texte))

    def avec_ampleur(self, utilisateur: Any, au: date) -> "IrritantQuerySet":
        """Ajoute `nb_esms`, `nb_tickets` et `nb_ouverts` à ce jour.

        Les tickets sont ceux qu'il lit. Les ESMS, ceux de la grappe s'ils sont assez nombreux pour n'en désigner aucun,
        sinon ceux qu'il lit.
        """
        tous = Ticket.objects.filter(irritant=OuterRef("pk")).order_by()
        lus = tous.visibles_par(utilisateur)
        esms = Count("parcours__esms", distinct=True)

        def compter(qs: Any, quoi: Any) -> Any:
            return Coalesce(
                Subquery(qs.values("irritant").annotate(n=quoi).values("n"), output_field=IntegerField()), 0
            )

        return self.annotate(
            esms_de_la_grappe=compter(tous, esms),
            nb_tickets=compter(lus, Count("pk")),
            nb_ouverts=compter(lus.ouverts(au), Count("pk")),
            nb_esms=Case(
                When(esms_de_la_grappe__gte=SEUIL_DE_GRAPPE, then=F("esms_de_la_grappe")),
                default=compter(lus, esms),
            ),
        )

    def pour_lecture(self) -> "IrritantQuerySet":
        """Avec ce que toute ligne nomme."""
        return self.select_related("grappe__region", "editeur", "module")


class Irritant(models.Model):
    """Ce qui gêne de la même façon dans plusieurs ESMS d'une grappe, avec un même éditeur."""

    nb_esms: int
    nb_tickets: int
    nb_ouverts: int
    """Posés par `avec_ampleur`."""

    grappe = models.ForeignKey(Grappe, models.CASCADE, related_name="irritants")
    editeur = models.ForeignKey(Editeur, models.PROTECT, related_name="irritants", verbose_name="éditeur")
    libelle = TexteCourtField("irritant", max_length=160)
    module = models.ForeignKey(Module, models.PROTECT, null=True, blank=True, related_name="irritants")
    tri = models.CharField("tri", max_length=160, editable=False, default="", db_index=True)

    objects = IrritantQuerySet.as_manager()

    class Meta:
        verbose_name = "irritant"
        ordering = ["grappe", "tri", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["grappe", "editeur", "tri"],
                name="irritant_unique",
                violation_error_message="Cet irritant existe déjà dans cette grappe pour cet éditeur.",
            )
        ]

    def __str__(self) -> str:
        return self.libelle

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Enregistre avec la forme de recherche et de tri à jour."""
        self.tri = normaliser(self.libelle)[:160]
        super().save(*args, **kwargs)

    @property
    def rattache_a(self) -> Grappe:
        """Ce qui dit son périmètre."""
        return self.grappe


class TicketQuerySet(models.QuerySet):
    """Tickets."""

    def visibles_par(self, utilisateur: Any) -> "TicketQuerySet":
        """Ceux des ESMS dont il lit la préparation, et ceux sans ESMS d'une grappe dont il est ; pas le financeur."""
        lisibles = Parcours.objects.lisibles_par(utilisateur).order_by().values("pk")
        sans = Q(parcours__isnull=True, grappe__in=grappes_de_pres(utilisateur))
        return self.filter(Q(parcours__in=lisibles) | sans)

    def ouverts(self, au: date) -> "TicketQuerySet":
        """Créés, et pas fermés à cette date."""
        return self.filter(cree_le__lte=au).filter(Q(ferme_le__isnull=True) | Q(ferme_le__gt=au))

    def bloquants(self) -> "TicketQuerySet":
        """Bloquants, sans contournement."""
        return self.filter(est_bloquant=True, a_contournement=False)

    def sur_un_module_ouvert(self) -> "TicketQuerySet":
        """Sur un module que leur ESMS a ouvert, ou dont on ne sait pas le module."""
        ouvertes = Ouverture.objects.filter(
            etat__in=(EtatOuverture.OUVERTE, EtatOuverture.STABILISEE),
            unite__parcours=OuterRef("parcours"),
            module=OuterRef("module"),
        )
        return self.filter(Q(module__isnull=True) | Exists(ouvertes))

    def chercher(self, texte: str) -> "TicketQuerySet":
        """Ceux dont le numéro commence ainsi."""
        return self.filter(numero__istartswith=texte.strip())

    def traites(self, au: date) -> "TicketQuerySet":
        """Traités ou fermés à cette date."""
        return self.filter(Q(traite_le__lte=au) | Q(ferme_le__lte=au))

    def avec_duree(self, au: date) -> "TicketQuerySet":
        """Ajoute `duree` : de la création au traitement, à défaut à la fermeture, ou jusqu'à ce jour."""
        fin = Coalesce("traite_le", "ferme_le", Value(au, output_field=DateField()))
        return self.annotate(duree=ExpressionWrapper(fin - F("cree_le"), output_field=DurationField()))

    def pour_lecture(self) -> "TicketQuerySet":
        """Avec ce que toute ligne nomme."""
        return self.select_related(
            "grappe", "parcours__esms__departement", "parcours__grappe", "module", "editeur", "irritant"
        )


class Ticket(models.Model):
    """Un ticket d'assistance : son numéro, ses dates, s'il bloque. `a_contournement` : on travaille quand même."""

    grappe = models.ForeignKey(Grappe, models.CASCADE, related_name="tickets")
    parcours = models.ForeignKey(
        Parcours, models.PROTECT, null=True, blank=True, related_name="tickets", verbose_name="ESMS"
    )
    source = TexteCourtField("outil d'assistance", max_length=60)
    numero = TexteCourtField("numéro", max_length=60)
    editeur = models.ForeignKey(
        Editeur, models.PROTECT, null=True, blank=True, related_name="tickets", verbose_name="éditeur"
    )
    module = models.ForeignKey(Module, models.PROTECT, null=True, blank=True, related_name="tickets")
    irritant = models.ForeignKey(Irritant, models.SET_NULL, null=True, blank=True, related_name="tickets")
    cree_le = models.DateField("créé le")
    traite_le = models.DateField("traité le", null=True, blank=True)
    ferme_le = models.DateField("fermé le", null=True, blank=True)
    est_bloquant = models.BooleanField("bloquant", default=False)
    a_contournement = models.BooleanField("contournement connu", default=False)

    objects = TicketQuerySet.as_manager()

    class Meta:
        verbose_name = "ticket"
        ordering = ["-cree_le", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["grappe", "source", "numero"], name="ticket_unique"),
            models.CheckConstraint(
                condition=(Q(traite_le__isnull=True) | Q(traite_le__gte=F("cree_le")))
                & (Q(ferme_le__isnull=True) | Q(ferme_le__gte=F("cree_le"))),
                name="ticket_dates",
            ),
        ]
        indexes = [
            models.Index(fields=["parcours", "ferme_le"], name="ticket_parcours"),
            models.Index(fields=["grappe", "cree_le"], name="ticket_grappe"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.numero}"

    @property
    def rattache_a(self) -> Parcours | Grappe:
        """Ce qui dit son périmètre."""
        return self.parcours or self.grappe

    @property
    def suite(self) -> str:
        """Où il en est : « Ouvert », « Traité », « Fermé »."""
        return suite_de(self.traite_le, self.ferme_le)

    @property
    def gravite(self) -> str:
        """S'il bloque : « Bloquant », « Bloquant, contourné », ou rien."""
        return gravite_de(self.est_bloquant, self.a_contournement)

    def delai(self, au: date) -> int:
        """Jours de sa création à son traitement, ou jusqu'à ce jour."""
        return ((self.traite_le or self.ferme_le or au) - self.cree_le).days


def suite_de(traite_le: date | None, ferme_le: date | None) -> str:
    """Où en est un ticket, d'après ses dates."""
    return "Fermé" if ferme_le else "Traité" if traite_le else "Ouvert"


def gravite_de(est_bloquant: bool, a_contournement: bool) -> str:
    """S'il bloque, et si l'on travaille quand même ; vide s'il ne bloque pas."""
    if not est_bloquant:
        return ""
    return "Bloquant, contourné" if a_contournement else "Bloquant"
