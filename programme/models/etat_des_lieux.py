"""L'état des lieux du système d'information : documents, applications, équipement (ANAP 3.1).

Une ligne est dite pour un ESMS, ou une fois par le siège pour tous les ESMS de l'OG dans la grappe. Les contacts sont
ceux de la carte « à qui m'adresser » (`Interlocuteur`). Rien n'y est obligatoire : on dit ce que l'on sait.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, TypeVar

from django.db import models
from django.db.models import Exists, OuterRef, Q
from simple_history.models import HistoricalRecords

from programme.calculs.equipement import Dit, manquants, par_simultane
from programme.enums import Couverture, DomaineApplication, NatureDocument, SortApplication
from programme.models.annuaire import OrganismeGestionnaire
from programme.models.grappes import Grappe
from programme.models.parcours import Parcours
from programme.socle.champs import TexteCourtField, TexteLibreField
from programme.socle.recherche import mots_contenus
from programme.socle.texte import normaliser

UNE_CIBLE = Q(parcours__isnull=False, og__isnull=True) | Q(parcours__isnull=True, og__isnull=False)


def dites_pour(parcours: str = "pk", grappe: str = "grappe", og: str = "esms__og") -> Q:
    """Ce qui vaut pour le parcours de la requête extérieure : ses lignes, et celles de son OG dans sa grappe."""
    return Q(parcours=OuterRef(parcours)) | Q(parcours__isnull=True, grappe=OuterRef(grappe), og=OuterRef(og))


class LigneSiQuerySet(models.QuerySet):
    """Lignes de l'état des lieux."""

    def visibles_par(self, utilisateur: Any) -> "LigneSiQuerySet":
        """Celles des ESMS dont il lit la préparation, et celles de leur OG ; rien pour qui n'y est que financeur."""
        if utilisateur.perimetre.sauf("ars").est_national:
            return self
        lisibles = Parcours.objects.lisibles_par(utilisateur).order_by()
        de_l_og = lisibles.filter(grappe=OuterRef("grappe"), esms__og=OuterRef("og"))
        return self.filter(Q(parcours__in=lisibles) | Q(parcours__isnull=True) & Exists(de_l_og))

    def pour(self, parcours: Parcours) -> "LigneSiQuerySet":
        """Celles qui valent pour cet ESMS, les siennes et celles de son OG."""
        de_l_og = Q(parcours__isnull=True, grappe=parcours.grappe_id, og=parcours.esms.og_id, og__isnull=False)
        return self.filter(Q(parcours=parcours) | de_l_og)

    def pour_lecture(self) -> "LigneSiQuerySet":
        """Avec ce qu'une liste affiche."""
        return self.select_related("grappe", "og", "parcours__esms__og")

    def chercher(self, texte: str) -> "LigneSiQuerySet":
        """Lignes dont la forme de recherche contient tous les mots, accents ignorés."""
        return self.filter(mots_contenus("recherche", texte))


class LigneSi(models.Model):
    """Ce que partagent documents et applications : dites pour un ESMS, ou pour tous ceux d'un OG dans la grappe."""

    grappe = models.ForeignKey(Grappe, models.CASCADE, related_name="%(class)ss")
    og = models.ForeignKey(
        OrganismeGestionnaire, models.CASCADE, null=True, blank=True, related_name="%(class)ss", verbose_name="OG"
    )
    parcours = models.ForeignKey(Parcours, models.CASCADE, null=True, blank=True, related_name="%(class)ss")

    objects = LigneSiQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def est_commune(self) -> bool:
        """Vrai si le siège a répondu pour tous les ESMS de l'OG dans la grappe."""
        return self.parcours_id is None

    @property
    def provenance(self) -> str:
        """« tout l'OG », ou l'ESMS qui l'a dite."""
        return f"tout l'OG {self.og}" if self.est_commune else str(self.parcours)


class DocumentSi(LigneSi):
    """Un document du système d'information : lequel, où il se trouve, de quand il est. Jamais le fichier lui-même."""

    nature = models.CharField("nature", max_length=12, choices=NatureDocument.choices)
    intitule = TexteCourtField("intitulé", max_length=160, blank=True)
    lieu = TexteCourtField("où il se trouve", max_length=200)
    date = models.DateField("daté du", null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "document du SI"
        verbose_name_plural = "documents du SI"
        ordering = ["nature", "pk"]
        constraints = [models.CheckConstraint(condition=UNE_CIBLE, name="document_si_une_cible")]

    def __str__(self) -> str:
        return self.intitule or self.get_nature_display()


class Application(LigneSi):
    """Une application en service : à quoi elle sert, pour qui, et ce que l'arrivée du DUI en fait."""

    nom = TexteCourtField("nom", max_length=120)
    editeur = TexteCourtField("éditeur", max_length=120, blank=True)
    domaine = models.CharField("usage", max_length=12, choices=DomaineApplication.choices)
    sort = models.CharField("sort", max_length=12, choices=SortApplication.choices, default=SortApplication.A_DECIDER)
    interface = TexteCourtField("lien attendu avec le DUI", max_length=200, blank=True)
    pour_qui = TexteCourtField("pour qui", max_length=160, blank=True)
    recherche = models.CharField("recherche", max_length=300, editable=False, default="")

    history = HistoricalRecords(excluded_fields=["recherche"])

    class Meta:
        verbose_name = "application"
        ordering = ["nom", "pk"]
        constraints = [models.CheckConstraint(condition=UNE_CIBLE, name="application_une_cible")]
        indexes = [models.Index(fields=["grappe", "domaine"], name="application_domaine")]

    def __str__(self) -> str:
        return self.nom

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Enregistre avec la forme de recherche à jour."""
        self.recherche = normaliser(f"{self.nom} {self.editeur}")[:300]
        super().save(*args, **kwargs)

    @property
    def cle(self) -> str:
        """Deux lignes de même clé parlent du même outil : la plus proche de l'ESMS l'emporte."""
        return normaliser(self.nom)


A = TypeVar("A", bound=Application)


def retenues(applications: Iterable[A]) -> list[A]:
    """Les applications d'un ESMS : la sienne passe devant celle que l'OG dit sous le même nom."""
    lues = list(applications)
    siennes = {a.cle for a in lues if not a.est_commune}
    return [a for a in lues if not (a.est_commune and a.cle in siennes)]


class EquipementQuerySet(models.QuerySet):
    """Équipements."""

    def visibles_par(self, utilisateur: Any) -> "EquipementQuerySet":
        """Ceux des ESMS dont il lit la préparation."""
        return self.filter(parcours__in=Parcours.objects.lisibles_par(utilisateur).order_by())


class Equipement(models.Model):
    """De quoi écrire : postes, tablettes, réseau, face à ceux qui écrivent en même temps. Une ligne par ESMS."""

    parcours = models.OneToOneField(Parcours, models.CASCADE, related_name="equipement")
    postes = models.PositiveSmallIntegerField("postes où l'on peut écrire", null=True, blank=True)
    simultanes = models.PositiveSmallIntegerField("personnes qui écrivent en même temps", null=True, blank=True)
    tablettes = models.PositiveSmallIntegerField("tablettes et téléphones", null=True, blank=True)
    reseau = models.CharField("réseau", max_length=10, choices=Couverture.choices, blank=True)
    wifi = models.CharField("wifi", max_length=10, choices=Couverture.choices, blank=True)
    remarque = TexteLibreField("à savoir", max_length=300)

    objects = EquipementQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "équipement"
        constraints = [
            models.CheckConstraint(
                condition=Q(reseau__in=["", *Couverture.values]) & Q(wifi__in=["", *Couverture.values]),
                name="equipement_couvertures",
            )
        ]

    def __str__(self) -> str:
        return f"équipement, {self.parcours}"

    @property
    def dit(self) -> Dit:
        """Ses nombres, pour le calcul."""
        return Dit(self.postes, self.simultanes, self.tablettes)

    @property
    def rapport(self) -> Decimal | None:
        """Postes par utilisateur simultané."""
        return par_simultane(self.postes, self.simultanes)

    @property
    def alertes(self) -> list[str]:
        """Ce qui mérite qu'on en parle ; rien de tout cela n'empêche d'avancer."""
        rendu = []
        if manque := manquants(self.postes, self.simultanes):
            rendu.append(f"il manque {manque} poste{'s' if manque > 1 else ''} à l'heure la plus chargée")
        if self.tablettes and self.wifi in (Couverture.EN_PARTIE, Couverture.ABSENT):
            rendu.append("des tablettes, mais pas de wifi partout où l'on écrit")
        if self.reseau in (Couverture.EN_PARTIE, Couverture.ABSENT):
            rendu.append("le réseau n'atteint pas tous les lieux où l'on écrit")
        return rendu
